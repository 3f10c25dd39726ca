import EventModel
import EventStore
import Server

/// Restores a backup, and erases again whom the store it is of has erased since.
struct Restoring {
    let source: String
    let target: String
    /// A log of erasures that somebody named.
    let erasures: String?

    func run(_ progress: LocalProgress) async throws -> JSONValue {
        let start = Shoal.clock.now()
        let restorer = try BackupRestorer(from: source, to: target)
        let log = try erasureLog(for: restorer.manifest)
        do {
            try await onThread { try restorer.copy { done, total in try progress.report(done: done, total: total) } }
            let copied = Shoal.clock.now()
            let settled = try await settle(restorer, log)
            try restorer.finish()
            return .object([
                ("restored", .text(target)), ("files", .count(restorer.manifest.files.count)),
                ("bytes", .count(restorer.manifest.bytes)), ("messages", .count(restorer.manifest.messages)),
                ("mark", .time(restorer.manifest.made)), ("erasedAgain", .count(settled.erased)),
                ("pausedWebhooks", .count(settled.pausedWebhooks)),
                ("erasureLog", log.map { .text($0.path) }),
                ("milliseconds", .count(Int(copied.milliseconds(since: start)))),
            ])
        } catch {
            restorer.abandon()
            throw error
        }
    }

    /// What was done to the copy before anybody can serve it.
    private struct Settled: Sendable {
        var erased = 0
        var pausedWebhooks = 0
    }

    /// Erases whom the log names, pauses webhooks, and signs everybody out, before the store has its name and anybody can serve it.
    private func settle(
        _ restorer: BackupRestorer, _ log: (path: String, log: ErasureLog)?
    ) async throws -> Settled {
        try await onThread {
            var settled = Settled()
            try restorer.settle(clock: Shoal.clock) { store in
                let records = try ServiceRecords(directory: restorer.partial)
                defer { records.close() }
                settled.pausedWebhooks = try records.pauseWebhooks()
                try records.endSessions()
                guard let log = log?.log else { return }
                let numbers = try store.identifiers(erasedIn: log, after: restorer.manifest.erasures)
                guard !numbers.isEmpty else { return }
                let keeper = Keeper(path: restorer.partial, store: store)
                var people = Keeper.People()
                people.profiles = store.profiles(of: numbers)
                people.traces = try keeper.traces(of: people.profiles, in: try store.snapshot())
                settled.erased = people.profiles.count
                _ = try keeper.erase(people, records, isNoted: false)
                try store.adopt(log)
            }
            return settled
        }
    }

    /// The log that was named, else the longest among the backups beside this one that are of the same store.
    private func erasureLog(for manifest: BackupManifest) throws -> (path: String, log: ErasureLog)? {
        if let erasures {
            guard let log = ErasureLog(try LocalFiles.read(erasures)) else {
                throw EventStoreError.erasuresDamaged(path: erasures)
            }
            return (erasures, log)
        }
        let parent = LocalFiles.parent(of: LocalFiles.absolute(source))
        var longest: (path: String, log: ErasureLog)?
        for name in LocalFiles.names(in: parent) {
            let path = "\(parent)/\(name)/\(ErasureLog.fileName)"
            guard let other = try? BackupRestorer.manifest(of: "\(parent)/\(name)"),
                other.workspace == manifest.workspace, other.erasures > manifest.erasures,
                let log = ErasureLog(try LocalFiles.read(path)), log.entries.count > longest?.log.entries.count ?? 0
            else { continue }
            longest = (path, log)
        }
        return longest
    }
}
