import EventModel
import SegmentLanguage

/// Windows of queries.
extension PlanBuilder {
    mutating func window(_ source: SegmentLanguage.Window) -> WindowNode {
        switch source {
        case .inLast(let length): WindowNode(.inLast(length.milliseconds))
        case .fromAgo(let from, let to): WindowNode(.fromAgo(from.milliseconds, to: to?.milliseconds ?? 0))
        case .beforeAgo(let length): WindowNode(.beforeAgo(length.milliseconds))
        case .from(let from, let to): WindowNode(.absolute(from: instant(from), to: instant(to)))
        case .before(let to): WindowNode(.absolute(from: nil, to: instant(to)))
        case .onOrAfter(let from): WindowNode(.absolute(from: instant(from), to: nil))
        case .since(let edge, let query): WindowNode(.since(AnchorNode(edge: edge, query: self.query(query))))
        case .beforeEvent(let edge, let query):
            WindowNode(.beforeEvent(AnchorNode(edge: edge, query: self.query(query))))
        case .withinAfter(let length, let edge, let query):
            WindowNode(.withinAfter(length.milliseconds, AnchorNode(edge: edge, query: self.query(query))))
        case .calendar(let period): WindowNode(.calendar(period))
        }
    }

    private func instant(_ literal: TimeLiteral) -> Int64 { literal.instant(in: settings.zone).milliseconds }
}
