import EventModel
import SegmentLanguage

/// Explanations of comparisons, and of conditions about segments and ranks.
extension Explanation {
    init(comparison node: CompareNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        self.init(node, truth)
        let left = node.left.evaluate(frame, .none).value
        let right = node.right.evaluate(frame, .none).value
        observed = Words.value(left)
        required = "\(node.comparison.rawValue) \(Words.value(right))"
        if !truth.holds {
            distance = Distance.value(left, node.comparison, right, of: node.left.source, truth: truth, frame)
        }
        witnesses = Witnesses.of(node.left, node.right, in: frame)
    }

    init(between node: BetweenNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        self.init(node, truth)
        let value = node.low.left.evaluate(frame, .none).value
        let low = node.low.right.evaluate(frame, .none).value
        let high = node.high.right.evaluate(frame, .none).value
        observed = Words.value(value)
        required = "between \(Words.value(low)) and \(Words.value(high))"
        if !node.low.evaluate(frame, .none).holds {
            distance = Distance.value(value, .greaterOrEqual, low, of: node.low.left.source, truth: truth, frame)
        } else if !truth.holds {
            distance = Distance.value(value, .lessOrEqual, high, of: node.low.left.source, truth: truth, frame)
        }
        witnesses = Witnesses.of(node.low.left, in: frame)
    }

    /// A condition that looks at one value.
    init(value: ValueNode, _ node: ConditionNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        self.init(node, truth)
        observed = Words.value(value.evaluate(frame, .none).value)
        if !truth.holds, node is AnniversaryNode, truth.until != never {
            distance = Words.distance(from: frame.now, to: truth.until)
        }
        witnesses = Witnesses.of(value, in: frame)
    }

    init(wasIn node: WasInSegmentNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        let then = frame.now.subtractingSaturating(node.age)
        self.init(node, truth)
        required = "member at \(Words.time(then))"
        guard frame.evaluator.created <= then else {
            observed = "not yet seen then"
            return
        }
        let inner = frame.evaluator.frame(at: then, wantsValidity: true)
        defer { frame.evaluator.release(inner) }
        children = [node.segment.condition.explain(inner)]
    }

    init(forAtLeast node: InSegmentForAtLeastNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        self.init(node, truth)
        required = "member since \(Words.time(frame.now.subtractingSaturating(node.length))) at the latest"
        if node.segment.condition.evaluate(frame, .none).holds {
            if let since = node.memberSince(frame) {
                observed = "member since \(Words.time(since))"
                distance = Words.distance(from: frame.now, to: since.addingSaturating(node.length))
            } else {
                observed = "member all the time"
            }
        } else {
            observed = "no member now"
        }
        children = [node.segment.condition.explain(frame.root)]
    }

    init(changed node: ChangedNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        self.init(node, truth)
        let changes = node.changes(frame).inside
        let word = node.entering ? "entered" : "left"
        observed = changes.last.map { "\(word) at \(Words.time($0))" } ?? "not \(word) in that time"
        children = [node.segment.condition.explain(frame.root)]
    }

    init(rank node: RankNode, _ frame: Frame) {
        let truth = node.evaluate(frame, .none)
        self.init(node, truth)
        let value = node.metric.evaluate(frame, .none).value
        observed = Words.value(value)
        if let population = node.population, !population.condition.evaluate(frame, .none).holds {
            observed = "not in segment \(population.name)"
            children = [population.condition.explain(frame.root)]
            return
        }
        guard let bounds = frame.evaluator.ranks.timeline(node.index).bounds(at: frame.now) else {
            required = "nobody is in this band"
            return
        }
        required =
            "from \(Words.value(bounds.lowest.metric(at: node.drift(at: frame.now)))) "
            + "to \(Words.value(bounds.highest.metric(at: node.drift(at: frame.now))))"
        if !truth.holds, case .rank(let metric, _, _) = node.source.kind {
            distance = Distance.rank(value, bounds, node.drift(at: frame.now), metric)
        }
        witnesses = Witnesses.of(node.metric, in: frame)
    }
}
