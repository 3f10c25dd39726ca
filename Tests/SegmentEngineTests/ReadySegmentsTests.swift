import EventModel
import Foundation
import ReferenceEvaluation
import SegmentLanguage
import Testing

@testable import SegmentEngine

struct ReadySegmentsTests {
    /// The package's folder, three levels above this file.
    private static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static var bound: (program: Program, diagnostics: [Diagnostic]) { bound(typicalGap: "60 days") }

    /// The definitions in a store with that typical gap between orders.
    static func bound(typicalGap: String) -> (program: Program, diagnostics: [Diagnostic]) {
        Binder.bind(
            ReadySegments.files.map { file in
                let text = file.name == "store.shoal" ? file.text.replacing("60 days", with: typicalGap) : file.text
                return Parser.parse(text, file: file.name)
            })
    }

    /// Of a grocer, of the default, and of a shop for furniture.
    static let typicalGaps = ["1 day", "40 hours", "60 days", "400 days"]

    @Test func `every file of the folder is in the program, byte for byte`() throws {
        let folder = Self.package.appending(path: "Sources/SegmentEngine/ReadySegments")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ReadySegments.files.map(\.name).sorted())
        for file in ReadySegments.files {
            let text = try String(contentsOf: folder.appending(path: file.name), encoding: .utf8)
            #expect(file.text == text, "\(file.name)")
        }
    }

    @Test func `all definitions are sound, without a warning`() {
        #expect(Self.bound.diagnostics.map { "\($0.file ?? ""):\($0.range.start.line): \($0.message)" } == [])
    }

    @Test func `every definition has a title, a description and a reason`() throws {
        let program = Self.bound.program
        #expect(Set(ReadySegments.entries.map(\.name)) == Set(program.definitions.map(\.name.string)))
        for entry in ReadySegments.entries {
            let definition = try #require(program[Text(entry.name)])
            #expect(definition.title == Text(entry.title))
            #expect((definition.condition != nil) == (entry.kind == .segment))
            #expect(entry.what.hasSuffix("."), "\(entry.name)")
            #expect(entry.why.hasSuffix("."), "\(entry.name)")
            #expect(!entry.title.isEmpty)
        }
    }

    @Test func `every definition is on the page of ready segments, with its description and reason`() throws {
        let page = try String(
            contentsOf: Self.package.appending(path: "docs/ready-segments.md"), encoding: .utf8)
        for entry in ReadySegments.entries {
            #expect(page.contains("| `\(entry.name)`"), "\(entry.name)")
            #expect(page.contains("| \(entry.what) | \(entry.why) |"), "\(entry.name)")
        }
    }

    @Test func `an entry is found by its name`() {
        #expect(ReadySegments.entry(named: "vips")?.file == "value.shoal")
        #expect(ReadySegments.entry(named: "nobody") == nil)
    }

    @Test func `the typical gap that comes with the program is that of a store without repeat buyers`() {
        let gap = Self.bound.program["typical_gap"]?.value
        #expect(gap == DurationLiteral(60, .days).map { SegmentLanguage.Value(.duration($0)) })
        #expect(TypicalGap.unknown.text == "60 days")
    }

    @Test(arguments: 0..<12, typicalGaps)
    func `every profile is in exactly one base segment`(seed: UInt64, typicalGap: String) {
        let (answers, profiles) = Self.answers(seed: seed, typicalGap: typicalGap)
        #expect(!profiles.isEmpty)
        for profile in profiles {
            let homes = ReadySegments.baseSegments.filter { answers[Text($0)]?.contains(profile) == true }
            #expect(homes.count == 1, "\(profile) is in \(homes)")
        }
    }

    @Test(arguments: 0..<6)
    func `every buyer is in exactly one named cell`(seed: UInt64) {
        let (answers, _) = Self.answers(seed: seed)
        let buyers = answers["buyers"] ?? []
        let cells = ReadySegments.entries.filter { $0.file == "rfm.shoal" }.map { Text($0.name) }
        #expect(cells.count == 11)
        var homes: [Text: Int] = [:]
        for cell in cells {
            for profile in answers[cell] ?? [] { homes[profile, default: 0] += 1 }
        }
        #expect(homes.keys.allSatisfy(buyers.contains))
        #expect(buyers.allSatisfy { homes[$0] == 1 })
    }

    // MARK: - Random histories

    static let day: Int64 = 86_400_000
    static let now = Timestamp(milliseconds: 1_780_000_000_000)

    /// Answers of the reference evaluator on random histories of some forty profiles, and the profiles.
    static func answers(seed: UInt64, typicalGap: String = "60 days") -> ([Text: Set<Text>], [Text]) {
        let evaluator = ReferenceEvaluator(
            program: bound(typicalGap: typicalGap).program, settings: WorkspaceSettings(), messages: history(seed: seed)
        )
        return (evaluator.segments(at: now), evaluator.profiles)
    }

    /// Visits, orders, refunds and cancellations: on the borders of windows too, at equal times, and with nothing.
    static func history(seed: UInt64) -> [Message] {
        var random = SeededRandom(seed: seed)
        func below(_ count: Int) -> Int { random.int(below: count) }
        var messages: [Message] = []
        for shopper in 0..<40 {
            var orders: [Text] = []
            for _ in 0..<below(14) {
                let border = [Int64(1), 3, 30, 60, 120, 180][below(6)] * day
                let ago =
                    below(4) == 0 ? border + Int64(below(3) - 1) : Int64(below(400)) * day + Int64(below(2)) * 3_600_000
                let time = now.adding(milliseconds: -ago)
                let id = Text("\(seed)-\(shopper)-\(messages.count)")
                var message = Message(
                    kind: .track, messageID: id, time: time, receivedAt: time, original: [])
                message.userID = Text("shopper-\(shopper)")
                message.event =
                    ["Order Completed", "Order Completed", "Product Viewed", "Order Refunded", "Order Cancelled"][
                        below(5)]
                switch message.event {
                case "Order Completed":
                    if below(8) > 0 {
                        orders.append(id)
                        message.properties.append("order_id", .string(id))
                    }
                    message.properties.append("revenue", .number(Decimal128(below(5) * 10)))
                case "Order Refunded", "Order Cancelled":
                    guard !orders.isEmpty else { continue }
                    message.properties.append("order_id", .string(orders[below(orders.count)]))
                    if below(2) == 0 { message.properties.append("total", .number(Decimal128(below(4) * 10))) }
                default: break
                }
                messages.append(message)
            }
        }
        return messages
    }
}
