import EventModel
import Foundation
import Testing

@testable import Connectors
@testable import EventStore

/// Encoded rows are the messages that the format and the decoder make of the same rows.
@Suite struct EventLogEncoderTests {
    private static let log = #"""
        profile,ts,event,product_id,category,product_name,price,quantity,revenue,coupon,channel,zip,score,flag
        a,2025-07-01 00:12:26.170,Page Viewed,,,,,,,,paid,0123,1.50,true
        a,2025-07-01 00:12:26.170,Page Viewed,,,,,,,,paid,0123,1.50,true
        a,2025-07-01 00:12:26.170,Page Viewed,,,,,,,,paid,0123,1.50,true
        b, 2025-07-01T00:13:00 ,add_to_cart, 42 ,"Say ""hi""",Cup,1.50,2,-0.00,,x\#u{9},7,-3,false
        guest,2025-07-01 00:13:01,Product Viewed,42,,,1,1,1,,,,,
        \#u{A0}c\#u{A0},2025-07-01,account_page,9,,Tea,1e3,1,5,X,é,1,017,yes
        c,2025-07-02 10:00:00+02:00,account_page,9,,,1,1,5,X,,1,0.5,
        d,2025-07-03 10:00:00,purchase,9,,,"1,000.50",1,1200,X,,1,123456789012345678901,
        d,not a time,purchase,9,,,1,1,1200,X,,1,12,
        e,2025-07-03 10:00:00,refund,9,,,1,1,1200.10,X,,1,12,

        """#

    private func messages(takingRows: Bool) async throws -> (lines: [String], summary: [Int]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(Self.log.utf8).write(to: URL(filePath: folder + "/log.csv"))
        let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
        let store = try EventStore.open(directory: folder + "/data", mode: .createIfMissing, clock: clock)
        let sink = EventStoreSink(store)
        let importer = Importer(options: ImportOptions(), settings: store.settings, clock: clock)
        let plan = try importer.plan(folder + "/log.csv")
        let summary = try await importer.run(plan, into: takingRows ? sink : MessagesOnly(sink))
        #expect(summary.rejectedRows == 2)
        var lines: [String] = []
        let snapshot = try store.snapshot()
        try snapshot.forEachMessage { message, source in
            lines.append("\(message.arrival) \(source) \(String(decoding: message.message.original, as: UTF8.self))")
        }
        for profile in 0..<snapshot.profileCount {
            let problem = try snapshot.compareWithOriginals(ProfileNumber(profile))
            #expect(problem == nil)
        }
        try store.close()
        return (lines, [summary.taken, summary.orders, summary.profiles, summary.duplicates])
    }

    @Test func `a log is stored the same, encoded or message by message`() async throws {
        let encoded = try await messages(takingRows: true)
        let decoded = try await messages(takingRows: false)
        #expect(encoded.lines == decoded.lines)
        #expect(encoded.summary == decoded.summary)
        #expect(encoded.lines.count == 8)
    }
}

/// A sink that takes messages only.
final class MessagesOnly: MessageSink {
    private let sink: EventStoreSink

    init(_ sink: EventStoreSink) { self.sink = sink }

    func add(_ entries: [SinkEntry], source: Text) async throws { try await sink.add(entries, source: source) }
    func add(products: [JSONObject]) async throws { try await sink.add(products: products) }
    func importState(_ key: Text) async throws -> Text? { try await sink.importState(key) }
    func finish() async throws -> SinkTotals { try await sink.finish() }
}
