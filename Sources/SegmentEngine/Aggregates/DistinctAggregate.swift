import EventModel
import SegmentLanguage

/// `distinct(X of E ..)`: how many different values; `list(X of E ..)`: the values themselves.
///
/// Values are the same when their identity is. The list is sorted by identity and keeps the form seen last; of
/// nothing it is null.
final class DistinctAggregate: AggregateNode, @unchecked Sendable {
    let isList: Bool

    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode, isList: Bool) {
        self.isList = isList
        super.init(slot: slot, source: source, query: query, expression: expression)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        var forms: [Text: (value: Value, position: ValuePosition)] = [:]
        let until = forEachValue(frame) { value, position in
            guard let identity = value.identity else { return }
            if let known = forms[identity], position < known.position { return }
            forms[identity] = (value, position)
        }
        guard isList else { return TimedValue(.number(Decimal128(forms.count)), until: until) }
        if forms.isEmpty { return TimedValue(.null, until: until) }
        let sorted = forms.sorted { $0.key < $1.key }
        return TimedValue(.list(sorted.map(\.value.value)), until: until)
    }
}
