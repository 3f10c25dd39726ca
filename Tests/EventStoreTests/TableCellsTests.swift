import EventModel
import Testing

@testable import EventStore

/// What is read out of many cells at once is what the plain way reads out of each.
@Suite struct TableCellsTests {
    @Test(arguments: 0..<12) func `rows have the digests they have one by one`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let columns = Int.random(in: 1...9, using: &random)
        let digester = RowDigester(namespace: "events", keys: (0..<columns).map { "column \($0 * 7 % 10)" })
        var bytes: [UInt8] = []
        var undone: [UInt8] = []
        var (starts, lengths): ([UInt32], [UInt32]) = ([], [])
        var expected: [RowDigest] = []
        let limits = [0, 3, 20, 40, 300, 5_000]
        for _ in 0..<Int.random(in: 1...300, using: &random) {
            let row = (0..<columns).map { _ in
                let limit = limits[Int.random(in: 0..<(seed % 3 == 0 ? 6 : 4), using: &random)]
                return (0..<Int.random(in: 0...limit, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            }
            for cell in row {
                let isUndone = Int.random(in: 0..<10, using: &random) == 0
                starts.append(isUndone ? UInt32(undone.count) | TableCells.undoneMark : UInt32(bytes.count))
                lengths.append(UInt32(cell.count))
                if isUndone { undone += cell } else { bytes += cell }
            }
            expected.append(digester.digest { row[$0][...] })
        }
        let table = Table(
            bytes: bytes, undone: undone, starts: starts, lengths: lengths,
            firstCells: expected.indices.map { $0 * columns })
        table.withCells { cells in
            #expect(cells.digests(digester, in: expected.indices) == expected)
            let some = (expected.count / 3)..<expected.count
            #expect(cells.digests(digester, in: some) == Array(expected[some]))
        }
    }

    @Test func `a digest is read back from its digits and from nothing else`() {
        let digest = RowDigest(bytes: [1, 2, 3])
        #expect(RowDigest(hexadecimal: Text(digest.hexadecimal)) == digest)
        let others = [
            "", String(digest.hexadecimal.dropLast()), digest.hexadecimal + "0", digest.hexadecimal.uppercased(),
            "g" + digest.hexadecimal.dropFirst(), digest.messageID(occurrence: 2).string,
        ]
        for other in others { #expect(RowDigest(hexadecimal: Text(other)) == nil, "\(other)") }
    }

    @Test func `the keys of event logs are their digests, unlike those of any other source`() {
        let digests = (0..<100).map { RowDigest(bytes: [$0]) }
        let keys = DedupKey.keys(source: DedupKey.eventLogSource, of: digests)
        #expect(Set(keys).count == 100)
        for (digest, key) in zip(digests, keys) {
            let id = digest.messageID(occurrence: 1)
            #expect(DedupKey(source: DedupKey.eventLogSource, messageID: id) == key)
            #expect(DedupKey(source: "web", messageID: id) != key)
            #expect(key != DedupKey(high: digest.high, low: digest.low))
            #expect(key.high ^ digest.high == keys[0].high ^ digests[0].high)
        }
    }

    @Test func `every second of a day is read, and nothing that only looks like one`() {
        for second in 0..<86_400 {
            let text = Timestamp(milliseconds: Int64(second) * 1_000 + 1_750_032_000_000).iso8601
            var times = PlainTimes()
            let cell = Array(text.replacing("T", with: " ").utf8.prefix(19))
            #expect(cell.withUnsafeBufferPointer { times.read($0) } == Int64(second) * 1_000 + 1_750_032_000_000)
        }
        let good = Array("2026-03-15 12:34:56".utf8)
        for place in 11..<19 {
            for byte in UInt8.min...UInt8.max where byte != good[place] {
                var other = good
                other[place] = byte
                var times = PlainTimes()
                let time = other.withUnsafeBufferPointer { times.read($0) }
                let text = String(decoding: other, as: UTF8.self).replacing(" ", with: "T") + "Z"
                let isDigit = (0x30...0x39).contains(byte) && place != 13 && place != 16
                #expect(time == (isDigit ? Timestamp(iso8601: text, zone: .utc)?.milliseconds : nil), "\(text)")
            }
        }
    }
}
