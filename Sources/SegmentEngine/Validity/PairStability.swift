import EventModel
import SegmentLanguage

/// Until when a comparison of two values stays as it is, while one of them at least moves with the clock.
enum PairStability {
    static func end(
        _ left: ValueNode, _ comparison: Comparison, _ right: ValueNode, ignoringCase: Bool,
        _ frame: Frame, _ place: Occurrence
    ) -> Int64 {
        if left.slope != nil, right.slope != nil, let end = evenly(left, right, frame, place) { return end }
        if let a = left.rational(frame, place), let b = right.rational(frame, place) {
            let parts = min(left.untilApartFromSlope(frame, place), right.untilApartFromSlope(frame, place))
            let turn =
                Rational.untilTurn(a, b, from: frame.now)
                // Different kinds do not mix; only whether there is a value at all can turn.
                ?? min(a.untilPole(from: frame.now), b.untilPole(from: frame.now))
            return min(parts, turn)
        }
        let comparing = frame.evaluator.comparing
        return StableStretch.end(from: frame.now) { horizon in
            Bounds.outcome(
                left.bounds(frame, place, horizon: horizon), comparison,
                right.bounds(frame, place, horizon: horizon), ignoringCase: ignoringCase, comparing) != nil
        }
    }

    /// The instant when two values that move evenly meet, or when one of their parts may change before; nil when
    /// they are no times and no durations.
    private static func evenly(
        _ left: ValueNode, _ right: ValueNode, _ frame: Frame, _ place: Occurrence
    ) -> Int64? {
        guard let leftSlope = left.slope, let rightSlope = right.slope else { return nil }
        let parts = min(left.untilApartFromSlope(frame, place), right.untilApartFromSlope(frame, place))
        let slope = leftSlope - rightSlope
        if slope == 0 { return parts }
        let leftValue = left.evaluate(frame, place).value
        let rightValue = right.evaluate(frame, place).value
        if !leftValue.isComparable || !rightValue.isComparable { return parts }
        guard let distance = distance(leftValue, rightValue, zone: frame.evaluator.settings.zone) else { return nil }
        // Moving apart they never meet; else no change before they do.
        if distance.isZero { return min(parts, frame.now.addingSaturating(1)) }
        if distance.isNegative == (slope < 0) { return parts }
        guard let steps = distance.magnitude.divided(by: Decimal128(abs(slope)))?.floorToInt() else { return parts }
        return min(parts, frame.now.addingSaturating(Int64(max(steps, 1))))
    }

    /// `left - right` in ms, for two times or two durations.
    private static func distance(_ left: Value, _ right: Value, zone: Zone) -> Decimal128? {
        switch (left, right) {
        case (.duration(let a), .duration(let b)): return a.subtracting(b)
        case (.time, .time), (.time, .string), (.string, .time):
            guard let a = left.instant(in: zone), let b = right.instant(in: zone) else { return nil }
            return Decimal128(Int(a.milliseconds)).subtracting(Decimal128(Int(b.milliseconds)))
        default: return nil
        }
    }
}
