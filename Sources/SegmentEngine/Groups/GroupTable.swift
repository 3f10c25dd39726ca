/// The rows of a profile's groups, by group and event name.
final class GroupTable {
    /// The shared value of each group, as the block's key of its identity; ascending.
    private(set) var keys: [Int32] = []
    /// Rows by group, then by name, then in history order.
    private var rows: [UInt32] = []
    /// Where the rows of a group and name begin, by group * names + name; and the end of the last.
    private var starts: [UInt32] = []
    /// By name code, its place among the names asked about; -1 for others.
    private let placeOfCode: [Int32]
    private let nameCount: Int

    /// A row that belongs to a group, by the key of the group and the place of the name.
    struct Member {
        var key: Int32
        let name: Int32
        let row: UInt32
    }

    /// - Parameters:
    ///   - members: of one name in history order.
    ///   - codes: the names asked about, in the order of their places.
    init(_ members: [Member], codes: [UInt32], names: Int) {
        var placeOfCode = [Int32](repeating: -1, count: names)
        for (place, code) in codes.enumerated() { placeOfCode[Int(code)] = Int32(truncatingIfNeeded: place) }
        self.placeOfCode = placeOfCode
        nameCount = codes.count
        if members.isEmpty { return }
        // Few groups, many rows: where a key stands is looked up among the keys found so far.
        var all = members.map(\.key)
        all.sort()
        for key in all where keys.last != key { keys.append(key) }
        var ends = [UInt32](repeating: 0, count: keys.count * nameCount + 1)
        var cells: [Int32] = []
        cells.reserveCapacity(members.count)
        for member in members {
            let cell = place(of: member.key) * nameCount + Int(member.name)
            cells.append(Int32(truncatingIfNeeded: cell))
            ends[cell + 1] += 1
        }
        for cell in ends.indices.dropFirst() { ends[cell] += ends[cell - 1] }
        starts = ends
        rows = [UInt32](repeating: 0, count: members.count)
        for (member, cell) in zip(members, cells) {
            rows[Int(ends[Int(cell)])] = member.row
            ends[Int(cell)] += 1
        }
    }

    private func place(of key: Int32) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The rows of a group under a name code, in history order.
    func rows(of group: Int, _ code: UInt32) -> RowRun {
        let place = Int(code) < placeOfCode.count ? Int(placeOfCode[Int(code)]) : -1
        if place < 0 { return RowRun(rows: 0..<0) }
        let cell = group * nameCount + place
        let start = Int(starts[cell])
        return RowRun(chosen: rows, from: start, count: Int(starts[cell + 1]) - start)
    }
}
