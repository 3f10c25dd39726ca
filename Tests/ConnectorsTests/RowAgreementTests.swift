import EventModel
import Foundation
import Testing

@testable import Connectors
@testable import EventStore

/// Rows that are staged as they came are the messages that the format and the decoder make of them: now, after a
/// rebuild, and when the file comes again.
@Suite struct RowAgreementTests {
    private static let cells: [[String]] = [
        ["a", "b", "17", "-1", "guest", "", "\u{A0}c ", "\"x\"\"y\"", "é", "NULL", "00"],
        [
            "2025-07-01 00:12:26.170", "2025-07-01 00:12:26", "2025-07-01T10:00:00+02:00", "2025-07-01", "no time", "",
            " 2025-07-02 08:00:00 ", "1 July 2025", "2025-02-30 00:00:00", "2025-07-01 24:00:00",
        ],
        [
            "Page Viewed", "add_to_cart", "account_page", "purchase", "refund", "Order Completed", "Size Chosen", "",
            "\"a,b\"",
            "shipping_details", "Größe gewählt",
        ],
        ["", "42", "p-1", " 7 ", "\"say \"\"hi\"\"\""],
        ["", "Cup", "Tea"],
        ["", "0", "1.50", "1e3", "-0.00", "12", "€ 5", "\"1,000.50\"", "007", "99999999999999999999", "0.000001"],
        ["", "1", "2", "2.0", "x"],
        ["", "EUR", "usd"],
        [
            "", "017", "1.50", "true", "false", "t", "-3", "-", "0.5", "é", "123456789012345678901", "\t",
            "\"two\nlines\"",
        ],
    ]

    /// Without quotes, and with columns of nothing but whole numbers: as most logs are, and what the quickest ways are for.
    private static let tameCells: [[String]] = [
        ["17", "4", "4194303", "250000", "0"], Array(cells[1].prefix(3)), Array(cells[2].prefix(6)),
        ["", "42", "7", "0"],
        ["", "Cup", "Kettle of steel", "A cup with a handle and a very long name to it"],
        ["", "0", "12", "1249", "4194304"], ["", "1", "2"], ["", "EUR"],
        ["", "17", "tablet", "true", "false", "falsy", "t"],
    ]

    /// A log whose rows are drawn from `cells`, some of them twice, some broken.
    private static func log(seed: Int) -> [UInt8] {
        var random = SplitMix(seed: UInt64(seed))
        let ending = ["\n", "\r\n", "\r"][seed % 3]
        var text = seed % 4 == 0 ? "\u{FEFF}" : ""
        text += "customer,time,event,product_id,product_name,price,quantity,currency,shade"
        if seed % 2 == 1 { text += ",amount" }
        text += ending
        var rows: [String] = []
        for _ in 0..<(20 + random.below(200)) {
            if !rows.isEmpty, random.below(4) == 0 {
                rows.append(rows[random.below(rows.count)])
                continue
            }
            // Most rows are as they should be.
            let isNasty = random.below(3) == 0
            let kinds = seed % 3 == 0 && seed % 2 == 0 ? tameCells : cells
            var row = kinds.map { $0[random.below(isNasty ? $0.count : min(3, $0.count))] }
            if seed % 2 == 1 { row.append(cells[5][random.below(isNasty ? cells[5].count : 4)]) }
            switch random.below(40) {
            case 0: row.removeLast()
            case 1: row.append("more")
            case 2: row[8] = String(repeating: "long ", count: 3_000)
            case 3: row[3] = "\"open"
            default: break
            }
            rows.append(row.joined(separator: ","))
            if random.below(30) == 0 { rows.append("") }
        }
        text += rows.joined(separator: ending)
        return Array(text.utf8) + (seed % 5 == 0 ? [] : Array(ending.utf8))
    }

    private final class Place {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shoal-rows-\(UUID().uuidString)").path
        let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))

        init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func open(_ options: EventStore.Options = EventStore.Options()) throws -> EventStore {
            try EventStore.open(directory: folder + "/data", mode: .createIfMissing, clock: clock, options: options)
        }
    }

    private struct Outcome: Equatable {
        var taken: Int
        var duplicates: Int
        var orders: Int
        var profiles: Int
        var revenue: String
        var rejected: [String]
        var byEvent: [Text: Int]

        init(_ summary: ImportSummary) {
            (taken, duplicates, orders) = (summary.taken, summary.duplicates, summary.orders)
            (profiles, byEvent) = (summary.profiles, summary.takenByEvent)
            revenue = summary.revenue?.description ?? "none"
            rejected = summary.rejected.map { "\($0.key) \($0.value)" }.sorted()
        }
    }

    private func importing(
        _ log: [UInt8], at place: Place, takingRows: Bool, zone: Zone? = nil,
        _ options: EventStore.Options = EventStore.Options()
    ) async throws -> Outcome {
        try Data(log).write(to: URL(filePath: place.folder + "/log.csv"))
        let store = try place.open(options)
        var importOptions = ImportOptions()
        importOptions.kind = .events
        importOptions.zone = zone
        let importer = Importer(options: importOptions, settings: store.settings, clock: place.clock)
        let sink = EventStoreSink(store)
        let plan = try importer.plan(place.folder + "/log.csv")
        let summary = try await importer.run(plan, into: takingRows ? sink : MessagesOnly(sink))
        try store.close()
        return Outcome(summary)
    }

    private func messages(at place: Place) throws -> [String] {
        let store = try place.open()
        defer { try? store.close() }
        var lines: [String] = []
        var ofAll: Set<String> = []
        var ofEach: [String] = []
        let snapshot = try store.snapshot()
        try snapshot.forEachMessage { message, source in
            lines.append("\(message.arrival) \(source) \(String(decoding: message.message.original, as: UTF8.self))")
            ofAll.insert("\(message.arrival) \(String(decoding: message.message.original, as: UTF8.self))")
        }
        for profile in 0..<snapshot.profileCount {
            let problem = try snapshot.compareWithOriginals(ProfileNumber(profile))
            #expect(problem == nil)
            // Of a profile's own rows alone, wherever they stand in their frames.
            for message in try snapshot.storedMessages(of: ProfileNumber(profile)) {
                ofEach.append("\(message.arrival) \(String(decoding: message.message.original, as: UTF8.self))")
            }
        }
        #expect(ofEach.count == ofAll.count && Set(ofEach) == ofAll)
        let problems = try store.verify().problems
        #expect(problems.isEmpty)
        return lines
    }

    @Test(arguments: 0..<24) func `a log is stored the same as rows or message by message`(seed: Int) async throws {
        let log = Self.log(seed: seed)
        let zone = seed % 6 == 5 ? Zone(identifier: "Europe/Berlin") : nil
        let (rows, single) = (try Place(), try Place())
        let staged = try await importing(log, at: rows, takingRows: true, zone: zone)
        let decoded = try await importing(log, at: single, takingRows: false, zone: zone)
        #expect(staged == decoded)
        let lines = try messages(at: rows)
        #expect(lines == (try messages(at: single)))

        // Once more: nothing is new, however it comes.
        let again = try await importing(log, at: rows, takingRows: seed % 2 == 0)
        #expect(again.taken == 0)
        #expect(again.duplicates == staged.taken)
        #expect(try messages(at: rows) == lines)
    }

    @Test(arguments: 0..<6) func `rows survive a rebuild and small parts`(seed: Int) async throws {
        let log = Self.log(seed: seed)
        var options = EventStore.Options()
        options.bulkMessages = 16
        options.rowsPerBlock = 5
        let place = try Place()
        let whole = try Place()
        let staged = try await importing(log, at: place, takingRows: true, options)
        #expect(try await importing(log, at: whole, takingRows: true) == staged)
        let lines = try messages(at: whole)
        #expect(try messages(at: place) == lines)
        let report = try EventStore.rebuild(directory: place.folder + "/data", clock: place.clock)
        #expect(report.losses.isEmpty)
        #expect(try messages(at: place) == lines)
        #expect(try await importing(log, at: place, takingRows: true).taken == 0)
    }

    @Test func `more of the same rows are more messages, in whichever file they come`() async throws {
        let head = "customer,time,event\n"
        let row = "a,2025-07-01 00:12:26.170,Page Viewed\n"
        let place = try Place()
        let first = try await importing(Array((head + row).utf8), at: place, takingRows: true)
        let second = try await importing(Array((head + row + row + row).utf8), at: place, takingRows: true)
        let third = try await importing(Array((head + row + row + row).utf8), at: place, takingRows: false)
        #expect(first.taken == 1 && first.duplicates == 0)
        #expect(second.taken == 2 && second.duplicates == 1)
        #expect(third.taken == 0 && third.duplicates == 3)
        #expect(Set(try messages(at: place).map { $0.split(separator: " ", maxSplits: 1)[1] }).count == 3)
    }
}
