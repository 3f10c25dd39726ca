import Columns
import DemoStore
import EventModel
import EventStore
import ReferenceEvaluation
import SegmentLanguage
import Testing

@testable import SegmentEngine

/// What the ready segments answer: on random histories, and on a demonstration store.
struct ReadySegmentsAnswersTests {
    @Test(arguments: 0..<20, ReadySegmentsTests.typicalGaps)
    func `the engine puts every profile in exactly one base segment`(seed: UInt64, typicalGap: String) async throws {
        let messages = ReadySegmentsTests.history(seed: seed)
        let source = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let plan = Plan(
            ReadySegmentsTests.bound(typicalGap: typicalGap).program, settings: WorkspaceSettings())
        for days in [0, 30, 60, 200] {
            let now = ReadySegmentsTests.now.adding(milliseconds: -Int64(days) * ReadySegmentsTests.day)
            let result = try await BatchEvaluator(plan: plan, source: source).evaluate(at: now)
            for number in result.population {
                let id = result.id(of: ProfileNumber(number))
                let homes = ReadySegments.baseSegments.filter {
                    result.members[Text($0)]?.contains(number) == true
                }
                #expect(homes.count == 1, "\(id) is in \(homes) \(days) days before")
            }
        }
    }

    @Test(arguments: 0..<8, ReadySegmentsTests.typicalGaps)
    func `engine and reference give the ready segments the same members`(
        seed: UInt64, typicalGap: String
    ) async throws {
        let messages = ReadySegmentsTests.history(seed: seed)
        let source = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let plan = Plan(
            ReadySegmentsTests.bound(typicalGap: typicalGap).program, settings: WorkspaceSettings())
        let answers = try await EngineAnswers(plan, source, at: ReadySegmentsTests.now)
        #expect(answers.segments == ReadySegmentsTests.answers(seed: seed, typicalGap: typicalGap).0)
    }

    @Test func `every ready segment has members in the demonstration store, in likely shares`() async throws {
        let (messages, settings, end) = try Self.demonstration(profiles: 3_000)
        let source = MemoryHistorySource(messages: messages, settings: settings)
        let gap = try await Self.typicalGap(of: source, at: end)
        #expect(gap.repeatBuyers > 200)
        let program = ReadySegmentsTests.bound(typicalGap: gap.text).program
        let result = try await BatchEvaluator(plan: Plan(program, settings: settings), source: source)
            .evaluate(at: end)
        let sizes = result.members.mapValues(\.count)
        for entry in ReadySegments.entries where entry.kind == .segment {
            #expect(sizes[Text(entry.name), default: 0] > 0, "\(entry.name)")
        }
        let all = ReadySegments.baseSegments.reduce(0) { $0 + sizes[Text($1), default: 0] }
        #expect(all == result.population.count)

        let buyers = sizes["buyers", default: 0]
        func perMille(_ name: Text) -> Int { sizes[name, default: 0] * 1_000 / max(1, buyers) }
        #expect((200...450).contains(buyers * 1_000 / all))
        #expect((30...100).contains(perMille("couponers")))
        #expect((99...101).contains(perMille("vips")))
        #expect((150...300).contains(perMille("loyal_customers")))
        #expect((250...500).contains(perMille("lapsed_customers")))
    }

    private static func typicalGap(of source: MemoryHistorySource, at now: Timestamp) async throws -> TypicalGap {
        let metric = Definition(name: "gap", body: .metric(TypicalGap.meanGap))
        let plan = Plan(Program(inDependencyOrder: [metric]), settings: source.settings)
        let result = try await BatchEvaluator(plan: plan, source: source).evaluate(at: now)
        return TypicalGap(meanGaps: (result.metrics["gap"] ?? [:]).map(\.value))
    }

    /// The messages of a small demonstration store, its settings with the catalogue, and its end.
    private static func demonstration(profiles: Int) throws -> ([Message], WorkspaceSettings, Timestamp) {
        let zone = try #require(Zone(identifier: "Europe/Berlin"))
        let end = try #require(Timestamp(iso8601: "2026-11-01T20:00:00Z", zone: .utc))
        let generator = DemoStoreGenerator(seed: 1, profiles: profiles, endingAt: end, zone: zone)
        var lines: [UInt8] = []
        var products: [UInt8] = []
        _ = generator.write(
            events: { (chunk: [UInt8]) in lines += chunk }, products: { (chunk: [UInt8]) in products += chunk })
        var settings = WorkspaceSettings()
        settings.zone = zone
        let newline = UInt8(ascii: "\n")
        settings.catalogue = Catalogue(
            products: try products.split(separator: newline).map { try JSONReader.parse(Array($0)) })
        let decoder = MessageDecoder(settings: settings)
        let messages = try lines.split(separator: newline).map { try decoder.decode(Array($0), receivedAt: end) }
        return (messages, settings, end)
    }
}
