import Columns
import EventModel
import EventStore
import Testing

@testable import FuzzChecks

/// Small parts and journal entries that say they are huge, or lie where nothing can be; their checksums hold.
@Suite struct ForgedPartTests {
    /// A part whose index has other bytes in the chunk of a kind.
    private func forged(_ kind: UInt16, _ change: (inout [[Int64]]) -> Void) throws -> [UInt8] {
        var part = try #require(ForgedPart(Seeds.parts[0]))
        let index = part.blocks.count - 1
        let chunk = try #require(part.blocks[index].chunks.firstIndex { $0.kind == kind })
        var columns = part.blocks[index].chunks[chunk].bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            var columns: [[Int64]] = []
            while let column = try? IntegerChunk(&reader, atMost: 1_000) { columns.append(column.values()) }
            return columns
        }
        change(&columns)
        var bytes: [UInt8] = []
        for column in columns { IntegerChunk.append(column, to: &bytes) }
        part.blocks[index].chunks[chunk].bytes = bytes
        part.blocks[index].chunks[chunk].rawLength = UInt32(bytes.count)
        return part.bytes()
    }

    private func isRefused(_ bytes: [UInt8]) -> Bool {
        let error = #expect(throws: EventStoreError.self) { try PartInspection(bytes) }
        return error?.code == "part-damaged"
    }

    @Test(arguments: [51, 53, 54, 56, 61] as [UInt16])
    func `a block at the end of all numbers is refused`(kind: UInt16) throws {
        #expect(isRefused(try forged(kind) { $0[1][0] = .max }))
        #expect(isRefused(try forged(kind) { $0[2][0] = .max }))
        #expect(isRefused(try forged(kind) { ($0[1][0], $0[2][0]) = (.max, .max) }))
    }

    @Test func `the last of all profile numbers is refused, and profiles in descending order are`() throws {
        #expect(isRefused(try forged(51) { $0[7][0] = Int64(UInt32.max) }))
        #expect(isRefused(try forged(51) { ($0[6][0], $0[7][0]) = (5, 4) }))
        #expect(isRefused(try forged(58) { ($0[0], $0[1]) = ([0], [Int64(UInt32.max)]) }))
    }

    @Test func `a few kilobytes with 2^28 rows, items, profiles or messages are refused`() throws {
        for column in 3...5 { #expect(isRefused(try forged(51) { $0[column][0] = 1 << 28 })) }
        #expect(isRefused(try forged(53) { $0[3][0] = 1 << 28 }))
        #expect(
            isRefused(
                try forged(51) { columns in
                    for column in 3...5 { columns[column][0] = 1 << 28 }
                }))
    }

    @Test func `an entry of the journal with 2^32 messages in no bytes is refused`() throws {
        let part = try #require(ForgedPart(Seeds.parts[0]))
        let sound = try #require(part.journalBodies().first)
        #expect(try #require(PartInspection.journalMessages(sound)) > 0)
        // Seven lists of the same number: nothing is packed.
        var table: [UInt8] = []
        for _ in 0..<7 {
            table += [1, 0, 0, 0]
            table.appendLittleEndian(UInt32.max)
            table += [UInt8](repeating: 0, count: 16)
        }
        var body = Array(sound[0..<44])
        body[6] = 0
        for (offset, value) in [(24, UInt32.max), (28, UInt32(table.count)), (32, 0), (36, 0), (40, 0)] {
            body.replaceLittleEndian(value, at: offset)
        }
        body += table
        body.replaceLittleEndian(CRC32C.checksum(body), at: 40)
        #expect(PartInspection.journalMessages(body) == nil)
    }

    @Test func `a path that occurs twice is refused`() throws {
        var part = try #require(ForgedPart(Seeds.parts[0]))
        let index = part.blocks.count - 1
        let chunk = try #require(part.blocks[index].chunks.firstIndex { $0.kind == 49 })
        let path: [UInt8] = [0, 1, 0, 0, 0, 0x61]
        var bytes: [UInt8] = []
        ByteTable.append([path, path], to: &bytes)
        part.blocks[index].chunks[chunk].bytes = bytes
        part.blocks[index].chunks[chunk].rawLength = UInt32(bytes.count)
        part.blocks[index].chunks[chunk].isCompressed = false
        #expect(isRefused(part.bytes()))
    }

    @Test func `chunks out of their order are refused`() throws {
        var part = try #require(ForgedPart(Seeds.parts[0]))
        part.blocks[part.blocks.count - 1].chunks.swapAt(0, 1)
        #expect(isRefused(part.bytes()))
    }
}
