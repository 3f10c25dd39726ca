import EventModel
import SegmentLanguage

/// Explanations of conditions that count events.
extension Explanation {
    init(did node: DidNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        let count = node.observed(frame)
        self.init(node, truth)
        let unit = node.requirement.unit
        observed = Words.count(count, unit)
        required = Words.requirement(node.requirement)
        if !truth.holds {
            distance = Distance.count(
                count, node.requirement, of: node.query.pattern.source, truth: truth, now: frame.now)
        }
        witnesses = Witnesses.of(node.query, frame)
    }

    init(periods node: PeriodsNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        let count = node.observed(frame).count
        self.init(node, truth)
        observed = "\(count) of \(node.periods)"
        required = "at least \(node.atLeast)"
        if !truth.holds { distance = "\(node.atLeast - count) more" }
        witnesses = Witnesses.of(node.query, frame)
    }

    init(every node: EveryNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        let (count, failing, _) = node.observed(frame)
        self.init(node, truth)
        observed = "\(count - failing) of \(Words.count(count, node.query.pattern.source))"
        required = count == 0 ? "at least 1, and all" : "all"
        if !truth.holds, count == 0 { distance = "1 more \(Words.noun(node.query.pattern.source, count: 1))" }
        witnesses = Witnesses.of(node.query, frame) { place in
            failing == 0 || !node.requirement.evaluate(frame, place).holds
        }
    }

    init(sequence node: SequenceNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        let matches = node.matches(frame).matches
        self.init(node, truth)
        observed = Words.count(node.count(matches, frame), node.requirement.unit)
        required = Words.requirement(node.requirement)
        if !truth.holds, validUntil != nil { distance = Words.distance(from: frame.now, to: truth.until) }
        var places: [Occurrence] = []
        for match in matches.suffix(Witnesses.most) { places.append(match.first) }
        witnesses = places.reversed().map { Witnesses.witness($0, node.steps[0], frame) }
        for (index, step) in node.steps.enumerated() {
            var places: [Occurrence] = []
            _ = step.forEachMatch(frame) { places.append($0) }
            children.append(
                Explanation(
                    condition: "step \(index + 1): \(Words.pattern(step.pattern.source))", holds: !places.isEmpty,
                    observed: Words.count(places.count, .times), witnesses: Witnesses.of(step, frame)))
        }
    }

    /// The groups that hold, else those that exist; each with what is inside it.
    init(groups node: ForGroupsNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        self.init(node, truth)
        let groups = node.groups(frame)
        let holding = groups.filter { node.evaluate($0, frame).holds }
        let name = PathText.text(node.path.path)
        observed = "\(holding.count) of \(groups.count) values of \(name)"
        switch node.quantifier {
        case .some: required = "at least 1"
        case .atLeast(let count): required = "at least \(count)"
        case .every: required = "all, and at least 1"
        }
        let identities = frame.evaluator.binding.identities
        let failing = groups.filter { !node.evaluate($0, frame).holds }
        let shown = node.quantifier == .every ? failing + holding : holding + failing
        children = shown.prefix(Witnesses.most).map { group in
            node.inside(group, frame) { inner in
                var child = node.body.explain(inner)
                child.condition = "\(name) \(identities[Int(group.key)]): \(child.condition)"
                return child
            }
        }
    }
}
