import Columns
import EventModel
import EventStore
import SegmentEngine

/// How often each pair of a group's value and a value was met by one worker.
struct PairCounts: Sendable {
    private var values = ValueNumbers()
    private var groups = ValueNumbers()
    /// By value: the group it was met in first, and how often; most values have no other group.
    private var usual: [(group: Int32, count: Int)] = []
    /// What was met in other groups, by both.
    private var others = NumberTable()

    mutating func add(_ reader: EventRows.Reader, isGrouped: Bool) {
        guard let column = reader.column(of: 0, over: 0) else { return addOneByOne(reader, isGrouped) }
        var groupColumn: Column?
        if isGrouped {
            guard let column = reader.column(of: 1, over: 0) else { return addOneByOne(reader, isGrouped) }
            groupColumn = column
        }
        var values = ColumnValues(column)
        var groups = groupColumn.map { ColumnValues($0) }
        // Without groups all rows stand in one.
        let groupCodes = isGrouped ? groups?.codes : ColumnSlice([])
        if case .dictionary(let codes, let entries) = column.storage, let groupCodes {
            var pending = CodeCounts(entries.count)
            reader.forEachStretch(of: 0) { _, rows in
                for row in rows {
                    let group = groupCodes[row]
                    let code = Int(codes[row])
                    if let (group, count) = pending.count(code, group) {
                        add(count, values.number(ofCode: code, &self.values), group, &groups)
                    }
                }
            }
            pending.forEachCount { code, group, count in
                add(count, values.number(ofCode: code, &self.values), group, &groups)
            }
        } else {
            reader.forEachStretch(of: 0) { _, rows in
                for row in rows {
                    let group = groups?.number(at: row, &self.groups) ?? 0
                    count(values.number(at: row, &self.values), group: group)
                }
            }
        }
    }

    /// - Parameter groupCode: of the groups' dictionary, if there are groups.
    private mutating func add(_ number: Int, _ value: Int32, _ groupCode: UInt32, _ groups: inout ColumnValues?) {
        count(value, group: groups?.number(ofCode: Int(groupCode), &self.groups) ?? 0, times: number)
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
    private mutating func count(_ value: Int32, group: Int32, times: Int = 1) {
        guard value >= 0, group >= 0 else { return }
        let place = Int(value)
        if place >= usual.count { usual += repeatElement((group: -1, count: 0), count: place + 1 - usual.count) }
        if usual[place].count == 0 { usual[place].group = group }
        if usual[place].group == group {
            usual[place].count += times
        } else {
            others.add(times, to: UInt64(UInt32(bitPattern: group)) << 32 | UInt64(UInt32(bitPattern: value)))
        }
    }

    private func forEachPair(_ body: (_ value: Int32, _ group: Int32, _ count: Int) -> Void) {
        for (value, entry) in usual.enumerated() where entry.count > 0 {
            body(Int32(truncatingIfNeeded: value), entry.group, entry.count)
        }
        others.forEachCount { key, count in
            body(Int32(truncatingIfNeeded: key), Int32(truncatingIfNeeded: key >> 32), count)
        }
    }

    // MARK: - Lists

    /// The most frequent values of what several workers counted.
    static func lists(of all: [PairCounts], isGrouped: Bool, limit: Int) -> [TopQuery.List] {
        guard var merged = all.first else { return [] }
        for other in all.dropFirst() { merged.take(other) }
        var byGroup: [Int32: [(value: Text, count: Int)]] = [:]
        merged.forEachPair { value, group, count in
            byGroup[group, default: []].append((merged.values.text(of: value), count))
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
        other.forEachPair { value, group, count in
            let mine = values.number(of: other.values.text(of: value))
            // Without groups all stand under 0.
            let myGroup = other.groups.isEmpty ? 0 : groups.number(of: other.groups.text(of: group))
            self.count(mine, group: myGroup, times: count)
        }
    }
}

/// Counts by the codes of a dictionary while their rows stay in one group, as products mostly do in their category.
private struct CodeCounts {
    private var groups: [UInt32]
    private var counts: [UInt32]

    init(_ codes: Int) {
        groups = Array(repeating: 0, count: codes)
        counts = groups
    }

    /// Counts a code in a group.
    ///
    /// - Returns: the group it was counted in before and how often, when it is another.
    @inline(__always)
    mutating func count(_ code: Int, _ group: UInt32) -> (group: UInt32, count: Int)? {
        if groups[code] == group {
            counts[code] += 1
            return nil
        }
        let before = (groups[code], Int(counts[code]))
        groups[code] = group
        counts[code] = 1
        return before.1 > 0 ? before : nil
    }

    func forEachCount(_ body: (_ code: Int, _ group: UInt32, _ count: Int) -> Void) {
        for (code, count) in counts.enumerated() where count > 0 { body(code, groups[code], Int(count)) }
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
