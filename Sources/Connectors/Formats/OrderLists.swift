package import EventModel
import EventStore

/// One row per order: who, when, how much.
///
/// Each row becomes one `Order Completed`; an amount below nothing an `Order Refunded`. Where rows have an order id,
/// a later row of the same order and customer is the same fact; without one, two equal rows are two orders. An e-mail
/// address becomes a trait.
package struct OrderLists: Format {
    package static let kind = ImportKind.orders
    package static let title = "order list (one row per order)"
    package static let namespace: Text = "orders"
    package static let requirements: [[Field]] = [
        [.customer, .email, .anonymous], [.time], [.amount, .revenue, .total, .subtotal],
    ]
    package static let rules: [FieldRule] = [
        FieldRule(.customer, Synonyms.customer), FieldRule(.anonymous, Synonyms.anonymous),
        FieldRule(.email, Synonyms.email), FieldRule(.order, Synonyms.order), FieldRule(.time, Synonyms.time),
        FieldRule(.clock, Synonyms.clock), FieldRule(.amount, Synonyms.amount), FieldRule(.total, Synonyms.total),
        FieldRule(.subtotal, Synonyms.subtotal), FieldRule(.quantity, Synonyms.quantity),
        FieldRule(.discount, Synonyms.discount), FieldRule(.tax, Synonyms.tax), FieldRule(.shipping, Synonyms.shipping),
        FieldRule(.coupon, Synonyms.coupon), FieldRule(.currency, Synonyms.currency),
        FieldRule(.paymentMethod, "payment_method", "payment_type"),
    ]

    private let context: FormatContext
    private let digester: RowDigester

    package init(context: FormatContext) {
        self.context = context
        digester = RowDigester(namespace: Self.namespace, header: context.columns.header)
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                let cells = context.cells(of: row)
                let person = try cells.person()
                let order = try order(cells, row, of: person)
                if let contact = cells.contact(of: person, at: order.time, besides: order.identity) {
                    decoded.add(contact, from: [row])
                }
                decoded.add(order, from: [row])
            } catch {
                decoded.reject(row, error)
            }
        }
    }

    private func order(_ cells: Cells, _ row: CSVRow, of person: Person) throws(RowProblem) -> MessageDraft {
        let time = try cells.requiredTime(.time, clock: .clock)
        let order = cells.text(.order)
        let revenue = try revenue(of: cells)
        let isRefund = revenue.isNegative
        var members: [JSONObject.Member] = []
        if let order { members.append(("order_id", .string(order))) }
        members.append(isRefund ? ("total", .number(revenue.negated)) : ("revenue", .number(revenue)))
        for (key, field) in [
            ("subtotal", .subtotal), ("total", .total), ("tax", .tax), ("shipping", .shipping),
            ("discount", .discount), ("quantity", .quantity),
        ] as [(Text, Field)] where !(isRefund && field == .total) {
            if let number = try cells.number(field) { members.append((key, .number(number))) }
        }
        if let coupon = cells.text(.coupon) { members.append(("coupon", .string(coupon))) }
        if let currency = cells.text(.currency) ?? context.currency { members.append(("currency", .string(currency))) }
        if let method = cells.text(.paymentMethod) { members.append(("payment_method", .string(method))) }
        members += cells.extras()
        return MessageDraft(
            identity: order.map { .parts([Self.namespace, $0, person.userID ?? "", person.anonymousID ?? ""]) }
                ?? .row(digester.digest(of: row)),
            userID: person.userID, anonymousID: person.anonymousID, time: time,
            body: .track(event: isRefund ? "Order Refunded" : "Order Completed", properties: JSONObject(members)))
    }

    /// The amount; else the subtotal; else the total without shipping and tax.
    private func revenue(of cells: Cells) throws(RowProblem) -> Decimal128 {
        if let amount = try cells.number(.revenue) { return amount }
        if let amount = try cells.number(.amount) { return amount }
        if let subtotal = try cells.number(.subtotal) { return subtotal }
        guard let total = try cells.number(.total) else {
            throw RowProblem("missing-value", "the row has no amount")
        }
        let shipping = try cells.number(.shipping) ?? 0
        let tax = try cells.number(.tax) ?? 0
        return total.subtracting(shipping)?.subtracting(tax) ?? total
    }
}
