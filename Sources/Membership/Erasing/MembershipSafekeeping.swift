package import EventStore
import Foundation
import GRDB
import Synchronization

/// What is done with `memberships.db` to keep it safe and clear of people, whether it is served or not.
package protocol MembershipSafekeeping: Sendable {
    /// Takes erased profiles out of all segments, of the log and of the saved state, down to the bytes; answers how many
    /// entries of the log lost something. To be called when the store has erased them.
    func erase(_ erasure: PendingErasure) throws -> Int

    /// Writes a copy to a new file; not synced. What the copy has seen, the store has at that moment.
    func copy(to path: String) throws

    /// What SQLite finds wrong; empty when nothing is.
    func problems() throws -> [String]
}

extension Memberships: MembershipSafekeeping {
    /// Waits for the step that runs, not for evaluations of everybody.
    package func erase(_ erasure: PendingErasure) throws -> Int {
        try queue.sync {
            // Whoever was in a segment leaves it here, where something is tracked.
            defer { published.withLock { $0.recent.removeAll() } }
            guard condition.failure == nil, let snapshot = try step() else { return try database.erase(erasure) }
            stopSaving()
            let count = try database.write { database in
                let count = try ErasedChanges(erasure).remove(database)
                try working { tracking in try SavedState(tracking, snapshot).write(database) }
                return count
            }
            try database.scrub()
            return count
        }
    }

    package func copy(to path: String) throws { try queue.sync { try database.copy(to: path) } }

    package func problems() throws -> [String] { try queue.sync { try database.problems() } }
}

/// `memberships.db` of a directory that nobody serves.
package final class MembershipFile: MembershipSafekeeping {
    /// The name of the file in a data directory.
    package static let name = "memberships.db"

    private let database: MembershipDatabase

    /// Nil when there is none.
    ///
    /// - Parameter directory: the data directory, whose lock the caller holds.
    package init?(directory: String) throws {
        let path = "\(directory)/\(Self.name)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        database = try MembershipDatabase(path: path)
    }

    package func erase(_ erasure: PendingErasure) throws -> Int { try database.erase(erasure) }
    package func copy(to path: String) throws { try database.copy(to: path) }
    package func problems() throws -> [String] { try database.problems() }
    package func close() { try? database.close() }
}
