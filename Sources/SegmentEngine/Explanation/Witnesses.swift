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
        newest(found(query, frame).filter { isWanted($0.place) }, frame)
    }

    /// The newest events behind the aggregates in some values, each once; none for other values.
    static func of(_ values: ValueNode..., in frame: Frame) -> [Explanation.Witness] {
        newest(values.flatMap { found($0, frame) }, frame)
    }

    /// An event, and the query that found it.
    private struct Found {
        let place: Occurrence
        let query: QueryNode
        /// The frame it was found in.
        let frame: Frame
    }

    private static func found(_ query: QueryNode, _ frame: Frame) -> [Found] {
        var found: [Found] = []
        _ = query.forEachMatch(frame) { found.append(Found(place: $0, query: query, frame: frame)) }
        return found
    }

    private static func found(_ value: ValueNode, _ frame: Frame) -> [Found] {
        switch value {
        case let metric as MetricNode: found(metric.metric, frame.root)
        case let aggregate as AggregateNode: found(aggregate.query, frame)
        case let arithmetic as ArithmeticNode: found(arithmetic.left, frame) + found(arithmetic.right, frame)
        default: []
        }
    }

    private static func newest(_ found: [Found], _ frame: Frame) -> [Explanation.Witness] {
        var seen: Set<Occurrence> = []
        let position = { (found: Found) in frame.evaluator.position(of: Int(found.place.row)) }
        return found.filter { seen.insert($0.place).inserted }
            .sorted { position($1) < position($0) }
            .prefix(most)
            .map { witness($0.place, $0.query, $0.frame) }
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
        guard let section = block.sections.first(where: { $0.rows.contains(row) }) else { return "" }
        return block.eventNames[Int(section.name)]
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
