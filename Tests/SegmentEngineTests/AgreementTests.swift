import EventModel
import EventStore
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing

@testable import SegmentEngine

/// The engine and the reference evaluator, written apart from each other, say the same of random histories.
@Suite(.serialized)
struct AgreementTests {
    /// Seeds per test case; 500 seeds in the short run, 10,000 with SHOAL_LONG_TESTS=1.
    private static let batch = 25
    private static var batches: Range<Int> { 0..<(isLongRun ? 400 : 20) }

    @Test(arguments: batches)
    func `engine and reference agree on random histories and definitions`(batch: Int) async throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let found = try await disagreements(seed: UInt64(seed)) { workspace in
                MemoryHistorySource(messages: workspace.messages, settings: workspace.settings)
            }
            #expect(found == [], "seed \(seed)")
        }
    }

    /// Rows come from several parts, merged ones too, and from recent messages, and lie in another order than in
    /// memory.
    @Test(arguments: 0..<(isLongRun ? 100 : 6))
    func `engine and reference agree on histories that a store holds`(batch: Int) async throws {
        for seed in batch * 20..<(batch + 1) * 20 {
            let store = try RandomStore(seed: UInt64(seed))
            let found = try await disagreements(seed: UInt64(seed)) { try store.snapshot(of: $0) }
            #expect(found == [], "seed \(seed)")
        }
    }

    /// Groups of events without items are swept in a way of their own, whatever is asked of them.
    @Test(arguments: 0..<(isLongRun ? 200 : 10))
    func `engine and reference agree on groups of events without items`(batch: Int) async throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            #expect(try await disagreementsOfGroups(seed: seed) == [], "seed \(seed)")
        }
    }

    /// 655: the hour in the shopper's own zone, asked of events of a group. 2896: groups within groups, by a value that
    /// only the catalogue has.
    @Test(arguments: [655, 2896])
    func `what once differed in groups agrees`(seed: Int) async throws {
        #expect(try await disagreementsOfGroups(seed: seed) == [])
    }

    private func disagreementsOfGroups(seed: Int) async throws -> [String] {
        let workspace = RandomHistories.make(seed: UInt64(seed))
        var settings = workspace.settings
        if seed % 4 != 0 { settings.catalogue = .empty }
        let messages = workspace.messagesWithoutItems
        let source = MemoryHistorySource(messages: messages, settings: settings)
        let now = workspace.instants[seed % workspace.instants.count]
        return try await disagreements(groupProgram(seed: UInt64(seed)), settings, messages, source, at: now)
    }

    /// Some definitions, and what each segment asks asked of groups.
    private func groupProgram(seed: UInt64) -> Program {
        var random = SeededRandom(seed: seed &* 0xD134_2543_DE82_EF95 &+ 7)
        let own = RandomDefinitions.make(random: &random, size: 4, depth: 2, pool: .histories)
        let grouped = (0..<6).map { index in
            let body = RandomDefinitions.condition(random: &random, depth: 2, pool: .histories)
            let path = RandomDefinitions.Pool.histories.groups[random.int(below: 3)]
            let quantifiers: [GroupQuantifier] = [.some, .atLeast(2), .every]
            return Definition(
                name: Text("g\(index)"), title: nil,
                body: .segment(Condition(.forGroups(quantifiers[index % 3], path, body))))
        }
        return Program(inDependencyOrder: own + grouped + randomGroupCounts(seed: seed))
    }

    /// What differs for one random workspace at one of its instants, in words.
    private func disagreements(
        seed: UInt64, _ makeSource: (RandomCase) throws -> any HistorySource
    ) async throws -> [String] {
        let workspace = RandomHistories.make(seed: seed)
        return try await disagreements(
            randomProgram(seed: seed), workspace.settings, workspace.messages, try makeSource(workspace),
            at: workspace.instants[Int(seed % UInt64(workspace.instants.count))])
    }

    private func disagreements(
        _ program: Program, _ settings: WorkspaceSettings, _ messages: [Message], _ source: any HistorySource,
        at now: Timestamp
    ) async throws -> [String] {
        let answers = try await EngineAnswers(Plan(program, settings: settings), source, at: now)
        let reference = ReferenceEvaluator(program: program, settings: settings, messages: messages)
        let segments = reference.segments(at: now)
        let metrics = reference.metrics(at: now).mapValues { $0.compactMapValues { withoutObjects($0.json) } }
        var found: [String] = []
        for definition in program.definitions {
            let name = definition.name
            if definition.condition != nil, answers.segments[name] != segments[name] {
                found.append(
                    "\(now) \(Printer.text(of: definition)) engine \(answers.segments[name]?.sorted() ?? []) "
                        + "reference \(segments[name]?.sorted() ?? [])")
            }
            if definition.value != nil, answers.metrics[name] != metrics[name] {
                found.append(
                    "\(now) \(Printer.text(of: definition)) engine \(answers.metrics[name] ?? [:]) "
                        + "reference \(metrics[name] ?? [:])")
            }
        }
        return found
    }

    /// Histories keep objects as their leaves only, so the engine prints none.
    private func withoutObjects(_ json: JSONValue) -> JSONValue? {
        switch json {
        case .object: nil
        case .array(let elements): .array(elements.map { withoutObjects($0) ?? .null })
        default: json
        }
    }
}
