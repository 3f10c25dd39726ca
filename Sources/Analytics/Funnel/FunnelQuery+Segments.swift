package import EventModel
package import SegmentLanguage

/// What a funnel counts, as segments.
extension FunnelQuery {
    /// The condition that holds for the profiles that reached a step; steps count from 0.
    ///
    /// - Parameter group: only those of a group; nil: all.
    package func condition(reaching step: Int, in group: Group.Kind? = nil) -> Condition {
        Self.all(membership(in: group) + reaching(step, in: group))
    }

    /// The profiles that reached a step and not the one after it, as a segment to talk to; nil after the last step.
    ///
    /// - Parameter group: only those of a group; nil: all.
    package func dropOff(after step: Int, in group: Group.Kind? = nil, named name: Text) -> Definition? {
        guard step + 1 < steps.count else { return nil }
        let lost = Condition(.not(Self.all(reaching(step + 1, in: group))))
        return Definition(
            name: name, body: .segment(Self.all(membership(in: group) + reaching(step, in: group) + [lost])))
    }

    private static func all(_ terms: [Condition]) -> Condition { terms.count == 1 ? terms[0] : Condition(.and(terms)) }

    private func membership(in group: Group.Kind?) -> [Condition] {
        switch group {
        case .segment(let name): [Condition(.inSegment(name))]
        case .others(let names): names.map { Condition(.not(Condition(.inSegment($0)))) }
        case nil, .value: []
        }
    }

    /// Terms that all hold for whoever reached a step.
    private func reaching(_ step: Int, in group: Group.Kind?) -> [Condition] {
        let first = if case .value(let path, let value) = group { steps[0].having(path, value) } else { steps[0] }
        if step == 0 { return [Condition(.did(first, count: nil))] }
        let starting = EventQuery(first.events, where: first.filter)
        switch order {
        case .ordered: return [sequence([starting] + steps[1...step], first.window)]
        case .loose: return steps[1...step].map { sequence([starting, $0], first.window) }
        }
    }

    private func sequence(_ steps: [EventQuery], _ window: Window?) -> Condition {
        let steps = steps.map { SegmentLanguage.Sequence.Step(EventQuery($0.events, where: $0.filter)) }
        return Condition(
            .sequence(SegmentLanguage.Sequence(steps: steps, within: within), count: nil, window: window))
    }
}

extension EventQuery {
    /// The events of the query that have a value.
    func having(_ path: PropertyPath, _ value: Text) -> EventQuery {
        let has = Condition(
            .compare(Value(.property(path)), .equal, Value(.string(value)), ignoringCase: false))
        var query = self
        if case .and(let terms) = filter?.kind {
            query.filter = Condition(.and(terms + [has]))
        } else {
            query.filter = filter.map { Condition(.and([$0, has])) } ?? has
        }
        return query
    }
}
