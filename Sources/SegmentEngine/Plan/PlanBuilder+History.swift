import EventModel
import SegmentLanguage

/// Conditions that ask the history.
extension PlanBuilder {
    mutating func makeEventCondition(_ source: Condition) -> ConditionNode {
        switch source.kind {
        case .did(let query, let count):
            return did(source, query, count ?? .atLeastOnce)
        case .didNot(let query):
            return did(source, query, CountRequirement(.exactly(0), .times))
        case .didInPeriods(let query, let atLeast, let periods, let unit):
            let (length, overflow) = unit.milliseconds.multipliedReportingOverflow(by: Int64(periods))
            let inner = self.query(query)
            let node = QueryNode(
                pattern: inner.pattern, filter: inner.filter, window: WindowNode(.inLast(overflow ? .max : length)),
                mentioned: inner.mentioned)
            return PeriodsNode(
                slot: nextConditionSlot(), source: source, query: node, atLeast: atLeast, periods: periods, unit: unit)
        case .every(let query, let requirement):
            let node = self.query(query)
            let filter = compile(requirement, .filter)
            return EveryNode(slot: nextConditionSlot(), source: source, query: node, requirement: filter)
        case .sequence(let sequence, let count, let window):
            return self.sequence(source, sequence, count ?? .atLeastOnce, window)
        case .forGroups(let quantifier, let path, let body):
            return groups(source, quantifier, path, body)
        default:
            return ConditionNode(slot: nextConditionSlot(), traits: .constant, source: source)
        }
    }

    private mutating func did(_ source: Condition, _ query: EventQuery, _ count: CountRequirement) -> DidNode {
        if count.unit == .visits { needVisits() }
        let node = self.query(query)
        return DidNode(slot: nextConditionSlot(), source: source, query: node, requirement: count)
    }

    private mutating func groups(
        _ source: Condition, _ quantifier: GroupQuantifier, _ path: PropertyPath, _ body: Condition
    ) -> ForGroupsNode {
        let slot = slot(path, forGroups: true)
        let outer = footprint
        footprint = Footprint()
        let node = compile(body, .profile)
        let rows = footprint.groupPatterns
        let asked = rows.keys.sorted().map { patterns[$0] }
        // Visits are formed of all events, whatever group they are seen from.
        let asksForVisits = footprint.interest.patterns.contains { patterns[$0].isVisit }
        let canStandAlone = !asksForVisits && !footprint.followsFromGroup
        // Values that events lack are looked up by their product.
        if !settings.catalogue.isEmpty { _ = column(PropertyPath(.properties, ["product_id"])) }
        let columns = canStandAlone ? footprint.columns.sorted().map { columnPaths[$0] } : nil
        footprint.formUnion(outer)
        let anyEvent = pattern(.anyEvent, asksForRows: false)
        let groups = ForGroupsNode(
            slot: nextConditionSlot(), source: source, quantifier: quantifier, path: slot, body: node,
            patterns: asked, rows: asked.map { rows[$0.index] ?? .all }, anyEvent: anyEvent,
            columns: columns)
        // What the groups are made of is asked for as well.
        for pattern in groups.patterns {
            footprint.interest.patterns.insert(pattern.index)
            footprint.groupPatterns[pattern.index] = .all
        }
        return groups
    }

    private mutating func sequence(
        _ source: Condition, _ sequence: SegmentLanguage.Sequence, _ count: CountRequirement,
        _ window: SegmentLanguage.Window?
    ) -> ConditionNode {
        if count.unit == .visits { needVisits() }
        var steps: [QueryNode] = []
        var gaps: [[QueryNode]] = []
        var pending: [SequenceNode.TrailingNot] = []
        for step in sequence.steps {
            let node = query(step.query)
            if step.negated {
                pending.append(SequenceNode.TrailingNot(query: node, within: step.within?.milliseconds))
            } else {
                if !steps.isEmpty { gaps.append(pending.map(\.query)) }
                pending = []
                steps.append(node)
            }
        }
        guard !steps.isEmpty else {
            return ConditionNode(slot: nextConditionSlot(), traits: .constant, source: source)
        }
        let same = sequence.same.map { slot($0, forGroups: true) }
        let windowNode = window.map { self.window($0) }
        return SequenceNode(
            slot: nextConditionSlot(), source: source, steps: steps, gaps: gaps, trailing: pending,
            within: sequence.within?.milliseconds, same: same, window: windowNode, requirement: count)
    }
}
