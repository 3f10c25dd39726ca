import EventModel
import EventStore
import SegmentLanguage

/// The rows of a pattern that somebody may ask about.
enum GroupRows: Sendable {
    case all
    /// Only those inside windows that do not start from or end at events.
    case within([WindowNode])

    static func inside(_ window: WindowNode) -> GroupRows { window.anchor == nil ? .within([window]) : .all }

    func union(_ other: GroupRows) -> GroupRows {
        switch (self, other) {
        case (.within(let some), .within(let others)):
            .within(some + others.filter { other in !some.contains { $0 === other } })
        default: .all
        }
    }
}

/// `for some P: C`, `for at least N P: C`, `for every P: C`.
final class ForGroupsNode: ConditionNode, @unchecked Sendable {
    let quantifier: GroupQuantifier
    let path: PathSlot
    let body: ConditionNode
    /// The patterns that C asks about; their rows are put into groups.
    let patterns: [Pattern]
    /// Which rows of each of them C may see at its instant.
    let rows: [GroupRows]
    /// What events make groups worth looking at; nil for all events of the profile.
    let makers: [Pattern]?
    /// The columns that C reads; nil when C asks for more than the events of a group.
    let columns: [PropertyPath]?
    /// Where C only counts events.
    private let counts: GroupCounts?

    init(
        slot: Int, source: Condition, quantifier: GroupQuantifier, path: PathSlot, body: ConditionNode,
        patterns: [Pattern], rows: [GroupRows], anyEvent: Pattern, columns: [PropertyPath]?
    ) {
        self.quantifier = quantifier
        self.columns = columns
        self.path = path
        self.body = body
        // Groups are made of all events. But where C fails without certain events, groups that have none of those
        // change nothing, unless every group must be asked.
        let needed = quantifier == .every ? nil : body.patternsNeeded
        makers = needed
        counts = needed == nil ? nil : GroupCounts(body, by: path)
        self.patterns = needed == nil ? patterns + [anyEvent] : patterns
        self.rows = needed == nil ? rows + [.all] : rows
        super.init(
            slot: slot,
            traits: NodeTraits(
                readsGroup: true, clock: body.traits.clock == .still ? .still : .steps, ranks: body.traits.ranks),
            source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        if quantifier != .every, wantedCount > 0, let until = body.failsInGroups(frame) {
            return Truth(false, until: until)
        }
        if let truth = counts?.truth(frame, atLeast: wantedCount) { return truth }
        let table = table(frame)
        guard !table.keys.isEmpty else { return Truth(quantifier != .every && wantedCount == 0) }
        let group = GroupContext(slot: path, parent: frame.group, table: table, number: 0)
        let inner = frame.evaluator.frame(
            at: frame.now, wantsValidity: frame.wantsValidity, group: group, root: frame.root)
        defer { frame.evaluator.release(inner) }
        var holding = 0
        var untilHolding = never
        var untilFailing = never
        for number in table.keys.indices {
            if number > 0 {
                group.turn(to: number)
                inner.reset(now: frame.now, wantsValidity: frame.wantsValidity, group: group, root: frame.root)
            }
            let truth = body.evaluate(inner, .none)
            if truth.holds {
                holding += 1
                untilHolding = min(untilHolding, truth.until)
                // As long as these hold, that is enough.
                if quantifier != .every, holding >= wantedCount { return Truth(true, until: untilHolding) }
            } else {
                if quantifier == .every { return truth }
                untilFailing = min(untilFailing, truth.until)
            }
        }
        if quantifier == .every { return Truth(true, until: untilHolding) }
        // As long as no other one holds there are too few.
        return Truth(wantedCount <= 0, until: wantedCount <= 0 ? never : untilFailing)
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        let possible = quantifier == .every ? candidates : body.siftForGroups(candidates, sweep)
        if let holding = counts?.sift(possible, atLeast: wantedCount, sweep) { return holding }
        guard let groups = GroupBlock(self, possible, sweep) else { return super.sift(possible, sweep) }
        let holding = groups.holding(body)
        switch quantifier {
        case .some: return possible.filtered { holding[Int($0)] > 0 }
        case .atLeast(let count): return possible.filtered { holding[Int($0)] >= count }
        case .every:
            let all = groups.counts
            return possible.filtered { holding[Int($0)] > 0 && holding[Int($0)] == all[Int($0)] }
        }
    }

    override var siftingCost: Int { 200 }

    override func explain(_ frame: Frame) -> Explanation { Explanation(groups: self, frame) }

    private var wantedCount: Int {
        switch quantifier {
        case .some, .every: 1
        case .atLeast(let count): count
        }
    }

    /// C for one group.
    func evaluate(_ group: GroupContext, _ frame: Frame) -> Truth {
        inside(group, frame) { body.evaluate($0, .none) }
    }

    func inside<Result>(_ group: GroupContext, _ frame: Frame, _ body: (Frame) -> Result) -> Result {
        let inner = frame.evaluator.frame(
            at: frame.now, wantsValidity: frame.wantsValidity, group: group, root: frame.root)
        defer { frame.evaluator.release(inner) }
        return body(inner)
    }

    /// The groups of the frame's events, in order of their keys.
    func groups(_ frame: Frame) -> [GroupContext] {
        let table = table(frame)
        return table.keys.indices.map { GroupContext(slot: path, parent: frame.group, table: table, number: $0) }
    }

    /// The rows of the frame's events by group.
    ///
    /// Complexity: O(rows and items of the names asked about), each row once per group it belongs to.
    private func table(_ frame: Frame) -> GroupTable {
        let evaluator = frame.evaluator
        let keys = GroupKeys(evaluator: evaluator, slot: path)
        // Visits show by their first event; groups that have only such events exist through them.
        var codes: [UInt32] = []
        for pattern in makers ?? patterns where makers != nil || !pattern.isVisit {
            for code in evaluator.binding.codes(of: pattern) where !codes.contains(code) { codes.append(code) }
        }
        let makingCount = codes.count
        for pattern in patterns {
            for code in evaluator.binding.codes(of: pattern) where !codes.contains(code) { codes.append(code) }
        }
        var members: [GroupTable.Member] = []
        let owner = evaluator.nextOwner()
        for (place, code) in codes.enumerated() {
            let run = evaluator.visibleRun(code, frame)
            let makes = place < makingCount
            for index in 0..<run.count {
                let row = run[index]
                keys.ofAll(row, in: frame.group) { key in
                    if makes {
                        evaluator.keyNotes.set(0, key, for: owner)
                    } else if evaluator.keyNotes.note(key, for: owner) == nil {
                        return
                    }
                    members.append(
                        GroupTable.Member(
                            key: key, name: Int32(truncatingIfNeeded: place), row: UInt32(truncatingIfNeeded: row)))
                }
            }
        }
        return GroupTable(members, codes: codes, names: evaluator.block.eventNames.count)
    }
}
