import Columns
import EventModel
import Testing

@testable import EventStore

/// Codes come back whatever number of bytes they take, and so does what blocks make of them.
@Suite struct StagedCodesTests {
    /// Appends codes in batches, of which some have cells without one, and keeps what is expected beside them.
    private func filled(
        kinds: Int, seed: UInt64
    ) -> (codes: StagedCodes, rows: StagedArray<UInt32>, expected: [UInt32], expectedRows: [UInt32]) {
        var random = SplitMix64(seed: seed)
        var (codes, rows) = (StagedCodes(), StagedArray<UInt32>())
        var (expected, expectedRows): ([UInt32], [UInt32]) = ([], [])
        var row = 0
        for batch in 1...20 {
            // More kinds from batch to batch, as a dictionary grows.
            let limit = max(1, kinds * batch / 20)
            let known = (0..<min(limit, 400)).map { cell -> UInt32 in
                cell % 5 == 4 ? TableCells.noText : UInt32.random(in: 0..<UInt32(limit), using: &random)
            }
            let cells = (0..<Int.random(in: 1..<700, using: &random)).map { _ in
                UInt32.random(in: 0..<UInt32(known.count), using: &random)
            }
            let hasAll = cells.allSatisfy { known[Int($0)] != TableCells.noText }
            cells.withUnsafeBufferPointer { cells in
                known.withUnsafeBufferPointer { known in
                    if hasAll {
                        codes.append(cells, known, below: limit)
                        for place in cells.indices { rows.append(UInt32(row + place)) }
                    } else {
                        codes.append(cells, known, below: limit, listing: &rows, from: row)
                    }
                }
            }
            for cell in cells {
                if known[Int(cell)] != TableCells.noText {
                    expected.append(known[Int(cell)])
                    expectedRows.append(UInt32(row))
                }
                row += 1
            }
            let single = UInt32.random(in: 0..<UInt32(limit), using: &random)
            codes.append(single)
            rows.append(UInt32(row))
            expected.append(single)
            expectedRows.append(UInt32(row))
            row += 1
        }
        return (codes, rows, expected, expectedRows)
    }

    @Test(arguments: [1, 4, 256, 257, 60_000, 65_537, 3_000_000], 0..<3 as Range<UInt64>)
    func `codes come back as they were appended`(kinds: Int, seed: UInt64) {
        let (codes, rows, expected, expectedRows) = filled(kinds: kinds, seed: seed)
        #expect(codes.count == expected.count && rows.elements == expectedRows)
        #expect(codes.elements == expected)
        #expect(expected.indices.allSatisfy { codes[$0] == expected[$0] })
        let largest = Int(expected.max() ?? 0)
        #expect(codes.byteCount >= codes.count * (largest < 256 ? 1 : largest < 65_536 ? 2 : 4))
        let places = (0..<UInt32(expected.count / 2)).map { UInt32(expected.count / 2) - 1 - $0 }
        #expect(codes.gathered(places, 3) == places.map { expected[Int($0) + 3] })
    }

    @Test(arguments: [3, 300, 70_000]) func `blocks have sorted dictionaries of what occurs in them`(kinds: Int) {
        var random = SplitMix64(seed: 5)
        var dictionary = ByteDictionary()
        let texts = (0..<kinds).map { _ in "t\(UInt64.random(in: 0...UInt64.max, using: &random) >> 20)" }
        var codes: [UInt32] = []
        for text in texts {
            codes.append(Array(text.utf8).withUnsafeBufferPointer { dictionary.code(tag: CellCoding.Tag.string, $0) })
        }
        var blocks = BlockDictionaries(dictionary, rows: 1_000_000)
        for size in [1, 40, 5_000, 200_000] {
            let chosen = (0..<size).map { _ in Int.random(in: 0..<kinds, using: &random) }
            let (places, table) = blocks.encode(chosen.map { codes[$0] })
            let sorted = Set(chosen.map { texts[$0] }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let place = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($0.element, UInt32($0.offset)) })
            #expect(places == chosen.map { place[texts[$0]] ?? .max })
            let expected = ByteTable.bytes(sorted.count) { index, bytes in
                bytes.append(CellCoding.Tag.string)
                bytes.append(contentsOf: sorted[index].utf8)
            }
            #expect(table == expected)
        }
    }

    @Test func `whole numbers are looked up by their number, and found among all other strings`() {
        var (quick, plain) = (ByteDictionary(), ByteDictionary())
        var random = SplitMix64(seed: 8)
        for step in 0..<60 {
            let numbers = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                UInt32.random(in: 0..<(step < 30 ? 300 : 400_000), using: &random)
            }
            let texts = numbers.map { $0 == 0 ? [] : Array("\($0 - 1)".utf8) }
            func codes(of dictionary: inout ByteDictionary, _ numbers: [UInt32]?, tag: UInt8) -> [UInt32] {
                // The strings have to stay where they are.
                let all = texts.flatMap { $0 }
                var starts = [0]
                for text in texts { starts.append(starts[starts.count - 1] + text.count) }
                return all.withUnsafeBufferPointer { all in
                    dictionary.codes(tag: tag, count: texts.count, numbers: numbers) {
                        UnsafeBufferPointer(rebasing: all[starts[$0]..<starts[$0 + 1]])
                    }
                }
            }
            // Another tag, or strings that are not known as numbers, in between.
            let tag: UInt8 = step % 7 == 6 ? 2 : 1
            let known = step % 5 == 4 ? nil : numbers
            #expect(codes(of: &quick, known, tag: tag) == codes(of: &plain, nil, tag: tag))
        }
        #expect(quick.count == plain.count)
    }
}
