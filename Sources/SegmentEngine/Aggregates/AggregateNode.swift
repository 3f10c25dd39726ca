import EventModel
import SegmentLanguage

/// An aggregate over the values of X among matching events: what all of them share.
class AggregateNode: ValueNode, @unchecked Sendable {
    let query: QueryNode
    /// X; nil for aggregates of the events themselves.
    let expression: ValueNode?

    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode?) {
        self.query = query
        self.expression = expression
        var traits = query.traits
        traits.clock = max(traits.clock, expression?.traits.clock ?? .still)
        super.init(slot: slot, traits: traits, source: source)
    }

    /// Calls `body` with each value of X that is not null and where it stands: items one by one, in order.
    ///
    /// - Returns: until when these are the values, if the frame wants to know.
    @inline(__always)
    final func forEachValue(_ frame: Frame, _ body: (Value, ValuePosition) -> Void) -> Int64 {
        guard let expression else { return never }
        var inner = never
        let readsItem = expression.traits.readsItem
        let until = query.forEachMatch(frame) { place in
            let position = frame.evaluator.position(of: Int(place.row))
            if readsItem {
                var index = 0
                frame.evaluator.forEachItem(of: Int(place.row), in: frame.group) { item in
                    let timed = expression.evaluate(frame, place.with(item: item))
                    inner = min(inner, timed.until)
                    if !timed.value.isNull { body(timed.value, ValuePosition(event: position, item: index)) }
                    index += 1
                }
            } else {
                let timed = expression.evaluate(frame, place)
                inner = min(inner, timed.until)
                if !timed.value.isNull { body(timed.value, ValuePosition(event: position, item: 0)) }
            }
        }
        return min(until, inner)
    }

    /// Calls `body` with each value of X that is a number, in whatever order.
    ///
    /// - Returns: until when these are the values, if the frame wants to know.
    @inline(__always)
    final func forEachNumber(_ frame: Frame, _ body: (Decimal128) -> Void) -> Int64 {
        guard let expression else { return never }
        var inner = never
        let readsItem = expression.traits.readsItem
        func look(at place: Occurrence) {
            let timed = expression.evaluate(frame, place)
            inner = min(inner, timed.until)
            if let number = timed.value.numeric { body(number) }
        }
        let until = query.forEachMatch(frame) { place in
            if readsItem {
                frame.evaluator.forEachItem(of: Int(place.row), in: frame.group) { look(at: place.with(item: $0)) }
            } else {
                look(at: place)
            }
        }
        return min(until, inner)
    }
}

/// Where a value stands in a profile's history: later items of one event come later.
struct ValuePosition: Comparable {
    var event: Position
    var item: Int

    static func < (left: ValuePosition, right: ValuePosition) -> Bool {
        left.event != right.event ? left.event < right.event : left.item < right.item
    }
}
