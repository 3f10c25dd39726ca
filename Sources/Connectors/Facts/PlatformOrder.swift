package import EventModel

/// An order of a shop platform's export: everything that becomes facts, the same way for all platforms.
package struct PlatformOrder: Sendable {
    /// The format's name space.
    package var namespace: Text
    /// What names the order in every export of the shop: its number. Message ids come from it.
    package var number: Text
    /// The id other systems know it by, if the export has one.
    package var id: Text?
    package var contact = Contact()
    package var customerID: Text?
    package var time: Timestamp
    /// Whether the customer bought: paid for, or at least promised to.
    package var isCompleted = true
    /// Why it is not completed, in the platform's word.
    package var status: Text?
    package var cancelledAt: Timestamp?
    package var refunded: Decimal128?
    package var refundedAt: Timestamp?
    package var acceptsEmail = false
    package var items: [Item] = []
    package var revenue: Decimal128?
    package var subtotal: Decimal128?
    package var total: Decimal128?
    package var tax: Decimal128?
    package var shipping: Decimal128?
    package var discount: Decimal128?
    package var coupon: Text?
    package var currency: Text?
    package var extras: [JSONObject.Member] = []

    package init(namespace: Text, number: Text, time: Timestamp) {
        self.namespace = namespace
        self.number = number
        self.time = time
    }

    /// By e-mail address, else by the platform's customer id, else by telephone; an order that names nobody has a
    /// profile of its own.
    package var person: Person {
        if let email = contact.email { return Person(userID: Person.id(email: email)) }
        if let customerID, !Identifiers.isPlaceholder(customerID) { return Person(userID: customerID) }
        if let phone = contact.phone { return Person(userID: phone) }
        return Person(anonymousID: Text("\(namespace)-order-\(number)"))
    }

    // MARK: - Facts

    /// Adds all facts of the order.
    package func add(to decoded: inout DecodedRows, from rows: ArraySlice<CSVRow>) {
        guard isCompleted || cancelledAt != nil else {
            let status = self.status.map { " (\($0))" } ?? ""
            decoded.passedOver[Text("order not paid\(status)"), default: 0] += rows.count
            return
        }
        let traits = contact.traits
        if !traits.isEmpty {
            decoded.add(draft("contact", at: time, .identify(traits: traits)), from: rows)
        }
        if acceptsEmail {
            let consent: JSONObject = JSONObject([("purpose", "email"), ("state", "granted")])
            decoded.add(draft("consent", at: time, .track(event: "Consent Updated", properties: consent)), from: rows)
        }
        if isCompleted {
            decoded.add(
                draft("completed", at: time, .track(event: "Order Completed", properties: completedProperties)),
                from: rows)
        }
        if let refund { decoded.add(refund, from: rows) }
        if let cancelledAt {
            decoded.add(
                draft("cancelled", at: cancelledAt, .track(event: "Order Cancelled", properties: cancelledProperties)),
                from: rows)
        }
    }

    /// What was refunded since the last import, at the time the export tells, else at the order's.
    private var refund: MessageDraft? {
        guard isCompleted, let refunded, !refunded.isZero, !refunded.isNegative else { return nil }
        var properties = JSONObject([("order_id", .string(orderID)), ("total", .number(refunded))])
        if let currency { properties.append("currency", .string(currency)) }
        var draft = draft(
            "refunded", at: refundedAt ?? cancelledAt ?? time,
            .track(event: "Order Refunded", properties: properties))
        draft.rule = .remainder(of: refunded, key: Text("refunded/\(namespace)/\(number)"))
        return draft
    }

    private func draft(_ fact: Text, at time: Timestamp, _ body: MessageDraft.Body) -> MessageDraft {
        let person = self.person
        return MessageDraft(
            identity: .parts([namespace, fact, number]), userID: person.userID, anonymousID: person.anonymousID,
            time: time, body: body)
    }

    private var orderID: Text { id ?? number }

    private var completedProperties: JSONObject {
        var members: [JSONObject.Member] = [("order_id", .string(orderID))]
        if orderID != number { members.append(("order_number", .string(number))) }
        members += money
        if let coupon { members.append(("coupon", .string(coupon))) }
        if let currency { members.append(("currency", .string(currency))) }
        members += extras
        if !items.isEmpty { members.append(("products", .array(items.map { .object($0.object) }))) }
        return JSONObject(members)
    }

    private var cancelledProperties: JSONObject {
        var members: [JSONObject.Member] = [("order_id", .string(orderID))]
        members += money
        if let currency { members.append(("currency", .string(currency))) }
        return JSONObject(members)
    }

    private var money: [JSONObject.Member] {
        let amounts: [(Text, Decimal128?)] = [
            ("revenue", revenue), ("subtotal", subtotal), ("total", total), ("tax", tax), ("shipping", shipping),
            ("discount", discount),
        ]
        return amounts.compactMap { key, amount in amount.map { (key: key, value: .number($0)) } }
    }
}

/// The rows of one order, by fields: the first row that has something to say wins, for platforms leave the cells of
/// the whole order blank on all rows but one, or repeat them.
struct OrderCells {
    let rows: [Cells]

    init(_ rows: ArraySlice<CSVRow>, _ context: FormatContext) {
        self.rows = rows.map(context.cells(of:))
    }

    func text(_ field: Field) -> Text? {
        for row in rows {
            if let text = row.text(field) { return text }
        }
        return nil
    }

    func number(_ field: Field) throws(RowProblem) -> Decimal128? {
        for row in rows {
            if let number = try row.number(field) { return number }
        }
        return nil
    }

    func time(_ field: Field, clock: Field? = nil) throws(RowProblem) -> Timestamp? {
        for row in rows {
            if let time = try row.time(field, clock: clock) { return time }
        }
        return nil
    }

    func requiredTime(_ field: Field, clock: Field? = nil) throws(RowProblem) -> Timestamp {
        if let time = try time(field, clock: clock) { return time }
        throw RowProblem("missing-value", "\(rows.first?.name(of: field) ?? field.word) is empty")
    }
}

/// The sum of amounts, nil when there are none or one is missing.
func exactSum(_ amounts: [Decimal128?]) -> Decimal128? {
    guard !amounts.isEmpty else { return nil }
    var sum = ExactSum()
    for amount in amounts {
        guard let amount else { return nil }
        sum.add(amount)
    }
    return sum.value()
}
