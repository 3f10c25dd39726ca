import EventModel
import EventStore
import SegmentLanguage

/// Finds the events that an explanation names.
enum Witnesses {
    /// How many events an explanation names at most.
    static let most = 5

    /// The newest matching events of a query.
    static func of(
        _ query: QueryNode, _ frame: Frame, where isWanted: (Occurrence) -> Bool = { _ in true }
    ) -> [Explanation.Witness] {
        var places: [Occurrence] = []
        _ = query.forEachMatch(frame) { if isWanted($0) { places.append($0) } }
        let evaluator = frame.evaluator
        places.sort { evaluator.position(of: Int($1.row)) < evaluator.position(of: Int($0.row)) }
        return places.prefix(most).map { witness($0, query, frame) }
    }

    /// The newest events behind an aggregate; none for other values.
    static func of(_ value: ValueNode, _ frame: Frame) -> [Explanation.Witness] {
        if let metric = value as? MetricNode { return of(metric.metric, frame.root) }
        if let aggregate = value as? AggregateNode { return of(aggregate.query, frame) }
        guard let arithmetic = value as? ArithmeticNode else { return [] }
        return Array((of(arithmetic.left, frame) + of(arithmetic.right, frame)).prefix(most))
    }

    static func witness(_ place: Occurrence, _ query: QueryNode, _ frame: Frame) -> Explanation.Witness {
        let evaluator = frame.evaluator
        let row = Int(place.row)
        let time = Timestamp(milliseconds: evaluator.binding.times[row])
        let properties = query.mentioned.compactMap { slot in
            value(of: slot, place, frame).map { (name: Text(PathText.text(slot.path)), value: $0) }
        }
        let name: Text = place.visit >= 0 ? "visit" : name(of: row, evaluator)
        return Explanation.Witness(event: name, time: time, properties: properties)
    }

    private static func name(of row: Int, _ evaluator: ProfileEvaluator) -> Text {
        let block = evaluator.block
        let runs = block.runs[Int(block.runOffsets[evaluator.profile])..<Int(block.runOffsets[evaluator.profile + 1])]
        guard let run = runs.first(where: { $0.rows.contains(row) }) else { return "" }
        return block.eventNames[Int(run.name)]
    }

    /// The value of an event's property, or those of its items.
    private static func value(of slot: PathSlot, _ place: Occurrence, _ frame: Frame) -> JSONValue? {
        guard slot.path.scope == .items else { return frame.evaluator.read(slot, place, frame).json }
        var values: [JSONValue] = []
        frame.evaluator.forEachItem(of: Int(place.row), in: frame.group) { item in
            if let value = frame.evaluator.read(slot, place.with(item: item), frame).json { values.append(value) }
        }
        return values.isEmpty ? nil : .array(values)
    }
}
