package import EventModel
import EventStore

/// One row per purchased item; the rows of an order share its id, wherever in the file they stand.
///
/// Each order becomes one `Order Completed` with its lines in `products`. Its `revenue` is the exact sum of its lines'
/// amounts; an order that comes to less than nothing is an `Order Refunded`. An e-mail address becomes a trait.
package struct ItemLines: Format {
    package static let kind = ImportKind.items
    package static let title = "item lines (one row per purchased item)"
    package static let namespace: Text = "items"
    package static let requirements: [[Field]] = [
        [.customer, .email, .anonymous], [.order], [.time], [.product, .sku, .productName], [.amount, .price],
    ]
    package static let rules: [FieldRule] = [
        FieldRule(.customer, Synonyms.customer), FieldRule(.anonymous, Synonyms.anonymous),
        FieldRule(.email, Synonyms.email), FieldRule(.order, Synonyms.order), FieldRule(.time, Synonyms.time),
        FieldRule(.clock, Synonyms.clock), FieldRule(.product, Synonyms.product), FieldRule(.sku, Synonyms.sku),
        FieldRule(.productName, Synonyms.productName), FieldRule(.category, Synonyms.category),
        FieldRule(.brand, Synonyms.brand), FieldRule(.variant, "variant", "variant_title", "size"),
        FieldRule(.quantity, Synonyms.quantity), FieldRule(.amount, Synonyms.amount + Synonyms.total),
        FieldRule(.price, Synonyms.price),
        FieldRule(.itemDiscount, Synonyms.discount + ["item_discount", "line_discount"]),
        FieldRule(.coupon, Synonyms.coupon), FieldRule(.currency, Synonyms.currency),
        FieldRule(.tax, Synonyms.tax), FieldRule(.shipping, Synonyms.shipping),
    ]

    private let context: FormatContext
    /// Columns that say something of the whole order, and those that speak of one line.
    private let orderExtras: [ColumnMap.Extra]
    private let lineExtras: [ColumnMap.Extra]
    /// Columns of discounts beside the line's discount; each is summed for the order.
    private let discounts: [(column: Int, name: Text)]

    package init(context: FormatContext) {
        self.context = context
        let extras = context.columns.extras
        discounts = extras.filter { Self.isDiscount($0.name) }.map { ($0.column, $0.name) }
        let others = extras.filter { !Self.isDiscount($0.name) }
        orderExtras = others.filter { Self.orderColumns.contains(Header.key($0.name.string)) }
        lineExtras = others.filter { !Self.orderColumns.contains(Header.key($0.name.string)) }
    }

    private static func isDiscount(_ name: Text) -> Bool {
        name.string.hasSuffix("_disc") || name.string.hasSuffix("_discount")
    }

    private static let orderColumns = Set(
        [
            "store_id", "store", "shop", "shop_id", "channel", "country", "region", "city", "state", "payment_method",
            "payment_type", "shipping_method", "status", "order_status", "source", "platform", "affiliation",
            "campaign",
            "device", "week", "employee", "sales_channel", "till", "terminal",
        ].map(Header.key))

    // MARK: - Rows of one order

    package func appendGroupKey(of row: CSVRow, to key: inout [UInt8]) throws(RowProblem) -> Bool {
        let cells = context.cells(of: row)
        let order = try cells.required(.order)
        let person = try cells.person()
        RowDigest.append(order.utf8, to: &key)
        RowDigest.append((person.userID ?? "").utf8, to: &key)
        RowDigest.append((person.anonymousID ?? "").utf8, to: &key)
        return true
    }

    /// A line that was read.
    private struct Line {
        var item: Item
        var amount: Decimal128
        var time: Timestamp
        var discounts: [Decimal128]
        var tax: Decimal128?
        var shipping: Decimal128?
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        var lines: [Line] = []
        lines.reserveCapacity(rows.count)
        var good: [CSVRow] = []
        good.reserveCapacity(rows.count)
        for row in rows {
            do throws(RowProblem) {
                lines.append(try line(of: context.cells(of: row)))
                good.append(row)
            } catch {
                decoded.reject(row, error)
            }
        }
        guard let first = good.first, let time = lines.map(\.time).min() else { return }
        do throws(RowProblem) {
            let cells = context.cells(of: first)
            let person = try cells.person()
            let order = try order(lines, time: time, cells, of: person)
            let addressed = good.lazy.map(context.cells(of:)).first { $0.text(.email) != nil }
            if let contact = addressed?.contact(of: person, at: time, besides: order.identity) {
                decoded.add(contact, from: good[...])
            }
            decoded.add(order, from: good[...])
        } catch {
            for row in good { decoded.reject(row, error) }
        }
    }

    private func line(of cells: Cells) throws(RowProblem) -> Line {
        var item = Item()
        item.product = cells.text(.product)
        item.sku = cells.text(.sku)
        item.name = cells.text(.productName)
        guard item.product != nil || item.sku != nil || item.name != nil else {
            throw RowProblem("missing-value", "the row names no product")
        }
        item.category = cells.text(.category)
        item.brand = cells.text(.brand)
        item.variant = cells.text(.variant)
        item.quantity = try cells.number(.quantity)
        item.price = try cells.number(.price)
        item.discount = try cells.number(.itemDiscount)
        item.amount = try cells.number(.amount)
        if let amount = item.amount {
            item.price = item.price ?? Item.exactPrice(amount: amount, quantity: item.quantity)
        } else if let price = item.price {
            item.amount = price.multiplied(by: item.quantity ?? 1)
        }
        guard let amount = item.amount else {
            throw RowProblem("missing-value", "the row has neither an amount nor a price")
        }
        var lineDiscounts: [Decimal128] = []
        for (column, name) in discounts {
            let value = context.numbers.number(cells.row[column])
            if value == nil, cells.text(at: column) != nil {
                throw RowProblem("bad-number", "\(name) is no number: \(excerpt(cells.row[column]))")
            }
            lineDiscounts.append(value ?? 0)
            if let value, !value.isZero { item.extras.append((name, .number(value))) }
        }
        cells.append(lineExtras, to: &item.extras)
        return Line(
            item: item, amount: amount, time: try cells.requiredTime(.time, clock: .clock), discounts: lineDiscounts,
            tax: try cells.number(.tax), shipping: try cells.number(.shipping))
    }

    private func order(
        _ lines: [Line], time: Timestamp, _ cells: Cells, of person: Person
    ) throws(RowProblem) -> MessageDraft {
        let order = try cells.required(.order)
        let revenue = try sum(lines.map(\.amount), "amounts")
        let isRefund = revenue.isNegative
        var members: [JSONObject.Member] = [("order_id", .string(order))]
        if isRefund {
            members.append(("total", .number(revenue.negated)))
        } else {
            members.append(("revenue", .number(revenue)))
        }
        if !isRefund { members += try amounts(of: lines) }
        if let coupon = cells.text(.coupon) { members.append(("coupon", .string(coupon))) }
        if let currency = cells.text(.currency) ?? context.currency { members.append(("currency", .string(currency))) }
        cells.append(orderExtras, to: &members)
        members.append(("products", .array(lines.map { .object($0.item.object) })))
        return MessageDraft(
            identity: .parts([Self.namespace, order, person.userID ?? "", person.anonymousID ?? ""]),
            userID: person.userID, anonymousID: person.anonymousID, time: time,
            body: .track(event: isRefund ? "Order Refunded" : "Order Completed", properties: JSONObject(members)))
    }

    /// Discounts, tax and shipping of the order, where the file has columns for them.
    private func amounts(of lines: [Line]) throws(RowProblem) -> [JSONObject.Member] {
        var members: [JSONObject.Member] = []
        if !discounts.isEmpty || context.columns.has(.itemDiscount) {
            var all: [Decimal128] = lines.compactMap(\.item.discount)
            for line in lines { all += line.discounts }
            members.append(("discount", .number(try sum(all.map(\.magnitude), "discounts"))))
        }
        for (index, discount) in discounts.enumerated() {
            members.append((discount.name, .number(try sum(lines.map { $0.discounts[index] }, discount.name.string))))
        }
        let taxes = lines.compactMap(\.tax)
        if !taxes.isEmpty { members.append(("tax", .number(try sum(taxes, "taxes")))) }
        let shipping = lines.compactMap(\.shipping)
        if !shipping.isEmpty { members.append(("shipping", .number(try sum(shipping, "shipping")))) }
        return members
    }

    private func sum(_ numbers: [Decimal128], _ what: String) throws(RowProblem) -> Decimal128 {
        var sum = ExactSum()
        for number in numbers { sum.add(number) }
        guard let value = sum.value() else { throw RowProblem("bad-number", "the \(what) are beyond all numbers") }
        return value
    }
}
