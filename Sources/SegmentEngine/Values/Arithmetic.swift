import EventModel
import SegmentLanguage

/// `+ - * /` between values: numbers, times and durations; everything else, and what has no result, is null.
struct Arithmetic: Sendable {
    /// The workspace zone, for time strings.
    let zone: Zone

    func result(_ left: Value, _ operation: ArithmeticOperator, _ right: Value) -> Value {
        if let a = left.numeric, let b = right.numeric { return number(Self.apply(a, operation, b)) }
        let a = operand(left, beside: right, operation)
        let b = operand(right, beside: left, operation)
        switch (a, operation, b) {
        case (.time(let a), .subtract, .time(let b)):
            let (difference, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
            return overflow ? .null : .duration(milliseconds: Decimal128(Int(difference)))
        case (.time(let time), .add, .duration(let length)), (.duration(let length), .add, .time(let time)):
            return moved(time, by: length)
        case (.time(let time), .subtract, .duration(let length)):
            return moved(time, by: length.negated)
        case (.duration(let a), .add, .duration(let b)), (.duration(let a), .subtract, .duration(let b)):
            return duration(Self.apply(a, operation, b))
        case (.duration(let a), .divide, .duration(let b)):
            return number(a.divided(by: b))
        case (.duration(let a), .multiply, .number(let b)), (.duration(let a), .divide, .number(let b)),
            (.number(let a), .multiply, .duration(let b)):
            return duration(Self.apply(a, operation, b))
        default:
            return .null
        }
    }

    func negated(_ value: Value) -> Value {
        if case .duration(let length) = value { return .duration(milliseconds: length.negated) }
        return value.numeric.map { .number($0.negated) } ?? .null
    }

    /// A time string or a day counts as a time beside times and durations, in sums and differences.
    func operand(_ value: Value, beside other: Value, _ operation: ArithmeticOperator) -> Value {
        switch value {
        case .string:
            if let number = value.numeric { return .number(number) }
            guard operation == .add || operation == .subtract else { return .null }
            switch other {
            case .time, .duration, .day: return value.instant(in: zone).map(Value.time) ?? .null
            default: return .null
            }
        case .day: return value.instant(in: zone).map(Value.time) ?? .null
        default: return value
        }
    }

    static func apply(_ a: Decimal128, _ operation: ArithmeticOperator, _ b: Decimal128) -> Decimal128? {
        switch operation {
        case .add: a.adding(b)
        case .subtract: a.subtracting(b)
        case .multiply: a.multiplied(by: b)
        case .divide: a.divided(by: b)
        }
    }

    /// Instants are whole milliseconds: a fraction is cut off downwards.
    private func moved(_ time: Timestamp, by length: Decimal128) -> Value {
        guard let whole = length.floorToInt() else { return .null }
        let (sum, overflow) = time.milliseconds.addingReportingOverflow(Int64(whole))
        return overflow ? .null : .time(Timestamp(milliseconds: sum))
    }

    private func number(_ value: Decimal128?) -> Value { value.map(Value.number) ?? .null }
    private func duration(_ value: Decimal128?) -> Value { value.map { .duration(milliseconds: $0) } ?? .null }
}
