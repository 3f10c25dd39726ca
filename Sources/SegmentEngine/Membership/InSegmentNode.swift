import EventModel
import EventStore
import SegmentLanguage

/// `in segment S`
final class InSegmentNode: ConditionNode, @unchecked Sendable {
    let segment: SegmentReference

    init(slot: Int, source: Condition, segment: SegmentReference) {
        self.segment = segment
        let inner = segment.condition.traits
        // A segment is the profile's, also inside a group.
        super.init(slot: slot, traits: NodeTraits(clock: inner.clock, ranks: inner.ranks), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth { segment.condition.evaluate(frame, .none) }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        segment.condition.members(among: candidates, sweep)
    }

    override var siftingCost: Int { segment.condition.siftingCost }

    override func explain(_ frame: Frame) -> Explanation {
        Explanation(self, evaluate(frame, .none), children: [segment.condition.explain(frame.root)])
    }
}

/// `was in segment S D ago`: the current definition of S as of that instant.
final class WasInSegmentNode: ConditionNode, @unchecked Sendable {
    let segment: SegmentReference
    let age: Int64

    init(slot: Int, source: Condition, segment: SegmentReference, age: Int64) {
        self.segment = segment
        self.age = age
        super.init(
            slot: slot, traits: NodeTraits(clock: .steps, ranks: segment.condition.traits.ranks(from: age, to: age)),
            source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let then = segment.membership(
            at: frame.now.subtractingSaturating(age), frame.evaluator, wantsValidity: frame.wantsValidity)
        return Truth(then.holds, until: then.until.addingSaturating(age))
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        let then = sweep.at(sweep.now.subtractingSaturating(age))
        let firstTimes = sweep.block.firstTimes
        return segment.condition.members(among: candidates.filter { firstTimes[Int($0)] <= then.now }, then)
    }

    override var siftingCost: Int { segment.condition.siftingCost + 1 }

    override func explain(_ frame: Frame) -> Explanation { Explanation(wasIn: self, frame) }
}

/// `in segment S for at least D`: a member at every instant of [now - D, now].
final class InSegmentForAtLeastNode: ConditionNode, @unchecked Sendable {
    let segment: SegmentReference
    let length: Int64

    init(slot: Int, source: Condition, segment: SegmentReference, length: Int64) {
        self.segment = segment
        self.length = length
        super.init(
            slot: slot, traits: NodeTraits(clock: .steps, ranks: segment.condition.traits.ranks(from: length, to: 0)),
            source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let current = segment.condition.evaluate(frame, .none)
        // Not a member now: not for D from the next change on either.
        if !current.holds { return Truth(false, until: current.until.addingSaturating(length)) }
        guard let since = memberSince(frame) else { return Truth(true, until: current.until) }
        return Truth(false, until: since.addingSaturating(length))
    }

    /// Who is no member at both ends of the time has not been one all the time; the others are followed.
    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        guard sweep.around == nil else { return super.sift(candidates, sweep) }
        let begin = sweep.at(sweep.now.subtractingSaturating(length))
        let firstTimes = sweep.block.firstTimes
        let existing = candidates.filtered { firstTimes[Int($0)] <= begin.now }
        let members = segment.condition.members(among: existing, sweep)
        return segment.condition.members(among: members, begin).filter {
            evaluate(sweep.frame(of: $0), .none).holds
        }
    }

    override var siftingCost: Int { 100 + segment.condition.siftingCost }

    /// The instant since when the profile has been a member, if it was none somewhere in [now - D, now]; nil when it
    /// was all the time. Without validity wanted the instant may be an earlier one.
    func memberSince(_ frame: Frame) -> Int64? {
        var instant = frame.now.subtractingSaturating(length)
        var since: Int64?
        var pace = Pace()
        while instant <= frame.now {
            let truth = segment.membership(at: instant, frame.evaluator)
            if !truth.holds {
                since = truth.until
                if !frame.wantsValidity { return since }
            }
            instant = pace.next(after: instant, until: truth.until)
        }
        return since
    }

    override func explain(_ frame: Frame) -> Explanation { Explanation(forAtLeast: self, frame) }
}
