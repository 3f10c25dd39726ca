import Connectors

/// What somebody chose about a file, as it was typed.
package struct ImportForm: Sendable {
    /// One of `ImportKind`; empty: the header decides.
    package var kind = ""
    /// By column: empty (as recognised), `ignore`, `property`, or a field's word.
    package var columns: [Int: String] = [:]
    /// By the field's word: one value for all rows.
    package var constants: [String: String] = [:]
    package var zone = ""
    package var currency = ""
    package var keepsNames = false
    /// What is wrong with what was typed, by the name of its field.
    package var wrong: [String: String] = [:]

    package init() {}

    /// Fields that may have one value for all rows.
    package static let constants = ["event", "time", "date_format", "decimal_mark"]

    /// Columns beyond these are read as they are recognised.
    package static let shownColumns = 120
}
