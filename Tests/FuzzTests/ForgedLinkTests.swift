import Columns
import EventModel
import EventStore
import Foundation
import Testing

@testable import FuzzChecks

@Suite struct ForgedLinkTests {
    @Test func `a link to somebody whom no part names does not stop a rebuild`() throws {
        var part = try #require(ForgedPart(Seeds.parts[3]))
        let block = try #require(part.blocks.firstIndex { $0.kind == 5 })
        let chunk = try #require(part.blocks[block].chunks.firstIndex { $0.kind == 34 })
        part.blocks[block].chunks[chunk].bytes = try part.blocks[block].chunks[chunk].bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            var links: [UInt8] = []
            for column in 0..<4 {
                var values = try IntegerChunk(&reader, atMost: 1_000).values()
                if column < 2 { values[values.count - 1] = 500 + Int64(column) }
                IntegerChunk.append(values, to: &links)
            }
            return links
        }
        part.blocks[block].chunks[chunk].rawLength = UInt32(part.blocks[block].chunks[chunk].bytes.count)

        let directory = NSTemporaryDirectory() + "shoal-forged-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory + "/parts", withIntermediateDirectories: true)
        let name = part.header[32..<48].map { String(format: "%02x", $0) }.joined()
        try Data(part.bytes()).write(to: URL(fileURLWithPath: "\(directory)/parts/\(name).part"))
        let report = try EventStore.rebuild(directory: directory)
        #expect(report.restoredManifest)
        #expect(report.messages == 140)
        let store = try EventStore.open(directory: directory)
        let verified = try store.verify()
        #expect(verified.isSound, "\(verified.problems)")
        try store.close()
    }
}
