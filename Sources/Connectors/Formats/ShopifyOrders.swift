package import EventModel
import EventStore

/// The orders export of Shopify: one row per line item, the order's own cells on its first row only.
///
/// `Paid`, `partially paid`, `authorized` and (partially) `refunded` orders are completed; `pending`, `voided` and
/// `expired` ones are not.
package struct ShopifyOrders: Format {
    package static let kind = ImportKind.orders
    package static let title = "Shopify orders"
    package static let namespace: Text = "shopify"
    package static let signature = ["Name"]
    package static let requirements: [[Field]] = [[.orderNumber], [.time]]
    package static let keepsOtherColumns = false
    package static let rules: [FieldRule] = [
        FieldRule(.orderNumber, "Name"), FieldRule(.order, "Id"), FieldRule(.email, "Email"),
        FieldRule(.phone, "Phone", "Billing Phone", "Shipping Phone"), FieldRule(.status, "Financial Status"),
        FieldRule(.time, "Created at", "Paid at"), FieldRule(.paid, "Paid at"),
        FieldRule(.cancelled, "Cancelled at", "Canceled at"),
        FieldRule(.fulfillment, "Fulfillment Status"), FieldRule(.emailConsent, "Accepts Marketing"),
        FieldRule(.currency, "Currency"), FieldRule(.subtotal, "Subtotal"), FieldRule(.shipping, "Shipping"),
        FieldRule(.tax, "Taxes"), FieldRule(.total, "Total"), FieldRule(.coupon, "Discount Code"),
        FieldRule(.discount, "Discount Amount"), FieldRule(.refunded, "Refunded Amount"),
        FieldRule(.shippingMethod, "Shipping Method"), FieldRule(.paymentMethod, "Payment Method"),
        FieldRule(.affiliation, "Source"), FieldRule(.tags, "Tags"),
        FieldRule(.quantity, "Lineitem quantity"), FieldRule(.productName, "Lineitem name"),
        FieldRule(.price, "Lineitem price"), FieldRule(.sku, "Lineitem sku"),
        FieldRule(.itemDiscount, "Lineitem discount"),
        FieldRule(.brand, "Vendor"), FieldRule(.name, "Billing Name", "Shipping Name"),
        FieldRule(.company, "Billing Company", "Shipping Company"),
        FieldRule(.street, "Billing Address1", "Billing Street", "Shipping Address1", "Shipping Street"),
        FieldRule(.street2, "Billing Address2", "Shipping Address2"), FieldRule(.city, "Billing City", "Shipping City"),
        FieldRule(.postalCode, "Billing Zip", "Shipping Zip"),
        FieldRule(.state, "Billing Province", "Shipping Province"),
        FieldRule(.country, "Billing Country", "Shipping Country"),
    ]

    /// An export may leave out any column; two that no other program has are enough.
    package static func fits(_ columns: ColumnMap) -> Bool {
        distinctive.filter { columns.header.column($0) != nil }.count >= 2
    }

    private static let distinctive = [
        "Lineitem name", "Lineitem quantity", "Lineitem price", "Lineitem sku", "Financial Status",
        "Fulfillment Status",
        "Paid at", "Accepts Marketing", "Risk Level", "Refunded Amount", "Outstanding Balance",
    ].map(Header.key)

    private static let notCompleted: Set<String> = ["pending", "voided", "expired"]

    private let context: FormatContext

    package init(context: FormatContext) {
        self.context = context
    }

    package func appendGroupKey(of row: CSVRow, to key: inout [UInt8]) throws(RowProblem) -> Bool {
        RowDigest.append(try context.cells(of: row).required(.orderNumber).utf8, to: &key)
        return true
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        decodeOrder(rows, into: &decoded) { rows throws(RowProblem) in
            let cells = OrderCells(rows, context)
            var order = PlatformOrder(
                namespace: Self.namespace, number: cells.text(.orderNumber) ?? "", time: try cells.requiredTime(.time))
            order.id = cells.text(.order).map(withoutApostrophe)
            order.contact = Contact(cells.text)
            order.status = cells.text(.status)
            order.isCompleted = !Self.notCompleted.contains(Header.key(order.status?.string ?? ""))
            order.cancelledAt = try cells.time(.cancelled)
            order.refunded = try cells.number(.refunded)
            order.acceptsEmail = yesOrNo(cells.text(.emailConsent)) == true
            try readMoney(cells, into: &order)
            order.coupon = cells.text(.coupon)
            order.currency = cells.text(.currency) ?? context.currency
            order.extras = extras(cells)
            for row in cells.rows {
                if let item = try item(row) { order.items.append(item) }
            }
            return order
        }
    }

    /// Prices may hold their tax or not, as the shop has set it; then `Total` is less than its parts. Taking the
    /// smaller of `Subtotal` and `Total` less shipping and taxes leaves the items without tax in either case.
    private func readMoney(_ cells: OrderCells, into order: inout PlatformOrder) throws(RowProblem) {
        order.total = try cells.number(.total)
        order.tax = try cells.number(.tax)
        order.shipping = try cells.number(.shipping)
        order.discount = try cells.number(.discount)
        let subtotal = try cells.number(.subtotal)
        let rest = order.total?.subtracting(order.shipping ?? 0)?.subtracting(order.tax ?? 0)
        order.revenue = [subtotal, rest].compactMap { $0 }.min()
        order.subtotal = order.revenue
    }

    private func extras(_ cells: OrderCells) -> [JSONObject.Member] {
        let fields: [(Text, Field)] = [
            ("payment_method", .paymentMethod), ("shipping_method", .shippingMethod), ("affiliation", .affiliation),
            ("tags", .tags),
        ]
        return fields.compactMap { key, field in cells.text(field).map { (key: key, value: .string($0)) } }
    }

    private func item(_ cells: Cells) throws(RowProblem) -> Item? {
        guard let name = cells.text(.productName) else { return nil }
        var item = Item()
        item.name = name
        item.sku = cells.text(.sku).map(withoutApostrophe)
        item.brand = cells.text(.brand)
        item.price = try cells.number(.price)
        item.quantity = try cells.number(.quantity)
        let discount = try cells.number(.itemDiscount)
        item.discount = discount.flatMap { $0.isZero ? nil : $0 }
        item.amount = item.price?.multiplied(by: item.quantity ?? 1)?.subtracting(discount ?? 0)
        return item
    }
}

extension Format {
    /// Makes the facts of one order, or rejects all of its rows: half an order would be a wrong one.
    func decodeOrder(
        _ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows,
        _ read: (ArraySlice<CSVRow>) throws(RowProblem) -> PlatformOrder
    ) {
        do throws(RowProblem) {
            try read(rows).add(to: &decoded, from: rows)
        } catch {
            for row in rows { decoded.reject(row, error) }
        }
    }
}
