import EventModel
import SegmentLanguage

/// `most frequent(X of E ..)`: the value that occurs most often; of several the one seen last, in the form seen last.
final class MostFrequentAggregate: AggregateNode, @unchecked Sendable {
    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode) {
        super.init(slot: slot, source: source, query: query, expression: expression)
    }

    private struct Tally {
        var count: Int
        var value: Value
        var position: ValuePosition
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        var tallies: [Text: Tally] = [:]
        let until = forEachValue(frame) { value, position in
            guard let identity = value.identity else { return }
            guard var tally = tallies[identity] else {
                tallies[identity] = Tally(count: 1, value: value, position: position)
                return
            }
            tally.count += 1
            if tally.position <= position {
                tally.value = value
                tally.position = position
            }
            tallies[identity] = tally
        }
        let best = tallies.values.max { ($0.count, $0.position) < ($1.count, $1.position) }
        return TimedValue(best?.value ?? .null, until: until)
    }
}
