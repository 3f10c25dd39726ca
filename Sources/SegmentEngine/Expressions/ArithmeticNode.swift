import EventModel
import SegmentLanguage

/// `V + V`, `V - V`, `V * V`, `V / V`.
final class ArithmeticNode: ValueNode, @unchecked Sendable {
    let left: ValueNode
    let operation: ArithmeticOperator
    let right: ValueNode

    init(
        slot: Int, source: SegmentLanguage.Value, _ left: ValueNode, _ operation: ArithmeticOperator,
        _ right: ValueNode
    ) {
        self.left = left
        self.operation = operation
        self.right = right
        super.init(slot: slot, traits: left.traits.joined(with: right.traits), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        let a = left.evaluate(frame, place)
        let b = right.evaluate(frame, place)
        return TimedValue(
            frame.evaluator.arithmetic.result(a.value, operation, b.value), until: min(a.until, b.until))
    }

    override func bounds(_ frame: Frame, _ place: Occurrence, horizon: Int64) -> Bounds {
        Bounds.result(
            left.bounds(frame, place, horizon: horizon), operation, right.bounds(frame, place, horizon: horizon),
            frame.evaluator.arithmetic)
    }

    override func rational(_ frame: Frame, _ place: Occurrence) -> Rational? {
        guard traits.clock == .flows else { return super.rational(frame, place) }
        let arithmetic = frame.evaluator.arithmetic
        let a = left.evaluate(frame, place).value
        let b = right.evaluate(frame, place).value
        // What stands still counts as what it is beside the other: a time string, say, as a time.
        let first =
            left.traits.clock == .flows
            ? left.rational(frame, place) : Rational(arithmetic.operand(a, beside: b, operation))
        let second =
            right.traits.clock == .flows
            ? right.rational(frame, place) : Rational(arithmetic.operand(b, beside: a, operation))
        guard let first, let second else { return nil }
        return Rational.result(first, operation, second)
    }

    override var slope: Int? {
        guard traits.clock == .flows else { return 0 }
        guard let a = left.slope, let b = right.slope else { return nil }
        switch operation {
        case .add: return a + b
        case .subtract: return a - b
        case .multiply, .divide: return nil
        }
    }

    override func untilApartFromSlope(_ frame: Frame, _ place: Occurrence) -> Int64 {
        min(left.untilApartFromSlope(frame, place), right.untilApartFromSlope(frame, place))
    }
}

/// `- V`
final class NegatedNode: ValueNode, @unchecked Sendable {
    let operand: ValueNode

    init(slot: Int, source: SegmentLanguage.Value, operand: ValueNode) {
        self.operand = operand
        super.init(slot: slot, traits: operand.traits, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        let timed = operand.evaluate(frame, place)
        return TimedValue(frame.evaluator.arithmetic.negated(timed.value), until: timed.until)
    }

    override func bounds(_ frame: Frame, _ place: Occurrence, horizon: Int64) -> Bounds {
        Bounds.negated(operand.bounds(frame, place, horizon: horizon), frame.evaluator.arithmetic)
    }

    override func rational(_ frame: Frame, _ place: Occurrence) -> Rational? {
        guard traits.clock == .flows else { return super.rational(frame, place) }
        return operand.rational(frame, place)?.negated
    }

    override var slope: Int? { operand.slope.map { -$0 } }

    override func untilApartFromSlope(_ frame: Frame, _ place: Occurrence) -> Int64 {
        operand.untilApartFromSlope(frame, place)
    }
}
