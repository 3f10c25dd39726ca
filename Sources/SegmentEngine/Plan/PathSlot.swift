import EventModel

/// A property path of the plan, with the places of its columns among the plan's columns.
final class PathSlot: Sendable {
    /// Index among the plan's paths.
    let index: Int
    let path: PropertyPath
    /// The column of the path itself.
    let column: Int
    /// For item paths: the property column that an event which is its own item uses.
    let ownColumn: Int
    /// For event paths of scope properties: the item column of the same parts, where groups look for items' values.
    let itemColumn: Int?

    init(index: Int, path: PropertyPath, column: Int, ownColumn: Int, itemColumn: Int?) {
        self.index = index
        self.path = path
        self.column = column
        self.ownColumn = ownColumn
        self.itemColumn = itemColumn
    }

    /// Whether missing values are looked up in the catalogue.
    var usesCatalogue: Bool { path.scope != .context && path.parts != ["product_id"] }
}
