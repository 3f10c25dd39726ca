import EventModel
import SegmentLanguage

/// `did E [COUNT] [where F] [WINDOW]`, and `did not E` as exactly 0 times.
final class DidNode: ConditionNode, @unchecked Sendable {
    let query: QueryNode
    let requirement: CountRequirement

    init(slot: Int, source: Condition, query: QueryNode, requirement: CountRequirement) {
        self.query = query
        self.requirement = requirement
        super.init(slot: slot, traits: query.traits, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        guard frame.wantsValidity, traits.clock != .still else {
            return Truth(requirement.isMet(by: count(frame)))
        }
        if requirement.unit == .times { return leaving(frame) ?? timed(frame) }
        var counter = DistinctCounter(unit: requirement.unit)
        let until = query.forEachMatch(frame) { counter.add($0, frame) }
        return Truth(requirement.isMet(by: counter.count), until: until)
    }

    /// How many events, days or visits there are; events are counted only as far as it matters.
    private func count(_ frame: Frame) -> Int {
        if requirement.unit == .times { return query.count(frame, upTo: requirement.decidingCount) }
        return observed(frame)
    }

    /// The whole count.
    func observed(_ frame: Frame) -> Int {
        var counter = DistinctCounter(unit: requirement.unit)
        _ = query.forEachMatch(frame) { counter.add($0, frame) }
        return counter.count
    }

    /// The answer where events only leave the window: it turns, if at all, when one certain event leaves. Nil where it
    /// takes more than that.
    private func leaving(_ frame: Frame) -> Truth? {
        guard let turn = requirement.onlyTurn, !query.pattern.isVisit,
            query.filter.map({ $0.traits.clock == .still }) ?? true, case .inLast(let length) = query.window?.kind
        else { return nil }
        if turn.count <= 0 { return Truth(turn.holdsFromThere) }
        guard let time = query.time(ofNewest: turn.count, frame) else { return Truth(!turn.holdsFromThere) }
        return Truth(turn.holdsFromThere, until: time.addingSaturating(length))
    }

    /// Lets the rows leave and enter by the clock one after another until the answer turns.
    private func timed(_ frame: Frame) -> Truth {
        var changes = CountChanges()
        changes.collect(query, frame)
        let holds = requirement.isMet(by: changes.count)
        return Truth(holds, until: changes.firstInstant { requirement.isMet(by: $0) != holds })
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        guard requirement.unit == .times,
            let counts = sweep.visitCounts(query, candidates, upTo: requirement.decidingCount)
                ?? sweep.query(query)?.counts(of: candidates, upTo: requirement.decidingCount)
        else { return super.sift(candidates, sweep) }
        let (least, most) = requirement.bounds
        return candidates.filteredByIndex { counts[$0] >= least && counts[$0] <= most }
    }

    override var siftingCost: Int { query.sweepingCost }

    override var rowFilter: ConditionNode? {
        guard requirement.unit == .times, !query.pattern.isVisit, query.window?.anchor == nil,
            let filter = query.filter, filter.isOfRowAlone
        else { return nil }
        return filter
    }

    /// A group shows some of the events, so where all of them are too few, those of a group are.
    override func siftForGroups(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        guard requirement.growsWithCount, query.window?.anchor == nil, !(query.filter?.traits.readsGroup ?? false)
        else { return candidates }
        return members(among: candidates, sweep)
    }

    override var patternsNeeded: [Pattern]? { requirement.isMet(by: 0) ? nil : [query.pattern] }

    override func failsInGroups(_ frame: Frame) -> Int64? {
        guard requirement.growsWithCount, query.window?.anchor == nil, !(query.filter?.traits.readsGroup ?? false)
        else { return nil }
        let truth = evaluate(frame, .none)
        return truth.holds ? nil : truth.until
    }

    override func explain(_ frame: Frame) -> Explanation {
        Explanation(did: self, frame)
    }
}

extension CountRequirement {
    /// Whether more events never turn it from met to not met.
    var growsWithCount: Bool {
        switch bound {
        case .atLeast, .moreThan: true
        default: false
        }
    }

    /// The count from which on it is met, or no longer; nil when it is met somewhere in between.
    var onlyTurn: (count: Int, holdsFromThere: Bool)? {
        switch bound {
        case .atLeast(let n): (n, true)
        case .moreThan(let n): (n.addingSaturatingOne, true)
        case .atMost(let n): (n.addingSaturatingOne, false)
        case .fewerThan(let n): (n, false)
        case .exactly(0): (1, false)
        case .exactly, .between: nil
        }
    }

    /// The smallest and the largest count that meet it; the first is larger when none does.
    var bounds: (least: Int32, most: Int32) {
        func count(_ number: Int) -> Int32 { Int32(clamping: number) }
        switch bound {
        case .atLeast(let n): return (count(n), .max)
        case .moreThan(let n): return (count(n.addingSaturatingOne), .max)
        case .atMost(let n): return (0, count(n))
        case .exactly(let n): return (count(n), count(n))
        case .fewerThan(let n): return n > 0 ? (0, count(n - 1)) : (1, 0)
        case .between(let low, let high): return (count(low), count(high))
        }
    }

    /// The count from which on more changes nothing.
    var decidingCount: Int {
        switch bound {
        case .atLeast(let n): n
        case .atMost(let n), .exactly(let n), .moreThan(let n): n.addingSaturatingOne
        case .fewerThan(let n): n
        case .between(_, let high): high.addingSaturatingOne
        }
    }
}

extension Int {
    fileprivate var addingSaturatingOne: Int { self == .max ? .max : self + 1 }
}

/// Counts events, the calendar days they fall on, or the visits they belong to.
struct DistinctCounter {
    let unit: CountRequirement.Unit
    private var times = 0
    private var days: Set<Int32> = []
    private var visits: Set<Int> = []

    init(unit: CountRequirement.Unit) {
        self.unit = unit
    }

    mutating func add(_ place: Occurrence, _ frame: Frame) {
        let evaluator = frame.evaluator
        switch unit {
        case .times: times += 1
        case .days:
            days.insert(evaluator.day(of: evaluator.binding.times[Int(place.row)]).daysSinceEpoch)
        case .visits:
            if place.visit >= 0 {
                visits.insert(Int(place.visit))
            } else if let visit = evaluator.visits.visit(at: evaluator.binding.times[Int(place.row)]) {
                visits.insert(visit)
            }
        }
    }

    var count: Int {
        switch unit {
        case .times: times
        case .days: days.count
        case .visits: visits.count
        }
    }
}
