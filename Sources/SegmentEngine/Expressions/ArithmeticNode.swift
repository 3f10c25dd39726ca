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

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind {
        switch (sweep.kind(of: left), operation, sweep.kind(of: right)) {
        case (.time, .subtract, .time), (.duration, .add, .duration), (.duration, .subtract, .duration),
            (.duration, .multiply, .count), (.count, .multiply, .duration):
            .duration
        case (.count, .add, .count), (.count, .subtract, .count), (.count, .multiply, .count): .count
        case (let first, _, let second): first.isNumber && second.isNumber ? .estimate : .any
        }
    }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        let first = sweep.column(of: left, for: profiles)
        // Without the left side there is no need for the right one.
        let rest = profiles.filtered { !first.isNull($0) }
        let second = sweep.column(of: right, for: rest)
        if column.isWhole, first.isWhole, second.isWhole, fillWhole(column, profiles, first, second) { return }
        let arithmetic = sweep.evaluator.arithmetic
        let operation = operation
        let exact: (Int32) -> Value = { arithmetic.result(first.value($0), operation, second.value($0)) }
        if column.kind == .estimate, let own = first.estimating, let other = second.estimating {
            return column.fillEstimates(profiles, exact: exact) { _, profile in
                if first.isNull(profile) || second.isNull(profile) { return nil }
                let estimate =
                    switch operation {
                    case .add: own(profile) + other(profile)
                    case .subtract: own(profile) - other(profile)
                    case .multiply: own(profile) * other(profile)
                    case .divide: own(profile) / other(profile)
                    }
                // Decimals reach far, but results may lie beyond them.
                let isFar = abs(estimate.number) > 1e300 || estimate.error == .infinity
                return isFar && exact(profile).isNull ? nil : estimate
            }
        }
        for profile in profiles {
            if first.isNull(profile) || second.isNull(profile) {
                column.setNull(profile)
            } else {
                column.set(exact(profile), profile)
            }
        }
    }

    /// Whole numbers stay such; false when one of the results does not fit.
    private func fillWhole(
        _ column: ProfileColumn, _ profiles: [Int32], _ first: ProfileColumn, _ second: ProfileColumn
    ) -> Bool {
        var overflow = false
        column.fill(profiles) { _, profile in
            if first.isNull(profile) || second.isNull(profile) { return nil }
            let (a, b) = (first.numbers[Int(profile)], second.numbers[Int(profile)])
            let (number, isTooLarge) =
                switch operation {
                case .add: a.addingReportingOverflow(b)
                case .subtract, .divide: a.subtractingReportingOverflow(b)
                case .multiply: a.multipliedReportingOverflow(by: b)
                }
            overflow = overflow || isTooLarge
            return number
        }
        return !overflow
    }

    override var fillingCost: Int { left.swept.fillingCost + right.swept.fillingCost + 2 }

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
