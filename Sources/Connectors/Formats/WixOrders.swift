package import EventModel
import EventStore

/// The orders export of Wix: one row per item, the rows of an order share its number; date and time stand apart and in
/// the form of the account's language.
package struct WixOrders: Format {
    package static let kind = ImportKind.orders
    package static let title = "Wix orders"
    package static let namespace: Text = "wix"
    package static let signature = ["Order number", "Date created"]
    package static let requirements: [[Field]] = [[.orderNumber], [.time]]
    package static let keepsOtherColumns = false
    package static let rules: [FieldRule] = [
        FieldRule(.orderNumber, "Order number"), FieldRule(.time, "Date created"), FieldRule(.clock, "Time"),
        FieldRule(.email, "Contact email"), FieldRule(.note, "Note from customer"), FieldRule(.productName, "Item"),
        FieldRule(.variant, "Variant"), FieldRule(.sku, "SKU"), FieldRule(.quantity, "Qty"), FieldRule(.price, "Price"),
        FieldRule(.shippingMethod, "Delivery method"), FieldRule(.name, "Billing name", "Recipient name"),
        FieldRule(.phone, "Billing phone", "Recipient phone"),
        FieldRule(.company, "Billing company name", "Recipient company name"),
        FieldRule(.country, "Billing country", "Delivery country"),
        FieldRule(.state, "Billing state", "Delivery state"),
        FieldRule(.city, "Billing city", "Delivery city"), FieldRule(.street, "Billing address", "Delivery address"),
        FieldRule(.postalCode, "Billing zip/postal code", "Delivery zip/postal code"),
        FieldRule(.status, "Payment status"), FieldRule(.paymentMethod, "Payment method"),
        FieldRule(.coupon, "Coupon code"), FieldRule(.shipping, "Shipping rate"), FieldRule(.tax, "Total tax"),
        FieldRule(.total, "Total"), FieldRule(.currency, "Currency"), FieldRule(.refunded, "Refunded amount"),
        FieldRule(.fulfillment, "Fulfillment status"), FieldRule(.discount, "Discount", "Discount amount"),
    ]

    private static let notCompleted: Set<String> = [
        "pending", "unpaid", "notpaid", "declined", "failed", "voided", "expired", "pendingpayment",
    ]
    private static let cancelled: Set<String> = ["canceled", "cancelled"]

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
                namespace: Self.namespace, number: cells.text(.orderNumber) ?? "",
                time: try cells.requiredTime(.time, clock: .clock))
            order.contact = Contact(cells.text)
            readStatus(cells, into: &order)
            order.refunded = try cells.number(.refunded)
            order.total = try cells.number(.total)
            order.tax = try cells.number(.tax)
            order.shipping = try cells.number(.shipping)
            order.discount = try cells.number(.discount)
            order.coupon = cells.text(.coupon)
            order.currency = cells.text(.currency) ?? context.currency
            for row in cells.rows {
                if let item = try item(row) { order.items.append(item) }
            }
            // The total holds shipping and tax, whether prices do or not.
            order.revenue =
                order.total?.subtracting(order.shipping ?? 0)?.subtracting(order.tax ?? 0)
                ?? exactSum(order.items.map(\.amount))
            let fields: [(Text, Field)] = [("payment_method", .paymentMethod), ("shipping_method", .shippingMethod)]
            order.extras = fields.compactMap { key, field in cells.text(field).map { (key: key, value: .string($0)) } }
            return order
        }
    }

    private func readStatus(_ cells: OrderCells, into order: inout PlatformOrder) {
        order.status = cells.text(.status)
        let status = Header.key(order.status?.string ?? "")
        let isCancelled = Self.cancelled.contains(status)
        order.isCompleted = !Self.notCompleted.contains(status) && !isCancelled
        // The export does not say when; the order's own time is the only one there is.
        if isCancelled || Self.cancelled.contains(Header.key(cells.text(.fulfillment)?.string ?? "")) {
            order.cancelledAt = order.time
        }
    }

    private func item(_ cells: Cells) throws(RowProblem) -> Item? {
        guard let name = cells.text(.productName) else { return nil }
        var item = Item()
        item.name = name
        item.sku = cells.text(.sku).map(withoutApostrophe)
        item.variant = cells.text(.variant)
        item.price = try cells.number(.price)
        item.quantity = try cells.number(.quantity)
        item.amount = item.price?.multiplied(by: item.quantity ?? 1)
        return item
    }
}
