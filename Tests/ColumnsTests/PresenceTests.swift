import Columns
import Testing

@Suite struct PresenceTests {
    @Test(arguments: [0, 1, 63, 64, 65, 1_000, 20_000], [0, 1, 2, 30, 97, 100])
    func `rows survive whatever their share`(rows: Int, percent: Int) throws {
        var random = SplitMix(UInt64(rows * 101 + percent))
        let present = (0..<UInt32(rows)).filter { _ in Int(random.next() % 100) < percent }
        let presence = try readBack(present, rows: rows)
        #expect(presence.count == present.count)
        #expect(self.rows(of: presence) == present)
    }

    @Test func `a slice has the rows and the values of its range`() throws {
        let present: [UInt32] = [0, 3, 4, 63, 64, 65, 99]
        for rows in [100, 5_000] {
            let presence = try readBack(present, rows: rows)
            for lower in [0, 1, 4, 63, 66, 100] {
                for upper in [lower, lower + 1, 70, 100] where upper >= lower && upper <= rows && lower <= rows {
                    let slice = presence.slice(lower..<upper)
                    let inside = present.filter { Int($0) >= lower && Int($0) < upper }
                    #expect(self.rows(of: slice.rows) == inside.map { $0 - UInt32(lower) })
                    #expect(slice.values.count == inside.count)
                    #expect(slice.values.lowerBound == present.filter { Int($0) < lower }.count)
                }
            }
        }
    }

    @Test func `every truncation is an error`() {
        for (present, rows) in [([UInt32](0..<50), 100), ([5, 900], 5_000)] {
            var bytes: [UInt8] = []
            Presence.append(present, rows: rows, to: &bytes)
            for count in 0..<bytes.count {
                #expect(throws: ColumnError.self) {
                    try withReader(Array(bytes[..<count])) { reader throws(ColumnError) in
                        _ = try Presence(&reader, rows: rows)
                    }
                }
            }
        }
    }

    private func rows(of presence: Presence) -> [UInt32] {
        var rows: [UInt32] = []
        presence.forEachRow { rows.append(UInt32($0)) }
        return rows
    }

    private func readBack(_ present: [UInt32], rows: Int) throws(ColumnError) -> Presence {
        var bytes: [UInt8] = []
        Presence.append(present, rows: rows, to: &bytes)
        return try withReader(bytes) { reader throws(ColumnError) in
            let presence = try Presence(&reader, rows: rows)
            #expect(reader.remaining == 0)
            return presence
        }
    }
}
