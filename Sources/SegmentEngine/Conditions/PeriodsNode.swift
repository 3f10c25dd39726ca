import EventModel
import SegmentLanguage

/// `did E in at least N of last M days/weeks/months [where F]`: how many of the M periods ending now have a match.
final class PeriodsNode: ConditionNode, @unchecked Sendable {
    let query: QueryNode
    let atLeast: Int
    let periods: Int
    let length: Int64

    init(slot: Int, source: Condition, query: QueryNode, atLeast: Int, periods: Int, unit: PeriodUnit) {
        self.query = query
        self.atLeast = atLeast
        self.periods = periods
        length = unit.milliseconds
        super.init(slot: slot, traits: NodeTraits(readsGroup: true, clock: .steps), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let (count, until) = observed(frame)
        return Truth(count >= atLeast, until: until)
    }

    /// The number of periods with a match, and until when that is sure.
    func observed(_ frame: Frame) -> (count: Int, until: Int64) {
        var found: Set<Int64> = []
        var next = never
        let until = query.forEachMatch(frame) { place in
            let age = frame.now.subtractingSaturating(frame.evaluator.binding.times[Int(place.row)])
            let period = age / length
            guard period < Int64(periods) else { return }
            found.insert(period)
            // The event moves into the next older period when its age is a whole number of periods.
            next = min(next, frame.now.addingSaturating((period + 1) * length - age))
        }
        return (found.count, min(next, until))
    }

    override var patternsNeeded: [Pattern]? { atLeast > 0 ? [query.pattern] : nil }

    override func explain(_ frame: Frame) -> Explanation { Explanation(periods: self, frame) }
}
