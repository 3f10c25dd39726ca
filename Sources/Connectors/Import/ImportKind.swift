/// What a file is about; the values of `--as`.
package enum ImportKind: String, CaseIterable, Hashable, Sendable {
    /// One event a row.
    case events
    /// One purchased item a row.
    case items
    /// One order a row, or a platform's order export.
    case orders
    case customers
    case products
    /// Segment-protocol messages, one JSON object a line.
    case messages
}
