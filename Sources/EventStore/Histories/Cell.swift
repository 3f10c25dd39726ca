package import EventModel

/// One value of a column: what one row, or one item, has at one path.
package enum Cell: Hashable, Sendable {
    /// Nothing at this path; for properties JSON null counts as nothing too.
    case missing
    /// An explicit JSON null; kept for top-level traits only, where it unsets.
    case null
    case bool(Bool)
    case number(Decimal128)
    case string(Text)
    case list([JSONValue])
    /// The path is an object; its leaves are columns of their own.
    case object

    /// The cell of a value met while flattening.
    package init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements)
        case .object: self = .object
        }
    }
}
