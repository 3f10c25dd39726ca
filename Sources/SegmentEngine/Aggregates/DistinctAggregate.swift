import EventModel
import SegmentLanguage

/// `distinct(X of E ..)`: how many different values; `list(X of E ..)`: the values themselves.
///
/// Values are the same when their identity is. The list is sorted by identity and keeps the form seen last; of
/// nothing it is null.
final class DistinctAggregate: AggregateNode, @unchecked Sendable {
    let isList: Bool
    /// Up to so many numbers are looked through one by one.
    private static let fewValues = 64

    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode, isList: Bool) {
        self.isList = isList
        super.init(slot: slot, source: source, query: query, expression: expression)
    }

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind { isList ? .any : .count }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        guard !isList, let query = sweep.query(query) else { return super.fill(column, profiles, sweep) }
        if let path = (expression as? PropertyNode)?.path {
            fill(column, profiles, path, query, sweep)
        } else if let numbers = sweep.numbers(of: expression, query) {
            fill(column, profiles, numbers, query, sweep)
        } else {
            super.fill(column, profiles, sweep)
        }
    }

    /// Counts the keys of a property's identities.
    private func fill(
        _ column: ProfileColumn, _ profiles: [Int32], _ path: PathSlot, _ query: QuerySweep, _ sweep: BlockSweep
    ) {
        let sources = query.sources(for: profiles)
        let own = sweep.keys(of: path)
        let all = GroupKeys(evaluator: sweep.evaluator, slot: path)
        var seen = KeyNotes()
        for profile in profiles {
            var count = 0
            func see(_ key: Int32) {
                if key < 0 || seen.note(key, for: profile) != nil { return }
                seen.set(0, key, for: profile)
                count += 1
            }
            for source in sources {
                source.forEachRow(of: profile) { row in
                    if let own {
                        see(own.key(row))
                    } else if path.path.scope == .items {
                        sweep.evaluator.forEachItem(of: row, in: nil) { see(all.ofItem($0, row: row)) }
                    } else {
                        see(all.ofEvent(row))
                    }
                }
            }
            column.set(Int64(count), profile)
        }
    }

    /// Numbers at one exponent are the same when they are equal.
    private func fill(
        _ column: ProfileColumn, _ profiles: [Int32], _ numbers: [RowNumbers], _ query: QuerySweep,
        _ sweep: BlockSweep
    ) {
        let sources = query.sources(for: profiles)
        var seen: [Int64] = []
        for profile in profiles {
            seen.removeAll(keepingCapacity: true)
            for (source, numbers) in zip(sources, numbers) {
                source.forEachRow(of: profile) { row in
                    guard seen.count <= Self.fewValues, numbers.present?.contains(row) ?? true else { return }
                    let number = numbers.values[row - numbers.base]
                    if !seen.contains(number) { seen.append(number) }
                }
            }
            if seen.count > Self.fewValues {
                column.set(evaluate(sweep.frame(of: profile), .none).value, profile)
            } else {
                column.set(Int64(seen.count), profile)
            }
        }
    }

    override var fillingCost: Int { query.sweepingCost + 6 }

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
