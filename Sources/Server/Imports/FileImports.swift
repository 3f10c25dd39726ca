import Connectors
import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Logging
import Membership
import Synchronization

/// Files that people drop into the dashboard: from the upload through looking at them to the account of what became of them.
///
/// A file waits in the data directory until somebody imports or discards it, at most an hour; one is imported at a time.
/// What became of each stands in `service.db`.
final class FileImports: Sendable {
    /// A file that came in, and how it would be read.
    struct Waiting: Sendable {
        var account: ImportAccount
        var form: ImportForm
        var look: ImportLook
    }

    /// A file that is being imported.
    struct Running: Sendable {
        var progress: ImportProgress
        var isStopping = false
        /// Whether the server ends.
        var isBroken = false
    }

    private struct State {
        var waiting: [Int64: Waiting] = [:]
        /// Uploads that are under way.
        var arriving = 0
        var running: (id: Int64, Running)?
        var task: Task<Void, Never>?
        var isClosed = false
    }

    let store: EventStore
    let records: ImportRecords
    let spool: UploadSpool
    private let memberships: Memberships
    private let audit: AuditLog
    private let clock: any Clock
    private let logger: Logger
    /// What is to be done once something was imported.
    private let afterwards: @Sendable () async throws -> Void
    private let state = Locked(State())

    /// A part of an import has so many messages: while one is made nobody else can append.
    private static let partSize = BulkWriter.Size(messages: 200_000, bytes: 192 << 20)
    private static let groupingBytes = 64 << 20
    private static let waitsAtMost = Duration.seconds(3_600)

    init(
        store: EventStore, memberships: Memberships, database: ServiceDatabase, audit: AuditLog, clock: any Clock,
        logger: Logger, afterwards: @escaping @Sendable () async throws -> Void
    ) throws {
        self.store = store
        self.memberships = memberships
        self.audit = audit
        self.clock = clock
        self.logger = logger
        self.afterwards = afterwards
        records = ImportRecords(database, clock: clock)
        spool = UploadSpool(in: store.directory)
        try records.settle()
        spool.clear()
    }

    // MARK: - What there is

    func waiting(_ id: Int64) -> Waiting? { state.withLock { $0.waiting[id] } }

    func running(_ id: Int64) -> Running? {
        state.withLock { state in state.running.flatMap { $0.id == id ? $0.1 : nil } }
    }

    /// Which file is being imported.
    var runningID: Int64? { state.withLock { $0.running?.id } }

    func rejectsPath(of id: Int64) -> String { "\(store.directory)/rejects/import-\(id).jsonl" }

    // MARK: - Coming in

    /// Takes a file that comes in pieces.
    ///
    /// - Parameters:
    ///   - announced: how many bytes the request says it has.
    ///   - choices: what is known of it already.
    ///   - receive: hands the file over, and answers its name.
    func take(
        announced: Int?, by actor: Actor, _ choices: ImportChoices = ImportChoices(),
        _ receive: (UploadSpool.File) async throws -> String
    ) async throws -> Int64 {
        try admit(announced)
        defer { state.withLock { $0.arriving -= 1 } }
        let id = try records.add("", by: actor)
        do {
            let file = try spool.make(id)
            let name = try await receive(file)
            guard file.bytes > 0 else {
                throw APIError(
                    .unprocessableContent, "empty-file", "“\(name)” is empty. Export it again, and send what comes.")
            }
            try records.setBytes(file.bytes, name: name, of: id)
        } catch {
            spool.remove(id)
            try? records.remove(id)
            throw error
        }
        guard let account = try records.account(id) else { throw APIError.uploadBroken }
        let look = ImportLook(spool.path(of: id), choices, store.settings, clock)
        let waiting = Waiting(account: account, form: look.suggested, look: look)
        state.withLock { $0.waiting[id] = waiting }
        Task { [weak self] in
            try? await Task.sleep(for: Self.waitsAtMost)
            self?.discard(id)
        }
        return id
    }

    private func admit(_ announced: Int?) throws(APIError) {
        if let announced, announced > Limits.uploadBytes.value + Self.formBytes { throw .uploadTooLarge }
        // What becomes of a file may take as much room as it does, and messages need some meanwhile.
        if let announced, let free = spool.freeBytes, free < 2 * announced + Self.spareBytes {
            throw .noRoomForUpload
        }
        let isFull = state.withLock { state in
            let isFull = state.waiting.count + state.arriving >= Limits.uploads.value
            if !isFull { state.arriving += 1 }
            return isFull
        }
        if isFull {
            throw APIError(
                .conflict, Limits.uploads.code,
                "\(Limits.uploads.value) files wait already: import or discard one of them first.")
        }
    }

    /// What stands around a file in its form.
    private static let formBytes = 64 * 1024
    private static let spareBytes = 64 << 20

    // MARK: - Looking

    /// Looks at a file anew with what somebody chose; nil when it does not wait any more.
    func look(_ id: Int64, _ form: ImportForm) -> Waiting? {
        guard var waiting = waiting(id) else { return nil }
        var form = form
        let choices = ImportChoices(&form, glance: waiting.look.glance)
        waiting.form = form
        if let choices { waiting.look = ImportLook(spool.path(of: id), choices, store.settings, clock) }
        return state.withLock { state in
            guard state.waiting[id] != nil else { return nil }
            state.waiting[id] = waiting
            return waiting
        }
    }

    /// Forgets a file that nothing was stored of.
    func discard(_ id: Int64) {
        guard state.withLock({ $0.waiting.removeValue(forKey: id) }) != nil else { return }
        spool.remove(id)
        try? records.remove(id)
    }

    // MARK: - Importing

    /// Begins to import a file as it was looked at last.
    func start(_ id: Int64, by actor: Actor) throws {
        try store.requireWritable()
        let waiting = try state.withLock { state throws(APIError) -> Waiting in
            guard !state.isClosed, let waiting = state.waiting[id] else { throw .noSuchImport }
            if let running = state.running {
                throw APIError(
                    .conflict, "import-running",
                    "Another file is being imported (number \(running.id)): wait until it is done, or stop it.")
            }
            state.waiting[id] = nil
            let progress = ImportProgress(
                stage: .reading, bytesDone: 0, bytesTotal: Int64(waiting.account.bytes), rows: 0, messages: 0,
                rowsStored: 0, rejected: 0)
            state.running = (id, Running(progress: progress))
            return waiting
        }
        do { try records.begin(id) } catch {
            state.withLock { state in
                state.running = nil
                state.waiting[id] = waiting
            }
            throw error
        }
        let task = Task { await Background.run { await self.run(waiting, by: actor) } }
        state.withLock { $0.task = task }
    }

    /// Ends an import after what was handed over.
    func stop(_ id: Int64) {
        state.withLock { state in
            if state.running?.id == id { state.running?.1.isStopping = true }
        }
    }

    private func run(_ waiting: Waiting, by actor: Actor) async {
        let id = waiting.account.id
        var outcome = ImportAccount.State.failed
        var account = JSONValue.object(JSONObject())
        do {
            let summary = try await importFile(waiting)
            account = summary.json
            switch summary.outcome {
            case .complete: outcome = .complete
            case .interrupted: outcome = running(id)?.isBroken == true ? .broken : .interrupted
            case .failed(let error):
                account = Self.account(account, ImportProblem(error, file: waiting.account.name))
            }
            if summary.taken + summary.products > 0, running(id)?.isBroken == false {
                memberships.poke()
                try await afterwards()
            }
        } catch let error as ImportError {
            account = Self.account(account, ImportProblem(error, file: waiting.account.name))
        } catch {
            logger.error("an import failed", metadata: ["error": "\(error)"])
            let known = (error as? EventStoreError).map { APIError($0) }
            account = Self.account(
                account,
                ImportProblem(
                    code: known?.code ?? "internal-error",
                    known?.code == "disk-full"
                        ? "The disk is full. Make room and send the file again: what was stored is not stored twice."
                        : "Something went wrong in the server; its log says what. What was stored so far stays."))
        }
        spool.remove(id)
        do { try records.end(id, outcome, account, by: actor, audit) } catch {
            logger.error("the account of an import is not kept", metadata: ["error": "\(error)"])
        }
        state.withLock { $0.running = nil }
    }

    private static func account(_ account: JSONValue, _ problem: ImportProblem) -> JSONValue {
        var object = account.object ?? JSONObject()
        object["problem"] = .object([("code", .text(problem.code)), ("message", .text(problem.text))])
        return .object(object)
    }

    private func importFile(_ waiting: Waiting) async throws -> ImportSummary {
        let id = waiting.account.id
        var options = waiting.look.choices.options
        options.rejectsPath = rejectsPath(of: id)
        options.temporaryFolder = spool.folder
        options.groupingBytes = Self.groupingBytes
        options.isCancelled = { [weak self] in self?.running(id).map { $0.isStopping || $0.isBroken } ?? true }
        options.progress = { [weak self] progress in
            self?.state.withLock { state in
                if state.running?.id == id { state.running?.1.progress = progress }
            }
        }
        let importer = Importer(options: options, settings: store.settings, clock: clock)
        let plan = try importer.plan(spool.path(of: id))
        let sink = EventStoreSink(store, Self.partSize) { [memberships] in memberships.poke() }
        var summary = try await importer.run(plan, into: sink)
        summary.path = waiting.account.name
        summary.rejectsPath = nil
        return summary
    }

    // MARK: - The end

    /// Stops what is being imported, and waits until what was taken is stored.
    func close() async {
        let task = state.withLock { state in
            state.isClosed = true
            state.running?.1.isBroken = true
            return state.task
        }
        store.stopMerging { true }
        await task?.value
        spool.clear()
    }

    /// Waits until nothing is being imported; for tests.
    func finish() async { await state.withLock { $0.task }?.value }
}

extension APIError {
    static let noSuchImport = APIError(
        .notFound, "unknown-import",
        "This file is not here any more: it was imported or discarded, or waited for more than an hour. Send it again.")
}
