import EventModel
import SegmentLanguage

/// `first(E ..)`, `last(E ..)`: the time of the first or last matching event; `first(X of E ..)`: X of that event.
final class EdgeAggregate: AggregateNode, @unchecked Sendable {
    let edge: SegmentLanguage.Window.Edge

    init(
        slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode?,
        edge: SegmentLanguage.Window.Edge
    ) {
        self.edge = edge
        super.init(slot: slot, source: source, query: query, expression: expression)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        if let found = query.edge(edge, frame) {
            return value(of: found.row.map { Occurrence(row: $0) }, frame, until: found.until)
        }
        var best: (position: Position, place: Occurrence)?
        let until = query.forEachMatch(frame) { place in
            let position = frame.evaluator.position(of: Int(place.row))
            guard let known = best, edge == .first ? known.position <= position : position <= known.position else {
                best = (position, place)
                return
            }
        }
        return value(of: best?.place, frame, until: until)
    }

    private func value(of place: Occurrence?, _ frame: Frame, until: Int64) -> TimedValue {
        guard let place else { return TimedValue(.null, until: until) }
        guard let expression else {
            let time = frame.evaluator.binding.times[Int(place.row)]
            return TimedValue(.time(Timestamp(milliseconds: time)), until: until)
        }
        let timed = value(of: expression, place, frame)
        return TimedValue(timed.value, until: min(until, timed.until))
    }

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind { expression == nil ? .time : .any }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        guard let query = sweep.query(query) else { return super.fill(column, profiles, sweep) }
        let rows = query.edges(of: profiles, isFirst: edge == .first)
        guard let expression else {
            let times = sweep.binding.times
            return column.fill(profiles) { index, _ in rows[index] < 0 ? nil : times[Int(rows[index])] }
        }
        for (profile, row) in zip(profiles, rows) {
            if row < 0 {
                column.setNull(profile)
            } else {
                column.set(value(of: expression, Occurrence(row: Int(row)), sweep.frame(of: profile)).value, profile)
            }
        }
    }

    override var fillingCost: Int { query.sweepingCost + (expression == nil ? 0 : 4) }

    /// X of one event; for a path into the items that of the first item that has it.
    private func value(of expression: ValueNode, _ place: Occurrence, _ frame: Frame) -> TimedValue {
        guard expression.traits.readsItem else { return expression.evaluate(frame, place) }
        var found = TimedValue(.null)
        frame.evaluator.forEachItem(of: Int(place.row), in: frame.group) { item in
            guard found.value.isNull else { return }
            let timed = expression.evaluate(frame, place.with(item: item))
            found = TimedValue(timed.value, until: min(found.until, timed.until))
        }
        return found
    }
}
