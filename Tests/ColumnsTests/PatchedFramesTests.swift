import Columns
import Testing

@Suite struct PatchedFramesTests {
    static func bytes(_ values: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        PatchedFrames.append(values, to: &bytes)
        return bytes
    }

    static func read(_ bytes: [UInt8], count: Int) throws -> [UInt64] {
        try bytes.withUnsafeBytes { raw in try PatchedFrames.values(raw, count: count) }
            .map { UInt64(bitPattern: $0) }
    }

    @Test(arguments: 0..<80) func `values survive, few large ones among many small ones too`(seed: UInt64) throws {
        var random = SplitMix(seed)
        let width = seed % 65
        let values = (0..<Int(random.next() % 600)).map { _ -> UInt64 in
            let isLarge = random.next() % 20 == 0
            let bits = isLarge ? 64 : width
            return bits == 0 ? 0 : random.next() >> (64 - bits)
        }
        let bytes = Self.bytes(values)
        #expect(try Self.read(bytes, count: values.count) == values)
        try bytes.withUnsafeBytes { raw in
            let offsets = try PatchedFrames.offsets(raw, count: values.count)
            for lower in stride(from: 0, through: values.count, by: 61) {
                for upper in stride(from: lower, through: values.count, by: 37) {
                    var some = [Int64](repeating: -1, count: upper - lower)
                    some.withUnsafeMutableBufferPointer { some in
                        guard let start = some.baseAddress else { return }
                        PatchedFrames.unpack(raw, offsets, count: values.count, lower..<upper, to: start)
                    }
                    #expect(some.map { UInt64(bitPattern: $0) } == Array(values[lower..<upper]))
                }
            }
        }
    }

    @Test func `a few large values do not widen the others`() {
        var values = [UInt64](repeating: 3, count: 128)
        values[77] = 1 << 60
        #expect(Self.bytes(values).count < 64)
    }

    @Test func `every truncation is an error, and so are bytes behind the end`() {
        var values: [UInt64] = (0..<300).map { $0 % 9 }
        values[200] = .max
        let bytes = Self.bytes(values)
        for count in 0..<bytes.count {
            #expect(throws: ColumnError.self) { try Self.read(Array(bytes[..<count]), count: 300) }
        }
        #expect(throws: ColumnError.self) { try Self.read(bytes + [0], count: 300) }
    }

    @Test(arguments: 0..<200) func `damaged frames are values or an error`(seed: UInt64) {
        var random = SplitMix(seed)
        var bytes = Self.bytes((0..<200).map { _ in random.next() >> (random.next() % 64) })
        for _ in 0..<3 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
        _ = try? Self.read(bytes, count: 200)
    }

    @Test func `a forged count asks for no memory`() {
        #expect(throws: ColumnError.self) { try Self.read([0, 0, 0], count: 1 << 60) }
    }
}

@Suite struct StableOrderTests {
    @Test(arguments: 0..<30) func `the order is that of a stable sort`(seed: UInt64) {
        var random = SplitMix(seed)
        let shift = random.next() % 64
        let values = (0..<Int(random.next() % 3_000)).map { _ in Int64(bitPattern: random.next()) >> Int64(shift) }
        let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        #expect(StableOrder.ascending(values).map { Int($0) } == expected)
    }

    @Test func `the ends of all numbers are in order`() {
        #expect(StableOrder.ascending([.max, 0, .min, -1, 0]) == [2, 3, 1, 4, 0])
        #expect(StableOrder.ascending([]) == [])
        #expect(StableOrder.ascending([5, 5]) == [0, 1])
    }
}
