import EventModel
import SegmentLanguage

extension Explanation {
    /// What a metric is for a profile, and the events behind it.
    init(metric node: ValueNode, _ frame: Frame) {
        let timed = node.evaluate(frame, .none)
        self.init(
            condition: Printer.text(of: node.source), holds: !timed.value.isNull, observed: Words.value(timed.value),
            witnesses: Witnesses.of(node, in: frame),
            validUntil: timed.until == never ? nil : Timestamp(milliseconds: timed.until))
        if let arithmetic = node as? ArithmeticNode {
            children = [arithmetic.left, arithmetic.right].map { Explanation(metric: $0, frame) }
        }
        if let metric = node as? MetricNode { children = [Explanation(metric: metric.metric, frame.root)] }
    }
}
