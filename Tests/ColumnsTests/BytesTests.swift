import Columns
import Testing

@Suite struct BytesTests {
    @Test func `the checksum is Castagnoli's`() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending, descending.
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(Array(0..<32)) == 0x46DD_794E)
        #expect(CRC32C.checksum((0..<32).reversed()) == 0x113F_DB5C)
    }

    @Test(arguments: 0..<40) func `the processor's checksum, the tables' and a continued one are equal`(seed: UInt64) {
        var random = SplitMix(seed)
        let bytes = (0..<Int(random.next() % 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let whole = CRC32C.checksum(bytes)
        #expect(CRC32C.checksumByTables(bytes) == whole)
        let cut = bytes.isEmpty ? 0 : Int(random.next() % UInt64(bytes.count))
        let head = CRC32C.checksum(Array(bytes[..<cut]))
        #expect(CRC32C.checksum(Array(bytes[cut...]), continuing: head) == whole)
    }

    @Test func `every single flipped bit changes the checksum`() {
        let bytes = Array("shoppers who move together".utf8)
        let checksum = CRC32C.checksum(bytes)
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(CRC32C.checksum(flipped) != checksum)
        }
    }

    @Test func `strings survive in a table`() throws {
        let strings = ["", "a", "", "Order Completed", "é", String(repeating: "x", count: 300)].map { Array($0.utf8) }
        var bytes: [UInt8] = []
        ByteTable.append(strings, to: &bytes)
        try withReader(bytes) { reader throws(ColumnError) in
            let table = try ByteTable(&reader, atMost: strings.count)
            #expect((0..<table.count).map { Array(table[$0]) } == strings)
            #expect(reader.remaining == 0)
        }
        for count in 0..<bytes.count {
            #expect(throws: ColumnError.self) {
                try withReader(Array(bytes[..<count])) { reader throws(ColumnError) in
                    _ = try ByteTable(&reader, atMost: strings.count)
                }
            }
        }
    }

    @Test(arguments: 0...64) func `packed values of every width are read where they were put`(width: Int) throws {
        var random = SplitMix(UInt64(width))
        let values = (0..<77).map { _ in width == 0 ? 0 : random.next() >> UInt64(64 - width) }
        var bytes: [UInt8] = []
        BitPacking.append(values, width: width, to: &bytes)
        #expect(bytes.count == BitPacking.byteCount(count: values.count, width: width))
        bytes.withUnsafeBytes { bits in
            for index in values.indices {
                #expect(BitPacking.value(at: index, width: width, in: bits) == values[index])
            }
        }
    }

    @Test(arguments: 0...64) func `many packed values at once are those read one by one`(width: Int) throws {
        var random = SplitMix(UInt64(width))
        let values = (0..<301).map { _ in width == 0 ? 0 : random.next() >> UInt64(64 - width) }
        var bytes: [UInt8] = []
        BitPacking.append(values, width: width, to: &bytes)
        if width == 0 { bytes = Array(repeating: 0, count: BitPacking.padding) }
        bytes.withUnsafeBytes { bits in
            let stretches = [(0, 301), (0, 300), (1, 299), (3, 64), (7, 40), (8, 32), (13, 17), (269, 32), (290, 11)]
            let scales: [(base: Int64, factor: Int64)] = [(0, 1), (-5, 1), (17, 25), (3, -100), (1, 1 << 40)]
            for (first, count) in stretches {
                for (base, factor) in scales {
                    var many = [Int64](repeating: -1, count: count)
                    many.withUnsafeMutableBufferPointer { many in
                        guard let start = many.baseAddress else { return }
                        BitPacking.unpack(
                            bits, from: first, count: count, width: width, base: base, factor: factor, to: start)
                    }
                    #expect(many == (first..<(first + count)).map { base &+ factor &* Int64(bitPattern: values[$0]) })
                }
                var codes = [UInt32](repeating: 0, count: count)
                codes.withUnsafeMutableBufferPointer { codes in
                    guard let start = codes.baseAddress else { return }
                    BitPacking.unpack(bits, from: first, count: count, width: width, adding: 9, to: start)
                }
                #expect(codes == (first..<(first + count)).map { UInt32(truncatingIfNeeded: values[$0]) &+ 9 })
            }
        }
    }
}
