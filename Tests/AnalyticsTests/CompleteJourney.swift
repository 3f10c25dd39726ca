import Connectors
import EventModel
import EventStore
import Foundation
import TestSupport
import Testing

/// The Complete Journey in a store, made once for all tests that ask for it.
///
/// Ranks put equal values in the order of the profiles' ids, the largest first; the anchors put them in the order of
/// the household numbers, the smallest first. So that both mean the same, household 17 is profile "9983" here.
actor CompleteJourney {
    static let shared = CompleteJourney()
    static let files = ["transactions-2017-jan-sep", "transactions-2017-oct-dec"].map {
        "data/complete-journey/\($0).csv.gz"
    }
    static let isThere = files.allSatisfy { sharedPath($0) != nil }

    private var made: Task<Made, any Error>?

    private final class Made: Sendable {
        let snapshot: Snapshot
        private let store: EventStore
        /// Only held.
        nonisolated(unsafe) private let directory: TemporaryDirectory

        init(_ store: EventStore, _ directory: TemporaryDirectory) throws {
            snapshot = try store.snapshot()
            self.store = store
            self.directory = directory
        }
    }

    func snapshot() async throws -> Snapshot {
        let task = made ?? Task { try await Self.make() }
        made = task
        return try await task.value.snapshot
    }

    private static func make() async throws -> Made {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        for file in files {
            let path = try #require(sharedPath(file))
            var options = ImportOptions()
            options.rejectsPath = directory.path + "/rejects.jsonl"
            let importer = Importer(
                options: options, settings: store.settings, clock: ManualClock(Timestamp(milliseconds: 0)))
            _ = try await importer.run(try importer.plan(path), into: RenamingSink(EventStoreSink(store)))
        }
        return try Made(store, directory)
    }

    /// The profile of a household.
    static func profile(_ household: Int) -> Text { Text(String(10_000 - household)) }

    static func household(_ profile: Text) -> Int? { Int(profile.string).map { 10_000 - $0 } }
}

/// Gives the households the ids of their profiles.
private final class RenamingSink: MessageSink {
    private let sink: EventStoreSink

    init(_ sink: EventStoreSink) { self.sink = sink }

    func add(_ entries: [SinkEntry], source: Text) async throws {
        var renamed = entries
        for index in renamed.indices {
            guard let household = renamed[index].message.userID.flatMap({ Int($0.string) }) else { continue }
            renamed[index].message.userID = CompleteJourney.profile(household)
        }
        try await sink.add(renamed, source: source)
    }

    func add(products: [JSONObject]) async throws { try await sink.add(products: products) }
    func importState(_ key: Text) async throws -> Text? { try await sink.importState(key) }
    func finish() async throws -> SinkTotals { try await sink.finish() }
}

/// An anchor file as JSON.
func anchor(_ name: String) throws -> JSONObject {
    let path = try #require(sharedPath("anchors/\(name)"), "\(name) is absent")
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    return try #require(try JSONReader.parse(text, limits: Limits.JSON(bytes: 1 << 26, values: 1 << 20)).object)
}

extension JSONValue {
    /// A member of an object.
    subscript(name: Text) -> JSONValue? { object?[name] }

    var approximate: Double? { decimal?.approximate }
    var whole: Int? { decimal?.asInt() }
}
