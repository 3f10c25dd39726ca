package import EventModel
import EventStore

/// The order exports of WooCommerce's suites: one row per order with its lines in `line_item_1` … or `line_items`, or
/// one row per line item with `item_name` and its like.
///
/// `processing`, `completed`, `refunded` and a shop's own states are completed orders; `pending`, `on-hold`, `failed`
/// and drafts are not, and `cancelled` ones are if they were paid.
package struct WooCommerceOrders: Format {
    package static let kind = ImportKind.orders
    package static let title = "WooCommerce orders"
    package static let namespace: Text = "woocommerce"
    package static let signature = ["order_date"]
    package static let requirements: [[Field]] = [[.orderNumber, .order], [.time], [.status], [.total]]
    package static let keepsOtherColumns = false
    /// As the suites document it.
    package static let usualDayOrder: DayOrder? = .monthDayYear
    package static let rules: [FieldRule] = [
        FieldRule(.order, "order_id"), FieldRule(.orderNumber, "order_number", "order_number_formatted"),
        FieldRule(.time, "order_date"), FieldRule(.paid, "paid_date", "date_paid"),
        FieldRule(.status, "status", "order_status"), FieldRule(.shipping, "shipping_total", "Order Shipping Amount"),
        FieldRule(.tax, "tax_total", "Order Total Tax Amount"),
        FieldRule(.discount, "discount_total", "Cart Discount Amount"),
        FieldRule(.total, "order_total", "Order Total Amount"),
        FieldRule(.subtotal, "order_subtotal", "Order Subtotal Amount"),
        FieldRule(.currency, "order_currency", "currency"),
        FieldRule(.paymentMethod, "payment_method_title", "payment_method"),
        FieldRule(.shippingMethod, "shipping_method", "Shipping Method Title"),
        FieldRule(.customer, "customer_id", "customer_user"),
        FieldRule(.email, "customer_email", "billing_email", "Email (Billing)"),
        FieldRule(.firstName, "billing_first_name", "First Name (Billing)"),
        FieldRule(.lastName, "billing_last_name", "Last Name (Billing)"),
        FieldRule(.company, "billing_company", "Company (Billing)"),
        FieldRule(.phone, "billing_phone", "Phone (Billing)"),
        FieldRule(.street, "billing_address_1", "Address 1&2 (Billing)"), FieldRule(.street2, "billing_address_2"),
        FieldRule(.postalCode, "billing_postcode", "Postcode (Billing)"),
        FieldRule(.city, "billing_city", "City (Billing)"), FieldRule(.state, "billing_state", "State Code (Billing)"),
        FieldRule(.country, "billing_country", "Country Code (Billing)"),
        FieldRule(.coupon, "coupon_items", "coupons", "Coupon Code"),
        FieldRule(.refunded, "refunded_total", "total_refunded", "refund_total", "Order Refund Amount"),
        FieldRule(.lineItems, "line_items"), FieldRule(.product, "item_product_id", "Product Id"),
        FieldRule(.sku, "item_sku", "sku"), FieldRule(.productName, "item_name"),
        FieldRule(.quantity, "item_quantity", "Quantity (- Refund)", "quantity"),
        FieldRule(.price, "item_price", "Item Cost"), FieldRule(.amount, "item_total", "Order Line Total"),
    ]

    private static let notCompleted: Set<String> = [
        "pending", "pendingpayment", "onhold", "failed", "checkoutdraft", "draft", "autodraft", "trash",
    ]

    private let context: FormatContext
    /// `line_item_1`, `line_item_2`, …
    private let lineColumns: [Int]
    /// `refund_items`: what was refunded, one by one.
    private let refundColumn: Int?

    package init(context: FormatContext) {
        self.context = context
        let header = context.columns.header
        lineColumns = header.keys.indices.filter { index in
            header.keys[index].hasPrefix("lineitem") && Int(header.keys[index].dropFirst(8)) != nil
        }
        refundColumn = header.column("refunditems") ?? header.column("refunds")
    }

    package func appendGroupKey(of row: CSVRow, to key: inout [UInt8]) throws(RowProblem) -> Bool {
        let cells = context.cells(of: row)
        guard let number = cells.text(.orderNumber) ?? cells.text(.order) else {
            throw RowProblem("missing-value", "the row has no order number")
        }
        RowDigest.append(number.utf8, to: &key)
        return true
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        decodeOrder(rows, into: &decoded) { rows throws(RowProblem) in
            let cells = OrderCells(rows, context)
            var order = PlatformOrder(
                namespace: Self.namespace, number: cells.text(.orderNumber) ?? cells.text(.order) ?? "",
                time: try cells.requiredTime(.time))
            order.id = cells.text(.order)
            order.customerID = cells.text(.customer)
            order.contact = Contact(cells.text)
            try readMoney(cells, into: &order)
            try readStatus(cells, into: &order)
            order.currency = cells.text(.currency) ?? context.currency
            order.coupon = coupon(cells)
            order.items = try items(cells)
            let fields: [(Text, Field)] = [("payment_method", .paymentMethod), ("shipping_method", .shippingMethod)]
            order.extras = fields.compactMap { key, field in cells.text(field).map { (key: key, value: .string($0)) } }
            return order
        }
    }

    /// `order_total` holds tax and shipping; `tax_total` all of the tax, that on shipping too.
    private func readMoney(_ cells: OrderCells, into order: inout PlatformOrder) throws(RowProblem) {
        order.total = try cells.number(.total)
        order.tax = try cells.number(.tax)
        order.shipping = try cells.number(.shipping)
        order.discount = try cells.number(.discount)
        order.revenue = order.total?.subtracting(order.shipping ?? 0)?.subtracting(order.tax ?? 0)
        if order.revenue == nil {
            order.revenue = try cells.number(.subtotal)?.subtracting(order.discount ?? 0)
        }
        order.subtotal = order.revenue
    }

    private func readStatus(_ cells: OrderCells, into order: inout PlatformOrder) throws(RowProblem) {
        order.status = cells.text(.status)
        var status = Header.key(order.status?.string ?? "")
        if status.hasPrefix("wc") { status.removeFirst(2) }
        order.isCompleted = !Self.notCompleted.contains(status)
        if status == "cancelled" || status == "canceled" {
            order.isCompleted = cells.text(.paid) != nil
            // The export does not say when; the order's own time is the only one there is.
            order.cancelledAt = order.time
        }
        let (amount, time) = try refunds(cells)
        order.refunded = try cells.number(.refunded)?.magnitude ?? amount
        order.refundedAt = time
        if status == "refunded", order.refunded?.isZero ?? true { order.refunded = order.total }
    }

    /// The sum of `id:12|amount:5.00|date:…` entries, and the time of the last that has one.
    private func refunds(_ cells: OrderCells) throws(RowProblem) -> (amount: Decimal128?, time: Timestamp?) {
        guard let refundColumn, let text = cells.rows.lazy.compactMap({ $0.text(at: refundColumn) }).first else {
            return (nil, nil)
        }
        let refunds = try WooCommerceCell.entries(text)
        var time: Timestamp?
        var amounts: [Decimal128?] = []
        for refund in refunds {
            guard let amount = refund["amount"] ?? refund["total"] else { continue }
            amounts.append(try number(amount).magnitude)
            if let date = refund["date"], let instant = context.times.time(Text(date)) {
                time = max(time ?? instant, instant)
            }
        }
        return (exactSum(amounts), time)
    }

    private func coupon(_ cells: OrderCells) -> Text? {
        guard let text = cells.text(.coupon) else { return nil }
        let codes = (try? WooCommerceCell.entries(text))?.compactMap { $0["code"] } ?? []
        return codes.isEmpty ? text : Text(codes.joined(separator: ", "))
    }

    // MARK: - Lines

    private func items(_ cells: OrderCells) throws(RowProblem) -> [Item] {
        var items: [Item] = []
        for row in cells.rows {
            guard row.text(.productName) != nil || row.text(.product) != nil || row.text(.sku) != nil else { continue }
            var item = Item()
            item.product = row.text(.product)
            item.sku = row.text(.sku)
            item.name = row.text(.productName)
            item.quantity = try row.number(.quantity)
            item.amount = try row.number(.amount)
            item.price = try row.number(.price)
            items.append(withPrice(item))
        }
        if !items.isEmpty { return items }
        for row in cells.rows {
            for column in lineColumns {
                if let text = row.text(at: column) { items += try lines(text) }
            }
            if let text = row.text(.lineItems) { items += try lines(text) }
        }
        return items
    }

    private func lines(_ text: Text) throws(RowProblem) -> [Item] {
        var items: [Item] = []
        for entry in try WooCommerceCell.entries(text) {
            var item = Item()
            item.product = entry["product_id"].flatMap { $0 == "0" ? nil : Text($0) }
            item.sku = entry["sku"].map { Text($0) }
            item.name = entry["name"].map { Text($0) }
            if let quantity = entry["quantity"] ?? entry["qty"] { item.quantity = try number(quantity) }
            if let total = entry["total"] { item.amount = try number(total) }
            if let price = entry["price"] { item.price = try number(price) }
            if item.product != nil || item.sku != nil || item.name != nil { items.append(withPrice(item)) }
        }
        return items
    }

    private func withPrice(_ item: Item) -> Item {
        var item = item
        if item.price == nil, let amount = item.amount {
            item.price = Item.exactPrice(amount: amount, quantity: item.quantity)
        }
        if item.amount == nil { item.amount = item.price?.multiplied(by: item.quantity ?? 1) }
        return item
    }

    private func number(_ text: String) throws(RowProblem) -> Decimal128 {
        if let number = context.numbers.number(ArraySlice(text.utf8)) { return number }
        throw RowProblem("bad-number", "\(excerpt(ArraySlice(text.utf8))) is no number")
    }
}
