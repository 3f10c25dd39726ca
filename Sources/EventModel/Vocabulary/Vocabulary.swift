/// The one vocabulary of shop events: Segment's e-commerce specification v2, its older names, and GA4's.
///
/// Names of the vocabulary are matched without regard to case; all other names stay as they were sent.
package enum Vocabulary {
    /// The name under which an event is known: the v2 name for v2 names and their older aliases in any case, the name
    /// itself for all others.
    package static func canonicalName(_ raw: Text) -> Text {
        if let known = canonicalByName[raw] { return known }
        // No longer name can fold to one of the vocabulary.
        guard raw.utf8.count <= longestNameBytes else { return raw }
        return canonicalByFoldedName[simpleCaseFold(raw)] ?? raw
    }

    /// Whether a canonical name is one of the vocabulary's.
    package static func isVocabulary(_ event: Text) -> Bool {
        canonicalByName[event] == event
    }

    /// The properties of a canonical event in which an empty string means nothing: those that the table lists for it,
    /// and the fields of a product on every event of the table. Empty for events outside the table.
    package static func ownFields(of event: Text) -> Set<Text> {
        ownFieldsByName[event] ?? []
    }

    /// The fields of a product, in properties and in items.
    package static let productFields: Set<Text> = [
        "product_id", "sku", "category", "name", "brand", "variant", "price", "quantity", "coupon", "position", "url",
        "image_url",
    ]

    /// Canonical names of the table, in its order, then `Page Viewed` and `Screen Viewed`.
    package static let standardEvents: [Text] = rows.map(\.name)

    /// The older names, each with its canonical one, for documentation and suggestions.
    package static let aliases: [(alias: Text, name: Text)] = rows.flatMap { row in
        row.aliases.map { ($0, row.name) }
    }

    /// Events that make visits (segment-language.md, section 3).
    package static let browsingEvents: Set<Text> = [
        "Page Viewed", "Screen Viewed", "Products Searched", "Product List Viewed", "Product List Filtered",
        "Promotion Viewed", "Promotion Clicked", "Product Clicked", "Product Viewed", "Product Added",
        "Product Removed", "Cart Viewed", "Checkout Started", "Checkout Step Viewed", "Checkout Step Completed",
        "Payment Info Entered",
    ]

    static let rowsByName: [Text: Row] = Dictionary(rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// Names and aliases as the table spells them, for the usual case.
    private static let canonicalByName: [Text: Text] = Dictionary(
        rows.flatMap { row in ([row.name] + row.aliases).map { ($0, row.name) } },
        uniquingKeysWith: { first, _ in first })

    private static let canonicalByFoldedName: [Text: Text] = Dictionary(
        rows.flatMap { row in ([row.name] + row.aliases).map { (simpleCaseFold($0), row.name) } },
        uniquingKeysWith: { first, _ in first })

    /// Folding shortens by two bytes a letter at most (the Kelvin sign), and no name has so many of those.
    private static let longestNameBytes = 3 * (rows.map(\.name.utf8.count).max() ?? 0)

    private static let ownFieldsByName: [Text: Set<Text>] = Dictionary(
        rows.filter(\.isInTable).map { ($0.name, productFields.union($0.properties)) },
        uniquingKeysWith: { first, _ in first })
}
