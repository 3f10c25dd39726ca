import EventModel
import EventStore
import Server

extension Keeper {
    /// Files of a data directory that are neither the store's nor the service's, and belong to it all the same.
    private static let folders = ["segments", "rejects"]

    func backup(to target: String, isVerified: Bool, _ records: ServiceRecords, _ progress: LocalProgress) throws
        -> JSONValue
    {
        let target = LocalFiles.absolute(target)
        guard !(target + "/").hasPrefix(LocalFiles.absolute(path) + "/") else { throw BackupError.inside(path: target) }
        let parent = LocalFiles.parent(of: target)
        guard LocalFiles.isFolder(parent) else {
            throw CommandError(
                "cannot-create", .cantCreate, "there is no folder \"\(parent)\" to put the backup in",
                advice: "make it first, or name another")
        }
        let files = Self.folders.flatMap { folder in
            LocalFiles.files(below: "\(path)/\(folder)", ending: "").map { "\(folder)/\($0)" }
        }
        let start = Shoal.clock.now()
        try finishErasing(records)
        let manifest = try store.backup(
            to: target, taking: files,
            addFirst: { folder in try records.copy(into: folder) },
            progress: { done, total in try progress.report(done: done, total: total) })
        var verified: Timestamp?
        if isVerified {
            try BackupCheck.run(target, progress: { done, total in try progress.report(done: done, total: total) })
            verified = Shoal.clock.now()
        }
        try records.note(
            BackupRecord(
                path: target, made: manifest.made, files: manifest.files.count, bytes: manifest.bytes,
                messages: manifest.messages, verified: verified))
        return .object([
            ("backup", .text(target)), ("files", .count(manifest.files.count)), ("bytes", .count(manifest.bytes)),
            ("messages", .count(manifest.messages)), ("mark", .time(manifest.made)),
            ("verified", .bool(verified != nil)),
            ("milliseconds", .count(Int(Shoal.clock.now().milliseconds(since: start)))),
        ])
    }
}
