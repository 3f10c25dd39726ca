import EventModel
import SegmentLanguage

/// A number, time or duration as a quotient of polynomials in the milliseconds that the clock is ahead of now.
///
/// All arithmetic of the language with `now` in it is of this kind; so the instants at which a comparison can turn
/// are the roots of a polynomial, or those of a divisor, where the value is null.
struct Rational {
    var kind: Bounds.Kind
    var numerator: Polynomial
    var denominator = Polynomial.one
    /// Everything that was divided by.
    var poles: [Polynomial] = []

    init(kind: Bounds.Kind, numerator: Polynomial) {
        self.kind = kind
        self.numerator = numerator
    }

    /// A value that does not move; nil for what is no number, time or duration.
    init?(_ value: Value) {
        switch value {
        case .number(let number): self.init(kind: .number, numerator: Polynomial([number]))
        case .duration(let length): self.init(kind: .duration, numerator: Polynomial([length]))
        case .time(let time): self.init(kind: .time, numerator: Polynomial([Decimal128(Int(time.milliseconds))]))
        default: return nil
        }
    }

    static func result(_ left: Rational, _ operation: ArithmeticOperator, _ right: Rational) -> Rational? {
        guard let kind = kind(left.kind, operation, right.kind) else { return nil }
        var result: Rational
        switch operation {
        case .add, .subtract:
            guard let a = left.numerator.multiplied(by: right.denominator),
                let b = right.numerator.multiplied(by: left.denominator),
                let sum = a.adding(b, times: operation == .add ? 1 : -1),
                let denominator = left.denominator.multiplied(by: right.denominator)
            else { return nil }
            result = Rational(kind: kind, numerator: sum)
            result.denominator = denominator
        case .multiply:
            guard let numerator = left.numerator.multiplied(by: right.numerator),
                let denominator = left.denominator.multiplied(by: right.denominator)
            else { return nil }
            result = Rational(kind: kind, numerator: numerator)
            result.denominator = denominator
        case .divide:
            guard let numerator = left.numerator.multiplied(by: right.denominator),
                let denominator = left.denominator.multiplied(by: right.numerator)
            else { return nil }
            result = Rational(kind: kind, numerator: numerator)
            result.denominator = denominator
            result.poles.append(right.numerator)
        }
        result.poles += left.poles + right.poles
        return result
    }

    private static func kind(
        _ left: Bounds.Kind, _ operation: ArithmeticOperator, _ right: Bounds.Kind
    ) -> Bounds.Kind? {
        switch (left, operation, right) {
        case (.number, _, .number), (.duration, .divide, .duration): .number
        case (.time, .subtract, .time), (.duration, .add, .duration), (.duration, .subtract, .duration),
            (.duration, .multiply, .number), (.number, .multiply, .duration), (.duration, .divide, .number):
            .duration
        case (.time, .add, .duration), (.time, .subtract, .duration), (.duration, .add, .time): .time
        default: nil
        }
    }

    var negated: Rational? {
        guard kind != .time, let numerator = Polynomial([]).adding(numerator, times: -1) else { return nil }
        var copy = self
        copy.numerator = numerator
        return copy
    }

    /// Until when it is null or not as it is at `now`.
    func untilPole(from now: Int64) -> Int64 { Self.until(poles, from: now) }

    /// Until when the order of two stays as it is at `now`; nil when they are of different kinds.
    static func untilTurn(_ left: Rational, _ right: Rational, from now: Int64) -> Int64? {
        guard left.kind == right.kind, let difference = result(left.asNumber, .subtract, right.asNumber) else {
            return nil
        }
        return until([difference.numerator] + difference.poles, from: now)
    }

    private var asNumber: Rational {
        var copy = self
        copy.kind = .number
        return copy
    }

    /// Instants are cut to whole milliseconds here and there, so a turn is looked at from two before on.
    private static func until(_ polynomials: [Polynomial], from now: Int64) -> Int64 {
        let turns = polynomials.compactMap { $0.firstTurn(upTo: StableStretch.longest) }
        guard let first = turns.min() else { return never }
        return now.addingSaturating(max(first - 2, 1))
    }
}
