package import EventModel

extension PropertyPath {
    /// Stands for the trait `products`, since inside the property `products` a path would mean the items.
    static let productsTrait: Text = "products\u{0}trait"

    /// The column of a trait: the path of its name and parts among the properties of identify rows.
    package static func trait(_ parts: [Text]) -> PropertyPath {
        let isInsideProducts = parts.count > 1 && parts.first == "products"
        return PropertyPath(scope: .properties, parts: isInsideProducts ? [productsTrait] + parts.dropFirst() : parts)
    }
}
