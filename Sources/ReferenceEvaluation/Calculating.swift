import EventModel
import SegmentLanguage

/// Arithmetic of numbers, times and durations; null wherever the kinds do not fit or the result has no place.
func calculate(
    _ left: ReferenceValue, _ arithmetic: ArithmeticOperator, _ right: ReferenceValue, zone: Zone
) -> ReferenceValue {
    if let one = left.asNumber, let other = right.asNumber {
        return result(one, arithmetic, other).map { .number($0) } ?? .null
    }
    switch arithmetic {
    case .multiply: return product(left, right)
    case .divide: return quotient(left, right)
    case .add, .subtract: return sum(left, arithmetic, right, zone: zone)
    }
}

/// Unary minus.
func negated(_ value: ReferenceValue) -> ReferenceValue {
    if let number = value.asNumber { return .number(number.negated) }
    if case .duration(let milliseconds) = value { return .duration(milliseconds.negated) }
    return .null
}

private func result(_ left: Decimal128, _ arithmetic: ArithmeticOperator, _ right: Decimal128) -> Decimal128? {
    switch arithmetic {
    case .add: left.adding(right)
    case .subtract: left.subtracting(right)
    case .multiply: left.multiplied(by: right)
    case .divide: left.divided(by: right)
    }
}

private func product(_ left: ReferenceValue, _ right: ReferenceValue) -> ReferenceValue {
    switch (left, right) {
    case (.duration(let milliseconds), _):
        guard let factor = right.asNumber else { return .null }
        return milliseconds.multiplied(by: factor).map { .duration($0) } ?? .null
    case (_, .duration(let milliseconds)):
        guard let factor = left.asNumber else { return .null }
        return factor.multiplied(by: milliseconds).map { .duration($0) } ?? .null
    default:
        return .null
    }
}

private func quotient(_ left: ReferenceValue, _ right: ReferenceValue) -> ReferenceValue {
    guard case .duration(let milliseconds) = left else { return .null }
    if case .duration(let other) = right { return milliseconds.divided(by: other).map { .number($0) } ?? .null }
    guard let divisor = right.asNumber else { return .null }
    return milliseconds.divided(by: divisor).map { .duration($0) } ?? .null
}

/// Sums and differences in which at least one side is a time, a day or a duration.
private func sum(
    _ left: ReferenceValue, _ arithmetic: ArithmeticOperator, _ right: ReferenceValue, zone: Zone
) -> ReferenceValue {
    guard left.isTemporal || right.isTemporal else { return .null }
    switch (left, right) {
    case (.duration(let one), .duration(let other)):
        return result(one, arithmetic, other).map { .duration($0) } ?? .null
    case (_, .duration(let milliseconds)):
        guard let time = left.asTime(in: zone) else { return .null }
        return shifted(time, by: arithmetic == .add ? milliseconds : milliseconds.negated)
    case (.duration(let milliseconds), _):
        guard arithmetic == .add, let time = right.asTime(in: zone) else { return .null }
        return shifted(time, by: milliseconds)
    default:
        guard arithmetic == .subtract, let one = left.asTime(in: zone), let other = right.asTime(in: zone) else {
            return .null
        }
        return Decimal128(Int(one.milliseconds)).subtracting(Decimal128(Int(other.milliseconds)))
            .map { .duration($0) } ?? .null
    }
}

/// Finer than a millisecond is cut off.
private func shifted(_ time: Timestamp, by milliseconds: Decimal128) -> ReferenceValue {
    guard let whole = Decimal128(Int(time.milliseconds)).adding(milliseconds)?.floorToInt() else { return .null }
    return .time(Timestamp(milliseconds: Int64(whole)))
}

extension ReferenceValue {
    fileprivate var isTemporal: Bool {
        switch self {
        case .time, .day, .duration: true
        default: false
        }
    }
}
