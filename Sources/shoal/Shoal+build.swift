import Connectors
import EventModel
import EventStore
import Foundation
import ReferenceEvaluation
import SegmentEngine
import SegmentLanguage

/// The one place where the parts are joined: which clock, which store, which evaluator.
extension Shoal {
    /// The clock of the machine; everything that asks for the time is given this one.
    static let clock: any Clock = SystemClock()

    /// How many blocks are evaluated at once.
    static var workers: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    // MARK: - The data directory

    /// Opens a store that is there.
    static func store(at path: String) throws -> EventStore {
        try requireDirectory(path)
        return try EventStore.open(directory: path, clock: clock)
    }

    /// - Throws: `store-missing` when the directory is not there.
    static func requireDirectory(_ path: String) throws(CommandError) {
        if LocalFiles.isFolder(path) { return }
        guard !LocalFiles.exists(path) else {
            throw CommandError(
                "store-missing", .noInput, "\"\(path)\" is a file, not a data directory",
                advice: "name the directory with --data")
        }
        throw CommandError(
            "store-missing", .noInput, "there is no data directory \"\(path)\"",
            advice: "\"shoal demo\" makes one to look at, \"shoal import FILE\" one of your own; --data names another")
    }

    /// Opens a data directory as commands read it, and closes it after them.
    static func withWorkspace<Answer>(
        at path: String, _ body: (Workspace) async throws -> Answer
    ) async throws -> Answer {
        let store = try store(at: path)
        defer { try? store.close() }
        let snapshot = try store.snapshot()
        let library = try await library(in: Workspace.definitionFolder(in: path), of: snapshot)
        return try await body(Workspace(path: path, store: store, snapshot: snapshot, library: library))
    }

    /// The definitions in a folder. Where they speak of the store's typical gap between orders and no file says what it
    /// is (somebody took it away, or copied newer definitions), the file is written first, as by an import.
    static func library(in folder: String, of snapshot: Snapshot) async throws -> DefinitionLibrary {
        let zone = snapshot.settings.zone
        let library = DefinitionLibrary(folder: folder, zone: zone)
        let figures = StoreFigures(folder: folder)
        guard figures.isMissed(in: library) else { return library }
        let now = clock.now()
        let gap = try await StoreFigures.typicalGap(of: snapshot, at: now)
        guard let file = try figures.put(gap, on: zone.day(of: now)) else { return library }
        Console.standard.note("note: wrote segments/\(file), which definitions need: typical_gap is \(gap.text)\n")
        return DefinitionLibrary(folder: folder, zone: zone)
    }

    /// Where an import goes to.
    static func messageSink(of store: EventStore) -> any MessageSink { EventStoreSink(store) }

    // MARK: - Evaluation

    /// Answers of a program over a source of histories.
    static func backend(of program: Program, over source: any HistorySource) -> any BehaviorBackend {
        EmbeddedBackend(plan: Plan(program, settings: source.settings), source: source, workers: workers)
    }
}
