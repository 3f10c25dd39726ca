package import EventModel

/// The customers export of Shopify. Customers are known by e-mail address, as in the orders export.
package struct ShopifyCustomers: Format {
    package static let kind = ImportKind.customers
    package static let title = "Shopify customers"
    package static let namespace: Text = "shopify-customers"
    package static let signature = ["First Name", "Last Name", "Email", "Total Spent"]
    package static let requirements: [[Field]] = [[.email, .phone, .customer]]
    package static let rules: [FieldRule] = [
        FieldRule(.customer, "Customer ID"), FieldRule(.firstName, "First Name"), FieldRule(.lastName, "Last Name"),
        FieldRule(.email, "Email"), FieldRule(.emailConsent, "Accepts Email Marketing", "Accepts Marketing"),
        FieldRule(.company, "Company", "Default Address Company"),
        FieldRule(.street, "Address1", "Default Address Address1"),
        FieldRule(.street2, "Address2", "Default Address Address2"), FieldRule(.city, "City", "Default Address City"),
        FieldRule(.state, "Province", "Province Code", "Default Address Province Code"),
        FieldRule(.country, "Country", "Country Code", "Default Address Country Code"),
        FieldRule(.postalCode, "Zip", "Default Address Zip"), FieldRule(.phone, "Phone", "Default Address Phone"),
        FieldRule(.smsConsent, "Accepts SMS Marketing"), FieldRule(.tags, "Tags"),
    ]

    private let context: FormatContext

    package init(context: FormatContext) {
        self.context = context
    }

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                try CustomerFacts(context.cells(of: row), namespace: Self.namespace, idPrefersEmail: true)
                    .add(to: &decoded, from: [row])
            } catch {
                decoded.reject(row, error)
            }
        }
    }
}
