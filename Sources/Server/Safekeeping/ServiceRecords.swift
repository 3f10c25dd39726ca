package import EventModel
package import EventStore
import Foundation
import GRDB
import Membership

/// What a serving process keeps beside the events, as far as it is kept safe and cleared of people: `service.db`,
/// `memberships.db` and `webhooks.db`, of that process or of a directory nobody serves.
package final class ServiceRecords: Sendable {
    /// What an erasure took away.
    package struct Erased: Hashable, Sendable {
        /// Entries of the reject log.
        package var rejects = 0
        /// Entries of the logs of changes that lost whom and which message they are about.
        package var changes = 0
        /// Messages to webhooks that had been given up.
        package var deadLetters = 0
    }

    /// The names of the files in a data directory.
    package static let fileNames = [webhooksName, MembershipFile.name, serviceName]

    private static let serviceName = ServiceDatabase.Schema.service.name
    private static let webhooksName = ServiceDatabase.Schema.webhooks.name

    let service: ServiceDatabase?
    private let memberships: (any MembershipSafekeeping)?
    private let webhooks: (any WebhookSafekeeping)?

    /// Those of the serving process, which closes them itself.
    init(service: ServiceDatabase, memberships: any MembershipSafekeeping, webhooks: any WebhookSafekeeping) {
        self.service = service
        self.memberships = memberships
        self.webhooks = webhooks
    }

    /// None, for work that has nothing to do with them.
    package init() {
        service = nil
        memberships = nil
        webhooks = nil
    }

    /// Those of a data directory whose lock the caller holds, as far as they are there.
    package init(directory: String) throws {
        func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(directory)/\(name)") }
        try Self.closeToOthers(Self.fileNames.filter(isThere), in: directory)
        service = isThere(Self.serviceName) ? try ServiceDatabase(in: directory) : nil
        memberships = try Self.naming { try MembershipFile(directory: directory) }
        webhooks = isThere(Self.webhooksName) ? try WebhookStore(in: directory) : nil
    }

    /// Closes those of a data directory that nobody serves.
    package func close() {
        try? service?.close()
        (memberships as? MembershipFile)?.close()
        (webhooks as? WebhookStore)?.close()
    }

    /// Has memberships follow what was decided about identities, where they are kept now.
    package func identitiesChanged() { (memberships as? Memberships)?.poke() }

    // MARK: - Safekeeping

    /// Copies all of them into a folder, each to a file of its name, not synced; answers the names.
    ///
    /// Webhooks come first and memberships next, so that no place of a webhook is behind the log's end, and no change in
    /// the log comes of a message that a copy of the store made after this has not.
    package func copy(into folder: String) throws -> [String] {
        var names: [String] = []
        if let webhooks {
            try webhooks.copy(to: "\(folder)/\(Self.webhooksName)")
            names.append(Self.webhooksName)
        }
        if let memberships {
            try memberships.copy(to: "\(folder)/\(MembershipFile.name)")
            names.append(MembershipFile.name)
        }
        if let service {
            try service.copy(to: "\(folder)/\(Self.serviceName)")
            names.append(Self.serviceName)
        }
        try Self.closeToOthers(names, in: folder)
        return names
    }

    /// There are secrets in them, and people: only the owner may read them, also a copy or what a restore made of one.
    private static func closeToOthers(_ names: [String], in folder: String) throws {
        for name in names {
            try FileManager.default.setAttributes(
                [.posixPermissions: NSNumber(value: 0o600)], ofItemAtPath: "\(folder)/\(name)")
        }
    }

    /// Pauses all webhooks of a directory that was restored, until somebody takes them up; answers how many.
    package func pauseWebhooks() throws -> Int { try (webhooks as? WebhookStore)?.pauseAll() ?? 0 }

    /// Ends all sessions and links of a directory that was restored: those that ended since must not come back.
    package func endSessions() throws {
        try service?.write { database in try database.execute(sql: "DELETE FROM session; DELETE FROM setup_link") }
    }

    /// Each of the files that a data directory has, whose lock the caller holds, with what is wrong with it.
    package static func check(_ directory: String) -> [(file: String, error: (any Error)?)] {
        fileNames.sorted().filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }.map {
            name -> (file: String, error: (any Error)?) in
            do {
                try requireSound(name, in: directory)
                return (name, nil)
            } catch {
                return (name, error)
            }
        }
    }

    private static func requireSound(_ name: String, in directory: String) throws {
        switch name {
        case serviceName:
            let database = try ServiceDatabase(in: directory)
            defer { try? database.close() }
            try database.requireSound(in: directory)
        case webhooksName:
            try WebhookStore(in: directory).close()
        default:
            let file = try naming { try MembershipFile(directory: directory) }
            defer { file?.close() }
            if let problem = try file?.problems().first { throw damaged("\(directory)/\(name)", problem) }
        }
    }

    /// Lets errors about `memberships.db` be those of a service that cannot start.
    static func naming<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch MembershipError.damaged(let path, let detail) {
            throw damaged(path, detail)
        } catch MembershipError.unsafeDatabase {
            throw ServiceError.unsafeDatabase(MembershipFile.name)
        } catch MembershipError.newerFormat {
            throw ServiceError.newerFormat(MembershipFile.name)
        }
    }

    private static func damaged(_ path: String, _ detail: String) -> ServiceError {
        .damaged(
            code: "memberships-database-damaged", path: path, detail: detail,
            advice:
                "delete it: who is in which segment is found anew from the events, and the logs of changes begin anew")
    }

    // MARK: - Erasing

    /// Takes out of all of them whom the store has erased, and the entries of the reject log whose body or message
    /// `isTheirs`. When it returns, the bytes are gone.
    ///
    /// - Parameter erasure: nil when the store had nothing of theirs.
    package func erase(
        _ erasure: PendingErasure?, at now: Timestamp, rejects isTheirs: ([UInt8]) -> Bool
    ) throws -> Erased {
        var erased = Erased()
        if let erasure {
            erased.changes = try memberships?.erase(erasure) ?? 0
            erased.deadLetters = try webhooks?.erase(ErasedMessages(erasure: erasure), at: now) ?? 0
        }
        erased.rejects = try service.map { try Self.eraseRejects($0, where: isTheirs) } ?? 0
        return erased
    }

    private static func eraseRejects(_ service: ServiceDatabase, where isTheirs: ([UInt8]) -> Bool) throws -> Int {
        let ids = try service.read { database in
            var ids: [Int64] = []
            let rows = try Row.fetchCursor(database, sql: "SELECT id, body, message FROM reject")
            while let row = try rows.next() {
                let message = row[2] as String
                if isTheirs([UInt8](row[1] as Data)) || isTheirs(Array(message.utf8)) { ids.append(row[0]) }
            }
            return ids
        }
        if !ids.isEmpty {
            try service.write { database in
                for id in ids { try database.execute(sql: "DELETE FROM reject WHERE id = ?", arguments: [id]) }
            }
        }
        // Also without any: entries that gave way to newer ones are in its free pages.
        try service.scrub()
        return ids.count
    }
}
