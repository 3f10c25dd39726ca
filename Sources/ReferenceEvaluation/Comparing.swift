import EventModel
import SegmentLanguage

/// How two values stand to each other (language, section 4).
enum Relation: Hashable {
    /// One of them is null, a list or an object: no comparison holds.
    case incomparable
    /// Neither equal nor ordered: the types do not mix, or are two different booleans.
    case different
    case less, equal, greater

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .less : left == right ? .equal : .greater
    }

    func satisfies(_ comparison: Comparison) -> Bool {
        switch comparison {
        case .equal: self == .equal
        case .notEqual: self != .equal && self != .incomparable
        case .less: self == .less
        case .lessOrEqual: self == .less || self == .equal
        case .greater: self == .greater
        case .greaterOrEqual: self == .greater || self == .equal
        }
    }
}

/// Relates two values; `zone` is the workspace's, for times without an offset and for the day of a time.
func relation(
    _ left: ReferenceValue, _ right: ReferenceValue, ignoringCase: Bool = false, zone: Zone
) -> Relation {
    switch (left, right) {
    case (.null, _), (_, .null), (.list, _), (_, .list), (.object, _), (_, .object):
        return .incomparable
    case (.string(let one), .string(let other)):
        return ignoringCase ? Relation(simpleCaseFold(one), simpleCaseFold(other)) : Relation(one, other)
    case (.number, .number), (.number, .string), (.string, .number):
        guard let one = left.asNumber, let other = right.asNumber else { return .different }
        return Relation(one, other)
    case (.bool, .bool), (.bool, .string), (.string, .bool):
        return left.identity == right.identity ? .equal : .different
    case (.day, .day), (.day, .time), (.time, .day), (.day, .string), (.string, .day):
        guard let one = calendarDay(of: left, zone: zone), let other = calendarDay(of: right, zone: zone) else {
            return .different
        }
        return Relation(one, other)
    case (.time, .time), (.time, .string), (.string, .time):
        guard let one = left.asTime(in: zone), let other = right.asTime(in: zone) else { return .different }
        return Relation(one, other)
    case (.duration(let one), .duration(let other)):
        return Relation(one, other)
    default:
        return .different
    }
}

/// The day itself, or the day of a time in the workspace zone.
private func calendarDay(of value: ReferenceValue, zone: Zone) -> CalendarDay? {
    if case .day(let day, _) = value { return day }
    return value.asTime(in: zone).map { zone.day(of: $0) }
}

/// `contains`, `starts with`, `ends with`, `matches`; `regex` compiles a pattern, or finds it compiled.
func textHolds(
    _ left: ReferenceValue, _ textOperator: TextOperator, _ right: ReferenceValue, ignoringCase: Bool, zone: Zone,
    regex: (Text) -> Regex2?
) -> Bool {
    if textOperator == .contains, case .list(let elements) = left {
        return elements.contains { relation($0, right, ignoringCase: ignoringCase, zone: zone) == .equal }
    }
    guard case .string(let whole) = left, case .string(let part) = right else { return false }
    if textOperator == .matches {
        return regex(part)?.matches(whole) ?? false
    }
    let haystack = Array((ignoringCase ? simpleCaseFold(whole) : whole).string.unicodeScalars)
    let needle = Array((ignoringCase ? simpleCaseFold(part) : part).string.unicodeScalars)
    switch textOperator {
    case .startsWith: return haystack.starts(with: needle)
    case .endsWith: return haystack.reversed().starts(with: needle.reversed())
    default: return haystack.indices.contains { haystack[$0...].starts(with: needle) } || needle.isEmpty
    }
}

/// Whether a name fits a pattern of `events like`, in which `*` is any run of characters.
func nameFits(_ name: Text, pattern: Text) -> Bool {
    fits(Array(name.string.unicodeScalars)[...], Array(pattern.string.unicodeScalars)[...])
}

private func fits(_ name: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
    // The rest of the pattern from each star on, tried at every place: the last star's choice is the only one that
    // ever has to be taken back.
    var name = name
    var pattern = pattern
    var retry: (name: ArraySlice<Unicode.Scalar>, pattern: ArraySlice<Unicode.Scalar>)?
    while true {
        if pattern.first == "*" {
            pattern = pattern.dropFirst()
            retry = (name, pattern)
        } else if let wanted = pattern.first, wanted == name.first {
            name = name.dropFirst()
            pattern = pattern.dropFirst()
        } else if name.isEmpty && pattern.isEmpty {
            return true
        } else if let last = retry, !last.name.isEmpty {
            retry = (last.name.dropFirst(), last.pattern)
            name = last.name.dropFirst()
            pattern = last.pattern
        } else {
            return false
        }
    }
}
