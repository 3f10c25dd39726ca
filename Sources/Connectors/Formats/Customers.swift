package import EventModel

/// One row per customer: an id or an e-mail address, and anything known of the person.
///
/// Each row becomes an identify message, and a `Consent Updated` for each purpose it speaks of. A row that says the
/// same as at the last import says nothing new.
package struct Customers: Format {
    package static let kind = ImportKind.customers
    package static let title = "customers (one row per customer)"
    package static let namespace: Text = "customers"
    package static let requirements: [[Field]] = [[.customer, .email, .phone]]
    package static let rules: [FieldRule] = [
        FieldRule(.customer, Synonyms.customer + ["id"]), FieldRule(.email, Synonyms.email),
        FieldRule(.phone, "phone", "phone_number", "telephone", "mobile", "billing_phone"),
        FieldRule(.firstName, "first_name", "given_name", "billing_first_name"),
        FieldRule(.lastName, "last_name", "family_name", "surname", "billing_last_name"),
        FieldRule(.name, "name", "full_name", "customer_name", "display_name"),
        FieldRule(.company, "company", "organisation", "organization", "billing_company"),
        FieldRule(.street, "street", "address", "address1", "address_1", "address_line_1", "billing_address_1"),
        FieldRule(.street2, "address2", "address_2", "address_line_2", "billing_address_2"),
        FieldRule(.city, "city", "town", "billing_city"),
        FieldRule(.state, "state", "province", "region", "billing_state"),
        FieldRule(.postalCode, "zip", "zip_code", "postal_code", "postcode", "billing_postcode"),
        FieldRule(.country, "country", "country_code", "billing_country"),
        FieldRule(
            .emailConsent, "accepts_email_marketing", "accepts_marketing", "email_consent", "newsletter", "email_opt_in"
        ),
        FieldRule(.smsConsent, "accepts_sms_marketing", "sms_consent", "sms_opt_in"),
        FieldRule(
            .time, "created_at", "registered_at", "registration_date", "customer_since", "signup_date",
            "date_registered",
            "created", "join_date", "member_since"),
        FieldRule(.tags, "tags"),
    ]

    private let context: FormatContext

    package init(context: FormatContext) {
        self.context = context
    }

    /// A table with an id is one of customers only when something in it is what people have.
    package static func fits(_ columns: ColumnMap) -> Bool {
        let fields: [Field] = [
            .email, .phone, .firstName, .lastName, .name, .street, .city, .state, .postalCode, .country, .emailConsent,
            .smsConsent,
        ]
        return fields.contains { columns.columns[$0] != nil }
            || columns.extras.contains { attributes.contains(Header.key($0.name.string)) }
    }

    private static let attributes = Set(
        [
            "age", "age_group", "gender", "sex", "birthday", "date_of_birth", "dob", "income", "education",
            "occupation",
            "marital_status", "household_size", "household_comp", "kids_count", "children", "home_ownership",
            "language",
            "locale", "timezone", "loyalty_tier", "tier", "plan", "segment", "job", "nationality",
        ].map(Header.key))

    package func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows) {
        for row in rows {
            do throws(RowProblem) {
                try CustomerFacts(context.cells(of: row), namespace: Self.namespace).add(to: &decoded, from: [row])
            } catch {
                decoded.reject(row, error)
            }
        }
    }
}
