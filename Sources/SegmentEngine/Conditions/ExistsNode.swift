import SegmentLanguage

/// `V exists`, `V not exists`.
final class ExistsNode: ConditionNode, @unchecked Sendable {
    let value: ValueNode
    let negated: Bool

    init(slot: Int, source: Condition, value: ValueNode, negated: Bool) {
        self.value = value
        self.negated = negated
        super.init(slot: slot, traits: value.traits, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let own = value.evaluate(frame, place)
        let holds = own.value.isNull == negated
        guard frame.wantsValidity, traits.clock == .flows else { return Truth(holds, until: own.until) }
        if let rational = value.rational(frame, place) {
            return Truth(
                holds, until: min(rational.untilPole(from: frame.now), value.untilApartFromSlope(frame, place)))
        }
        let until = StableStretch.end(from: frame.now) { horizon in
            switch value.bounds(frame, place, horizon: horizon) {
            case .exact, .range: true
            case .unknown: false
            }
        }
        return Truth(holds, until: until)
    }

    override func explain(_ frame: Frame) -> Explanation { Explanation(value: value, self, frame) }
}
