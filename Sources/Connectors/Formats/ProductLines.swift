package import EventModel

/// One product a line, as JSON, with its `product_id` and any properties.
package struct ProductLines: Format {
    package static let kind = ImportKind.products
    package static let title = "products (JSON Lines)"
    package static let namespace: Text = "products"
    package static let requirements: [[Field]] = []
    package static let rules: [FieldRule] = []

    package init(context: FormatContext) {}

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                let product = try SegmentMessages.object(Array(row[0]))
                guard product["product_id" as Text]?.identity != nil else {
                    throw RowProblem("missing-value", "the line has no product_id")
                }
                decoded.products.append(product)
            } catch {
                decoded.reject(row, error)
            }
        }
    }
}
