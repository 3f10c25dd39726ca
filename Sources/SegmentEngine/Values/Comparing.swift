import EventModel
import SegmentLanguage

/// Comparisons between values, by the rules of section 4 of the language page.
///
/// Strings compare with strings by scalars. Only against another type does a string count as the number, boolean or
/// time it spells; all other types do not mix: `=` and order are false and `!=` is true.
struct Comparing: Sendable {
    /// The workspace zone, for time strings and for the days of times.
    let zone: Zone

    func holds(_ left: Value, _ comparison: Comparison, _ right: Value, ignoringCase: Bool = false) -> Bool {
        guard left.isComparable, right.isComparable else { return false }
        switch comparison {
        case .equal: return equal(left, right, ignoringCase: ignoringCase)
        case .notEqual: return !equal(left, right, ignoringCase: ignoringCase)
        case .less: return order(left, right).map { $0 < 0 } ?? false
        case .lessOrEqual: return order(left, right).map { $0 <= 0 } ?? false
        case .greater: return order(left, right).map { $0 > 0 } ?? false
        case .greaterOrEqual: return order(left, right).map { $0 >= 0 } ?? false
        }
    }

    /// Whether two values are equal as `=` says; false with null, lists and objects.
    func equal(_ left: Value, _ right: Value, ignoringCase: Bool = false) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)):
            ignoringCase ? simpleCaseFold(a) == simpleCaseFold(b) : a == b
        case (.bool, .bool), (.bool, .string), (.string, .bool):
            left.boolean.map { $0 == right.boolean } ?? false
        default:
            order(left, right) == 0
        }
    }

    /// Below zero, zero or above as `left` stands to `right`; nil when they have no order.
    func order(_ left: Value, _ right: Value) -> Int? {
        switch (left, right) {
        case (.number(let a), .number(let b)): return Self.sign(a, b)
        case (.string(let a), .string(let b)): return Self.sign(a, b)
        case (.number(let a), .string): return right.numeric.map { Self.sign(a, $0) }
        case (.string, .number(let b)): return left.numeric.map { Self.sign($0, b) }
        case (.time(let a), .time(let b)): return Self.sign(a, b)
        case (.time(let a), .string): return right.instant(in: zone).map { Self.sign(a, $0) }
        case (.string, .time(let b)): return left.instant(in: zone).map { Self.sign($0, b) }
        case (.duration(let a), .duration(let b)): return Self.sign(a, b)
        case (.day, _), (_, .day):
            guard let a = day(of: left), let b = day(of: right) else { return nil }
            return Self.sign(a, b)
        default: return nil
        }
    }

    /// The calendar day a value counts as beside a day: its own, or that of a time in the workspace zone.
    private func day(of value: Value) -> CalendarDay? {
        switch value {
        case .day(let day, _): day
        case .time(let time): zone.day(of: time)
        case .string: value.instant(in: zone).map { zone.day(of: $0) }
        default: nil
        }
    }

    private static func sign<T: Comparable>(_ left: T, _ right: T) -> Int {
        left < right ? -1 : (left == right ? 0 : 1)
    }
}
