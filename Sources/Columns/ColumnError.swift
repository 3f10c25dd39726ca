/// Why a run of bytes cannot be read as the column it is said to be.
///
/// Readers in this target check every length before they use it, so that damaged or hostile bytes end in one of these
/// and never in a trap.
package enum ColumnError: Error, Hashable, Sendable {
    /// `needed` bytes were asked for at `offset`, and only `available` are left.
    case truncated(offset: Int, needed: Int, available: Int)
    /// The byte at `offset` names no known encoding.
    case unknownEncoding(offset: Int, found: Int)
    /// Two facts in the bytes contradict each other: a count, a code or an order.
    case inconsistent(Inconsistency)

    /// Which rule the bytes break.
    package enum Inconsistency: String, Hashable, Sendable {
        case countTooLarge
        case widthTooLarge
        case offsetsNotAscending
        case rowsNotAscending
        case codeOutOfRange
        case presenceCount
        case trailingBytes
    }
}
