package import EventModel
import EventStore

/// One row per event: who, what, when, and anything else as properties.
///
/// Names of the e-commerce vocabulary are taken in any case, and plain words for the same things (`add_to_cart`,
/// `product_view`, `purchase`; see `EventNames`) become its names; others stay as they are.
package struct EventLogs: Format {
    package static let kind = ImportKind.events
    package static let title = "event log (one row per event)"
    package static let namespace: Text = "events"
    package static let requirements: [[Field]] = [[.customer, .anonymous, .email], [.event], [.time]]
    package static let rules: [FieldRule] = [
        FieldRule(.customer, Synonyms.customer), FieldRule(.anonymous, Synonyms.anonymous),
        FieldRule(.email, Synonyms.email), FieldRule(.event, Synonyms.event), FieldRule(.time, Synonyms.time),
        FieldRule(.clock, Synonyms.clock), FieldRule(.session, Synonyms.session), FieldRule(.order, Synonyms.order),
        FieldRule(.product, Synonyms.product), FieldRule(.sku, Synonyms.sku),
        FieldRule(.productName, "product_name", "item_name", "product_title"),
        FieldRule(.category, "category", "product_category", "item_category", "category_code", "category_name"),
        FieldRule(.brand, Synonyms.brand), FieldRule(.price, Synonyms.price), FieldRule(.quantity, "quantity", "qty"),
        FieldRule(.amount, Synonyms.amount + Synonyms.total), FieldRule(.currency, Synonyms.currency),
        FieldRule(.coupon, Synonyms.coupon), FieldRule(.url, Synonyms.url),
    ]

    static let fieldKeys: [(key: Text, field: Field)] = [
        ("order_id", .order), ("product_id", .product), ("sku", .sku), ("name", .productName),
        ("category", .category), ("brand", .brand), ("coupon", .coupon), ("url", .url),
    ]

    let context: FormatContext
    let digester: RowDigester
    let keepsNames: Bool

    package init(context: FormatContext) {
        self.context = context
        digester = RowDigester(namespace: Self.namespace, header: context.columns.header)
        keepsNames = context.columns.constants[.eventNames] == "keep"
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                decoded.add(try event(context.cells(of: row), row), from: [row])
            } catch {
                decoded.reject(row, error)
            }
        }
    }

    private func event(_ cells: Cells, _ row: CSVRow) throws(RowProblem) -> MessageDraft {
        let person = try cells.person()
        let written = try cells.required(.event)
        let name = keepsNames ? written : EventNames.canonical(written)
        var members: [JSONObject.Member] = []
        if let session = cells.text(.session) { members.append(("session_id", .string(session))) }
        if let key = Self.keyOfWritten(name, written) { members.append((key, .string(written))) }
        for (key, field) in Self.fieldKeys {
            if let text = cells.text(field) { members.append((key, .string(text))) }
        }
        for (key, field) in [("price", .price), ("quantity", .quantity)] as [(Text, Field)] {
            if let number = try cells.number(field) { members.append((key, .number(number))) }
        }
        if let amount = try cells.number(.amount) {
            members.append((RowRecipe.amountKey(of: name), .number(amount)))
        }
        if let currency = cells.text(.currency) ?? (cells.text(.amount) == nil ? nil : context.currency) {
            members.append(("currency", .string(currency)))
        }
        members += cells.extras()
        var context = JSONObject()
        if name != written { context.append("import", .object(JSONObject([("event", .string(written))]))) }
        return MessageDraft(
            identity: .row(digester.digest(of: row)), userID: person.userID, anonymousID: person.anonymousID,
            time: try cells.requiredTime(.time, clock: .clock),
            body: .track(event: name, properties: JSONObject(members)), context: context)
    }

    /// The property that keeps the written name of an event which says more than its canonical one; nil for none.
    static func keyOfWritten(_ name: Text, _ written: Text) -> Text? {
        guard written != name else { return nil }
        if name == "Page Viewed", !EventNames.isPageView(written) { return "name" }
        return name == "Checkout Step Viewed" && Vocabulary.canonicalName(written) != name ? "step" : nil
    }
}
