import EventModel
import EventStore
import Foundation
import SegmentEngine
import Testing

@testable import shoal

/// `shoal verify` on stores that an import alone does not make.
@Suite struct VerifyCommandTests {
    @Test func `two sources may use the same message ids`() throws {
        let folder = try Program.Folder()
        let store = try EventStore.open(directory: folder.path + "/shoal-data", mode: .createIfMissing)
        try store.update { $0.zone = .utc }
        try ReadySegments.write(into: folder.path + "/shoal-data/segments")
        let decoder = MessageDecoder(options: .file)
        // What the server says came in later and happened earlier; without it nobody would have been there in 2025.
        for (source, year) in [("web", 2026), ("server", 2025)] {
            let messages = try (0..<10).map { number in
                let text = """
                    {"type":"track","event":"Product Viewed","messageId":"m\(number)","userId":"u\(number)",\
                    "timestamp":"\(year)-0\(number % 9 + 1)-02T00:00:00Z","properties":{"product_id":"p\(number)"}}
                    """
                return try decoder.decode(Array(text.utf8), receivedAt: Timestamp(milliseconds: 1_790_000_000_000))
            }
            #expect(try store.append(messages, source: Text(source)).allSatisfy { $0 == .accepted })
        }
        try store.close()
        let outcome = try Program.run("verify", "--json", in: folder)
        #expect(outcome.status == 0, "\(outcome.output.prefix(500))")
        #expect(outcome.json?.object?["messages"] == 20)
    }
}
