import Columns
import Testing

@Suite struct IntegerChunkTests {
    static let samples: [[Int64]] = [
        [], [0], [7], [.min], [.max], [.min, .max], [5, 5, 5], [0, 1, 2, 3], [-3, 1_000, -3],
        [1_700_000_000_000, 1_700_000_060_000, 1_700_000_120_000], [.max, .min, 0, -1, 1],
    ]

    @Test(arguments: samples) func `values survive in both encodings`(values: [Int64]) throws {
        #expect(try readBack(values, differences: false) == values)
        #expect(try readBack(values, differences: true) == values)
    }

    @Test(arguments: 0..<60) func `random values of any width survive`(seed: UInt64) throws {
        var random = SplitMix(seed)
        let width = Int(seed % 63) + 1
        let values = (0..<Int(random.next() % 300)).map { _ in Int64(bitPattern: random.next() >> UInt64(64 - width)) }
        #expect(try readBack(values, differences: false) == values)
        #expect(try readBack(values, differences: true) == values)
    }

    @Test(arguments: [false, true]) func `a range reads the same values as the whole`(differences: Bool) throws {
        let values: [Int64] = (0..<100).map { $0 * $0 - 50 }
        var bytes: [UInt8] = []
        append(values, differences: differences, to: &bytes)
        try withReader(bytes) { reader throws(ColumnError) in
            let chunk = try IntegerChunk(&reader, atMost: 100)
            for lower in stride(from: 0, through: 100, by: 7) {
                for upper in stride(from: lower, through: 100, by: 9) {
                    #expect(chunk.values(lower..<upper) == Array(values[lower..<upper]))
                }
            }
            #expect((0..<100).allSatisfy { chunk.value(at: $0) == values[$0] })
        }
    }

    @Test func `codes at the limit are refused`() throws {
        var bytes: [UInt8] = []
        IntegerChunk.append([0, 4, 2], to: &bytes)
        try withReader(bytes) { reader throws(ColumnError) in
            let chunk = try IntegerChunk(&reader, atMost: 3)
            #expect(try chunk.indexes(below: 5) == [0, 4, 2])
            #expect(throws: ColumnError.inconsistent(.codeOutOfRange)) { try chunk.indexes(below: 4) }
        }
    }

    @Test func `more values than expected are refused`() throws {
        var bytes: [UInt8] = []
        IntegerChunk.append([1, 2, 3], to: &bytes)
        #expect(throws: ColumnError.inconsistent(.countTooLarge)) {
            try withReader(bytes) { reader throws(ColumnError) in _ = try IntegerChunk(&reader, atMost: 2) }
        }
    }

    @Test(arguments: [false, true]) func `every truncation is an error`(differences: Bool) {
        var bytes: [UInt8] = []
        append([3, 1, 4, 1, 5, 9, 2, 6], differences: differences, to: &bytes)
        for count in 0..<bytes.count {
            #expect(throws: ColumnError.self) {
                try withReader(Array(bytes[..<count])) { reader throws(ColumnError) in
                    _ = try IntegerChunk(&reader, atMost: 8)
                }
            }
        }
    }

    @Test(arguments: 0..<200) func `arbitrary bytes never trap`(seed: UInt64) {
        var random = SplitMix(seed)
        let bytes = (0..<Int(random.next() % 80)).map { _ in UInt8(truncatingIfNeeded: random.next() & 0x43) }
        _ = try? withReader(bytes) { reader throws(ColumnError) in
            let chunk = try IntegerChunk(&reader, atMost: 1_000)
            _ = chunk.values()
            _ = try chunk.indexes(below: 10)
        }
    }

    private func append(_ values: [Int64], differences: Bool, to bytes: inout [UInt8]) {
        differences ? IntegerChunk.appendDifferences(values, to: &bytes) : IntegerChunk.append(values, to: &bytes)
    }

    private func readBack(_ values: [Int64], differences: Bool) throws(ColumnError) -> [Int64] {
        var bytes: [UInt8] = []
        append(values, differences: differences, to: &bytes)
        return try withReader(bytes) { reader throws(ColumnError) in
            let read = try IntegerChunk(&reader, atMost: values.count).values()
            #expect(reader.remaining == 0)
            return read
        }
    }
}
