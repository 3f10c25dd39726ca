import EventModel
import SegmentLanguage

/// What a value can be while the clock runs over a stretch of time: interval arithmetic over `now`.
enum Bounds {
    /// The same all the time.
    case exact(Value)
    /// A number, a time in ms, or a duration in ms, never null, between both ends.
    case range(Kind, Decimal128, Decimal128)
    /// Anything.
    case unknown

    enum Kind {
        case number, time, duration
    }

    /// A value as a range of one point; nil when it is no number, time or duration.
    private static func point(_ value: Value, as kind: Kind?, zone: Zone) -> (Kind, Decimal128, Decimal128)? {
        switch value {
        case .number(let number): return (.number, number, number)
        case .duration(let length): return (.duration, length, length)
        case .time(let time): return (.time, Decimal128(Int(time.milliseconds)), Decimal128(Int(time.milliseconds)))
        case .string:
            if kind == .time, let time = value.instant(in: zone) { return point(.time(time), as: kind, zone: zone) }
            if kind == .number, let number = value.numeric { return (.number, number, number) }
            return nil
        default: return nil
        }
    }

    private func range(beside other: Bounds, zone: Zone) -> (Kind, Decimal128, Decimal128)? {
        switch self {
        case .unknown: return nil
        case .range(let kind, let low, let high): return (kind, low, high)
        case .exact(let value):
            var kind: Kind?
            if case .range(let others, _, _) = other { kind = others }
            return Self.point(value, as: kind, zone: zone)
        }
    }

    // MARK: - Comparisons

    /// Whether a comparison holds all the time (true), never (false), or cannot be told (nil).
    static func outcome(
        _ left: Bounds, _ comparison: Comparison, _ right: Bounds, ignoringCase: Bool, _ comparing: Comparing
    ) -> Bool? {
        switch (left, right) {
        case (.exact(let a), .exact(let b)):
            return comparing.holds(a, comparison, b, ignoringCase: ignoringCase)
        case (.exact(let value), _) where !value.isComparable, (_, .exact(let value)) where !value.isComparable:
            return false
        case (.unknown, _), (_, .unknown):
            return nil
        case (.exact(.day), .range), (.range, .exact(.day)):
            return outcome(
                left.asDays(comparing.zone), comparison, right.asDays(comparing.zone), ignoringCase: false, comparing)
        default: break
        }
        guard let (leftKind, leftLow, leftHigh) = left.range(beside: right, zone: comparing.zone),
            let (rightKind, rightLow, rightHigh) = right.range(beside: left, zone: comparing.zone),
            leftKind == rightKind
        else { return comparison == .notEqual }
        switch comparison {
        case .less: return leftHigh < rightLow ? true : (leftLow >= rightHigh ? false : nil)
        case .lessOrEqual: return leftHigh <= rightLow ? true : (leftLow > rightHigh ? false : nil)
        case .greater: return leftLow > rightHigh ? true : (leftHigh <= rightLow ? false : nil)
        case .greaterOrEqual: return leftLow >= rightHigh ? true : (leftHigh < rightLow ? false : nil)
        case .equal, .notEqual:
            let equal: Bool?
            if leftHigh < rightLow || rightHigh < leftLow {
                equal = false
            } else {
                equal = leftLow == leftHigh && rightLow == rightHigh ? true : nil
            }
            return comparison == .equal ? equal : equal.map { !$0 }
        }
    }

    /// A day, or a time by its day in the workspace zone, as the number of the day; others stay.
    private func asDays(_ zone: Zone) -> Bounds {
        func number(_ day: CalendarDay) -> Decimal128 { Decimal128(Int(day.daysSinceEpoch)) }
        switch self {
        case .exact(.day(let day, _)):
            return .exact(.number(number(day)))
        case .range(.time, let low, let high):
            guard let first = low.asInt(), let last = high.asInt() else { return .unknown }
            return .range(
                .number, number(zone.day(of: Timestamp(milliseconds: Int64(first)))),
                number(zone.day(of: Timestamp(milliseconds: Int64(last)))))
        default: return self
        }
    }

    // MARK: - Arithmetic

    static func result(
        _ left: Bounds, _ operation: ArithmeticOperator, _ right: Bounds, _ arithmetic: Arithmetic
    ) -> Bounds {
        if case .exact(let a) = left, case .exact(let b) = right { return .exact(arithmetic.result(a, operation, b)) }
        if case .exact(let a) = left, a.isNull { return .exact(.null) }
        if case .exact(let b) = right, b.isNull { return .exact(.null) }
        // Every operation is monotone in each operand (division: where the divisor keeps its sign), and so is the
        // rounding, so the ends of the result are among the results of the ends.
        guard let (leftKind, leftLow, leftHigh) = left.ends(beside: right, operation, arithmetic),
            let (rightKind, rightLow, rightHigh) = right.ends(beside: left, operation, arithmetic)
        else { return .unknown }
        if operation == .divide, rightLow <= 0, rightHigh >= 0 { return .unknown }
        var low: Decimal128?
        var high: Decimal128?
        var kind: Kind?
        for a in [leftLow, leftHigh] {
            for b in [rightLow, rightHigh] {
                guard let leftEnd = value(a, leftKind), let rightEnd = value(b, rightKind),
                    let (endKind, end, _) = point(
                        arithmetic.result(leftEnd, operation, rightEnd), as: nil, zone: arithmetic.zone)
                else { return .unknown }
                kind = endKind
                low = low.map { min($0, end) } ?? end
                high = high.map { max($0, end) } ?? end
            }
        }
        guard let kind, let low, let high else { return .unknown }
        return .range(kind, low, high)
    }

    private func ends(
        beside other: Bounds, _ operation: ArithmeticOperator, _ arithmetic: Arithmetic
    ) -> (Kind, Decimal128, Decimal128)? {
        switch self {
        case .unknown: return nil
        case .range(let kind, let low, let high): return (kind, low, high)
        case .exact(let value):
            guard case .range(let kind, _, _) = other else { return nil }
            if case .string = value, value.numeric == nil, operation == .add || operation == .subtract,
                kind != .number
            {
                return Self.point(value, as: .time, zone: arithmetic.zone)
            }
            if case .day = value {
                return value.instant(in: arithmetic.zone).flatMap {
                    Self.point(.time($0), as: .time, zone: arithmetic.zone)
                }
            }
            return Self.point(value, as: .number, zone: arithmetic.zone)
        }
    }

    private static func value(_ number: Decimal128, _ kind: Kind) -> Value? {
        switch kind {
        case .number: .number(number)
        case .duration: .duration(milliseconds: number)
        case .time: number.asInt().map { .time(Timestamp(milliseconds: Int64($0))) }
        }
    }

    static func negated(_ bounds: Bounds, _ arithmetic: Arithmetic) -> Bounds {
        switch bounds {
        case .exact(let value): .exact(arithmetic.negated(value))
        case .range(.time, _, _): .exact(.null)
        case .range(let kind, let low, let high): .range(kind, high.negated, low.negated)
        case .unknown: .unknown
        }
    }
}
