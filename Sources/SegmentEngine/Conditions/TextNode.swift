import EventModel
import SegmentLanguage

/// `V contains s` and its like.
final class TextNode: ConditionNode, @unchecked Sendable {
    let value: ValueNode
    let textOperator: TextOperator
    let wanted: ValueNode
    let ignoringCase: Bool
    /// Made once when what is wanted is fixed.
    private let test: TextTest?

    init(
        slot: Int, source: Condition, value: ValueNode, textOperator: TextOperator, wanted: ValueNode,
        ignoringCase: Bool
    ) {
        self.value = value
        self.textOperator = textOperator
        self.wanted = wanted
        self.ignoringCase = ignoringCase
        test = (wanted as? ConstantNode).map { TextTest(textOperator, $0.value, ignoringCase: ignoringCase) }
        super.init(slot: slot, traits: value.traits.joined(with: wanted.traits), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let own = value.evaluate(frame, place)
        let other = wanted.evaluate(frame, place)
        let test = self.test ?? TextTest(textOperator, other.value, ignoringCase: ignoringCase)
        let holds = test.holds(own.value, frame.evaluator.comparing)
        guard frame.wantsValidity, traits.clock == .flows else {
            return Truth(holds, until: min(own.until, other.until))
        }
        let until = StableStretch.end(from: frame.now) { horizon in
            isCertain(
                value.bounds(frame, place, horizon: horizon), wanted.bounds(frame, place, horizon: horizon),
                frame.evaluator.comparing)
        }
        return Truth(holds, until: until)
    }

    private func isCertain(_ own: Bounds, _ other: Bounds, _ comparing: Comparing) -> Bool {
        switch (own, other) {
        case (.exact, .exact): return true
        // What moves with the clock is a number, a time or a duration, which holds no text; but a list may have it.
        case (.exact(.list(let elements)), _):
            guard textOperator == .contains else { return true }
            let outcomes = elements.map {
                Bounds.outcome(.exact($0), .equal, other, ignoringCase: ignoringCase, comparing)
            }
            return outcomes.contains(true) || outcomes.allSatisfy { $0 == false }
        case (.range, .exact), (.exact, .range), (.range, .range): return true
        default: return false
        }
    }

    override func explain(_ frame: Frame) -> Explanation { Explanation(value: value, self, frame) }
}
