import Dispatch
import EventModel
import EventStore
import SegmentLanguage
import Server
import Synchronization

/// Keeps a data directory safe and gives people their right: backup, export, erasure. The same in a command that has the
/// directory to itself and in the process that serves it.
struct Keeper: LocalWork {
    enum Work: String, CaseIterable {
        case backup, erase
        case exportProfile = "export-profile"
        case identityShow = "identity-show"
        case identityUnmerge = "identity-unmerge"
        case identityRemerge = "identity-remerge"
        case identityLog = "identity-log"

        /// Whether it works on what is kept beside the events.
        fileprivate var needsRecords: Bool { self == .backup || self == .erase }
    }

    let path: String
    let store: EventStore
    /// Backups and erasures come one after another.
    private let turn = Turn()

    init(path: String, store: EventStore) {
        self.path = path
        self.store = store
    }

    var names: [String] { Work.allCases.map(\.rawValue) }

    func perform(
        _ name: String, _ arguments: JSONObject, _ records: ServiceRecords, progress: LocalProgress
    ) async throws -> [UInt8] {
        switch Work(rawValue: name) {
        case .backup:
            let target = arguments["to"]?.text?.string ?? ""
            let isVerified = arguments["verify"] == .bool(true)
            return try await onThread {
                try turn.take {
                    JSONWriter.bytes(of: try backup(to: target, isVerified: isVerified, records, progress))
                }
            }
        case .erase:
            let ids = arguments["ids"]?.elements?.compactMap(\.text) ?? []
            let people = try await people(ids)
            return try await onThread { try turn.take { JSONWriter.bytes(of: try erase(people, records)) } }
        case .exportProfile:
            return try await exportProfile(arguments["id"]?.text ?? "")
        case .identityShow, .identityLog, .identityUnmerge, .identityRemerge:
            return try await onThread {
                defer { records.identitiesChanged() }
                return JSONWriter.bytes(of: try identity(name, arguments))
            }
        case nil:
            throw CommandError("unknown-command", .usage, "there is no work called \"\(name)\"")
        }
    }

    func imported() async throws {
        _ = try await StoreFigures(folder: Workspace.definitionFolder(in: path)).refresh(from: store)
    }

    func failure(of error: any Error) -> JSONValue { CommandError(describing: error).json }

    /// The data directory as it is now, for whatever asks about profiles.
    func workspace() async throws -> Workspace {
        let snapshot = try store.snapshot()
        let library = try await Shoal.library(in: Workspace.definitionFolder(in: path), of: snapshot)
        return Workspace(path: path, store: store, snapshot: snapshot, library: library)
    }
}

/// Lets threads through one after another.
private final class Turn: Sendable {
    private let lock = Locked(())

    func take<Value: Sendable>(_ body: () throws -> Value) throws -> Value { try lock.withLock { _ in try body() } }
}

/// Runs something that waits for the disk on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "shoal.safekeeping").async { continuation.resume(with: Result { try body() }) }
    }
}

extension Shoal {
    /// Has something done to a data directory: by this process when nobody else works on it, else by the one that serves it.
    static func keep(
        _ work: Keeper.Work, _ arguments: [(String, JSONValue)], at path: String, progress: LocalProgress
    ) async throws -> [UInt8] {
        let arguments = JSONObject(arguments.map { (Text($0), $1) })
        let store: EventStore
        do { store = try Self.store(at: path) } catch let error as EventStoreError {
            guard case .locked(_, let process) = error, let server = ServingFile(in: path), server.process == process
            else { throw error }
            return try await LocalClient(server).perform(work.rawValue, arguments, progress: progress)
        }
        defer { try? store.close() }
        let records = try work.needsRecords ? ServiceRecords(directory: path) : ServiceRecords()
        defer { records.close() }
        Interruption.listen()
        return try await Keeper(path: path, store: store).perform(work.rawValue, arguments, records, progress: progress)
    }
}
