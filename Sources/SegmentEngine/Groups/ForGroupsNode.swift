import EventModel
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
        self.patterns = needed == nil ? patterns + [anyEvent] : patterns
        self.rows = needed == nil ? rows + [.all] : rows
        super.init(
            slot: slot,
            traits: NodeTraits(
                readsGroup: true, clock: body.traits.clock == .still ? .still : .steps, ranks: body.traits.ranks),
            source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        var holding = 0
        var failing = 0
        var until = never
        let wanted = wantedCount
        for group in groups(frame) {
            let truth = evaluate(group, frame)
            if truth.holds { holding += 1 } else { failing += 1 }
            until = min(until, truth.until)
            if quantifier == .every {
                if !truth.holds { return Truth(false, until: frame.wantsValidity ? truth.until : never) }
            } else if holding >= wanted, !frame.wantsValidity {
                return Truth(true)
            }
        }
        let holds = quantifier == .every ? holding > 0 && failing == 0 : holding >= wanted
        return Truth(holds, until: until)
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        let possible = quantifier == .every ? candidates : body.siftForGroups(candidates, sweep)
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
    ///
    /// Complexity: O(rows and items of the names asked about), each row once per group it belongs to.
    func groups(_ frame: Frame) -> [GroupContext] {
        let evaluator = frame.evaluator
        let keys = GroupKeys(evaluator: evaluator, slot: path)
        var making: Set<UInt32> = []
        for pattern in makers ?? patterns where !pattern.isVisit {
            making.formUnion(evaluator.binding.codes(of: pattern))
        }
        // Visits show by their first event; groups that have only such events exist through them.
        for pattern in makers ?? [] where pattern.isVisit { making.formUnion(evaluator.binding.codes(of: pattern)) }
        var codes = making
        for pattern in patterns { codes.formUnion(evaluator.binding.codes(of: pattern)) }
        var members: [Member] = []
        var known: Set<Int32> = []
        for code in codes.sorted(by: { (making.contains($0) ? 0 : 1, $0) < (making.contains($1) ? 0 : 1, $1) }) {
            let run = evaluator.visibleRun(code, frame)
            let makes = making.contains(code)
            for index in 0..<run.count {
                let row = run[index]
                keys.ofAll(row, in: frame.group) { key in
                    if makes { known.insert(key) }
                    if makes || known.contains(key) {
                        members.append(Member(key: key, code: code, row: UInt32(truncatingIfNeeded: row)))
                    }
                }
            }
        }
        return contexts(of: members, in: frame.group)
    }

    /// A row that belongs to a group.
    private struct Member {
        let key: Int32
        let code: UInt32
        let row: UInt32
    }

    /// - Parameter members: name by name, and within one name in history order.
    private func contexts(of members: [Member], in parent: GroupContext?) -> [GroupContext] {
        // By group; within a group the order stays, which the sort alone does not promise.
        let order = members.indices.sorted { (members[$0].key, $0) < (members[$1].key, $1) }
        var contexts: [GroupContext] = []
        var start = 0
        while start < order.count {
            let key = members[order[start]].key
            var rows: [UInt32: [UInt32]] = [:]
            while start < order.count, members[order[start]].key == key {
                let code = members[order[start]].code
                var end = start
                while end < order.count, members[order[end]].key == key, members[order[end]].code == code { end += 1 }
                rows[code] = order[start..<end].map { members[$0].row }
                start = end
            }
            contexts.append(GroupContext(slot: path, key: key, parent: parent, rowsOfName: rows))
        }
        return contexts
    }
}
