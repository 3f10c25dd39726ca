package import EventModel

/// One row per product: its id, and anything else as its properties. The rows become the catalogue.
package struct Products: Format {
    package static let kind = ImportKind.products
    package static let title = "products (one row per product)"
    package static let namespace: Text = "products"
    package static let requirements: [[Field]] = [[.product, .sku]]
    package static let rules: [FieldRule] = [
        FieldRule(.product, Synonyms.product.filter { $0 != "product" && $0 != "item" } + ["id"]),
        FieldRule(.sku, Synonyms.sku), FieldRule(.productName, Synonyms.productName + ["product", "item"]),
        FieldRule(
            .category,
            [
                "category", "product_category", "categories", "item_category", "category_name", "department",
                "product_type", "type",
            ]),
        FieldRule(.brand, Synonyms.brand),
        FieldRule(.price, Synonyms.price + ["regular_price", "variant_price", "list_price"]),
        FieldRule(.url, "url", "product_url", "link"),
        FieldRule(.imageURL, "image_url", "image", "images", "image_src"),
    ]

    private let context: FormatContext

    package init(context: FormatContext) {
        self.context = context
    }

    /// A table that speaks of customers or of events is not one of products.
    package static func fits(_ columns: ColumnMap) -> Bool {
        let others = Set(
            (Synonyms.customer + Synonyms.anonymous + Synonyms.event + Synonyms.order + Synonyms.email).map(Header.key))
        return !columns.header.keys.contains { others.contains($0) }
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                decoded.products.append(try product(context.cells(of: row)))
            } catch {
                decoded.reject(row, error)
            }
        }
    }

    private func product(_ cells: Cells) throws(RowProblem) -> JSONObject {
        guard let id = cells.text(.product) ?? cells.text(.sku) else {
            throw RowProblem("missing-value", "\(cells.name(of: .product)) is empty")
        }
        var members: [JSONObject.Member] = [("product_id", .string(id))]
        let texts: [(Text, Field)] = [
            ("sku", .sku), ("name", .productName), ("category", .category), ("brand", .brand), ("url", .url),
            ("image_url", .imageURL),
        ]
        for (key, field) in texts {
            if let text = cells.text(field) { members.append((key, .string(text))) }
        }
        if let price = try cells.number(.price) { members.append(("price", .number(price))) }
        return JSONObject(members + cells.extras())
    }
}
