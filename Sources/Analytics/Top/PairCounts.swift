import Columns
import EventModel
import EventStore
import SegmentEngine

/// How often each pair of a group's value and a value was met by one worker.
struct PairCounts: Sendable {
    private var values = ValueNumbers()
    private var groups = ValueNumbers()
    private var counts = NumberTable()

    mutating func add(_ reader: EventRows.Reader, isGrouped: Bool) {
        guard let column = reader.column(of: 0, over: 0) else { return addOneByOne(reader, isGrouped) }
        var values = ColumnValues(column)
        guard isGrouped else {
            return reader.forEachStretch(of: 0) { _, rows in
                for row in rows { count(values.number(at: row, &self.values), group: 0) }
            }
        }
        guard let column = reader.column(of: 1, over: 0) else { return addOneByOne(reader, isGrouped) }
        var groups = ColumnValues(column)
        reader.forEachStretch(of: 0) { _, rows in
            for row in rows {
                count(values.number(at: row, &self.values), group: groups.number(at: row, &self.groups))
            }
        }
    }

    private mutating func addOneByOne(_ reader: EventRows.Reader, _ isGrouped: Bool) {
        reader.forEachEvent(of: 0, values: isGrouped ? [0, 1] : [0]) { _, _, read in
            let value = read[0].identity.map { values.number(of: $0) } ?? -1
            let group = isGrouped ? read[1].identity.map { groups.number(of: $0) } ?? -1 : 0
            count(value, group: group)
        }
    }

    /// - Parameters: numbers of values; negative: there is none.
    @inline(__always)
    private mutating func count(_ value: Int32, group: Int32) {
        guard value >= 0, group >= 0 else { return }
        counts.add(1, to: UInt64(UInt32(bitPattern: group)) << 32 | UInt64(UInt32(bitPattern: value)))
    }

    // MARK: - Lists

    /// The most frequent values of what several workers counted.
    static func lists(of all: [PairCounts], isGrouped: Bool, limit: Int) -> [TopQuery.List] {
        guard var merged = all.first else { return [] }
        for other in all.dropFirst() { merged.take(other) }
        var byGroup: [Int32: [(value: Text, count: Int)]] = [:]
        merged.counts.forEachCount { key, count in
            let value = merged.values.text(of: Int32(truncatingIfNeeded: key))
            byGroup[Int32(truncatingIfNeeded: key >> 32), default: []].append((value, count))
        }
        let lists = byGroup.map { group, pairs in
            TopQuery.List(
                group: isGrouped ? merged.groups.text(of: group) : nil,
                entries: first(limit, of: pairs), distinct: pairs.count, total: pairs.reduce(0) { $0 + $1.count })
        }
        return lists.sorted { left, right in
            guard let left = left.group, let right = right.group else { return false }
            return SortingText(left) < SortingText(right)
        }
    }

    private static func first(_ limit: Int, of pairs: [(value: Text, count: Int)]) -> [TopQuery.Entry] {
        guard limit > 0 else { return [] }
        // Whoever has fewer than the last one to be shown need not be sorted.
        let counts = pairs.map(\.count).sorted(by: >)
        let least = counts[min(limit, counts.count) - 1]
        let candidates = pairs.filter { $0.count >= least }.map { (SortingText($0.value), $0.count) }
        let sorted = candidates.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
        return sorted.prefix(limit).map { TopQuery.Entry(value: $0.0.text, count: $0.1) }
    }

    /// Adds what another worker counted, whose numbers are others.
    private mutating func take(_ other: PairCounts) {
        var valueNumbers: [Int32: Int32] = [:]
        var groupNumbers: [Int32: Int32] = [:]
        other.counts.forEachCount { key, count in
            let value = Int32(truncatingIfNeeded: key)
            let group = Int32(truncatingIfNeeded: key >> 32)
            let mine = valueNumbers[value] ?? values.number(of: other.values.text(of: value))
            valueNumbers[value] = mine
            // Without groups all stand under 0.
            let myGroup =
                other.groups.isEmpty ? 0 : groupNumbers[group] ?? groups.number(of: other.groups.text(of: group))
            groupNumbers[group] = myGroup
            counts.add(count, to: UInt64(UInt32(bitPattern: myGroup)) << 32 | UInt64(UInt32(bitPattern: mine)))
        }
    }
}

/// Numbers before other texts, each ascending.
private struct SortingText: Comparable {
    let text: Text
    private let number: Decimal128?

    init(_ text: Text) {
        self.text = text
        number = Decimal128(jsonNumber: text)
    }

    static func < (left: SortingText, right: SortingText) -> Bool {
        switch (left.number, right.number) {
        case (let mine?, let other?): mine != other ? mine < other : left.text < right.text
        case (nil, nil): left.text < right.text
        case (_?, nil): true
        case (nil, _?): false
        }
    }
}
