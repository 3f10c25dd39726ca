import EventModel
import EventStore
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
        if let own = sweep.keys(of: path) {
            if let bits = own.bitOfCode {
                return fill(column, profiles, sources, codes: own.codes, bits)
            }
            if sources.count <= 1 { return fill(column, profiles, sources.first, own) }
        }
        let own = sweep.keys(of: path)
        let all = GroupKeys(evaluator: sweep.evaluator, slot: path)
        var seen = KeyNotes()
        column.fill(profiles) { _, profile in
            var count: Int64 = 0
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
            return count
        }
    }

    /// Few keys are bits of a word.
    private func fill(
        _ column: ProfileColumn, _ profiles: [Int32], _ sources: [QuerySweep.Source], codes: ColumnSlice<UInt32>,
        _ bits: [UInt64]
    ) {
        var seen = [UInt64](repeating: 0, count: profiles.count)
        seen.withUnsafeMutableBufferPointer { seen in
            codes.withReader { codes in
                bits.withUnsafeBufferPointer { bits in
                    for source in sources {
                        source.forEachRow(of: profiles) { index, row in seen[index] |= bits[Int(codes[row])] }
                    }
                }
            }
        }
        column.fill(profiles) { index, _ in Int64(seen[index].nonzeroBitCount) }
    }

    /// The rows of one name come profile by profile.
    private func fill(_ column: ProfileColumn, _ profiles: [Int32], _ source: QuerySweep.Source?, _ own: RowKeys) {
        var counts = [Int64](repeating: 0, count: profiles.count)
        var seen = KeyNotes()
        source?.forEachRow(of: profiles) { index, row in
            let key = own.key(row)
            if key < 0 || seen.note(key, for: profiles[index]) != nil { return }
            seen.set(0, key, for: profiles[index])
            counts[index] &+= 1
        }
        column.fill(profiles) { index, _ in counts[index] }
    }

    /// Numbers at one exponent are the same when they are equal.
    private func fill(
        _ column: ProfileColumn, _ profiles: [Int32], _ numbers: [RowNumbers], _ query: QuerySweep,
        _ sweep: BlockSweep
    ) {
        let sources = query.sources(for: profiles)
        var wide: [Int32] = []
        if sources.count <= 1 {
            var counts = [Int64](repeating: 0, count: profiles.count)
            if let source = sources.first, let numbers = numbers.first {
                Self.count(numbers, source, profiles, &counts)
                for (index, profile) in profiles.enumerated() where counts[index] > Self.fewValues {
                    wide.append(profile)
                }
            }
            column.fill(profiles) { index, _ in counts[index] }
        } else {
            var seen: [Int64] = []
            column.fill(profiles) { _, profile in
                seen.removeAll(keepingCapacity: true)
                for index in sources.indices {
                    sources[index].forEachRow(of: profile) { row in
                        guard seen.count <= Self.fewValues, numbers[index].present?.contains(row) ?? true else {
                            return
                        }
                        let number = numbers[index].values[row - numbers[index].base]
                        if !seen.contains(number) { seen.append(number) }
                    }
                }
                if seen.count > Self.fewValues { wide.append(profile) }
                return Int64(seen.count)
            }
        }
        for profile in wide { column.set(evaluate(sweep.frame(of: profile), .none).value, profile) }
    }

    /// Counts the different numbers that each of some profiles has in the rows of one name, up to one more than are few.
    private static func count(
        _ numbers: RowNumbers, _ source: QuerySweep.Source, _ profiles: [Int32], _ counts: inout [Int64]
    ) {
        let (present, base) = (numbers.present, numbers.base)
        counts.withUnsafeMutableBufferPointer { counts in
            numbers.values.withUnsafeBufferPointer { values in
                withUnsafeTemporaryAllocation(of: Int64.self, capacity: fewValues + 1) { seen in
                    // The rows of one profile come one after another.
                    source.forEachRow(of: profiles) { index, row in
                        let count = Int(counts[index])
                        guard count <= fewValues, present?.contains(row) ?? true else { return }
                        let number = values[row &- base]
                        var place = 0
                        while place < count, seen[place] != number { place &+= 1 }
                        if place < count { return }
                        seen[count] = number
                        counts[index] = Int64(count &+ 1)
                    }
                }
            }
        }
    }

    override var fillingCost: Int { query.sweepingCost + 6 }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        if !isList, let path = (expression as? PropertyNode)?.path, path.path.scope != .items, !query.pattern.isVisit {
            return countKeys(of: path, frame)
        }
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

    /// Counts the keys of a property's identities in one profile's events.
    private func countKeys(of path: PathSlot, _ frame: Frame) -> TimedValue {
        let evaluator = frame.evaluator
        let keys = GroupKeys(evaluator: evaluator, slot: path)
        let coded = keys.coded
        let owner = evaluator.nextOwner()
        var count = 0
        let until = query.forEachMatch(frame) { place in
            let key = coded?.ofEvent(Int(place.row)) ?? keys.ofEvent(Int(place.row))
            if key < 0 || evaluator.keyNotes.note(key, for: owner) != nil { return }
            evaluator.keyNotes.set(0, key, for: owner)
            count += 1
        }
        return TimedValue(.number(Decimal128(count)), until: until)
    }
}
