import Columns
import EventModel
import EventStore
import GRDB

extension MembershipDatabase {
    /// Takes erased profiles out where no step does: they leave the segments that they are in as of the last entry of the
    /// log, which the saved state reflects then. Answers how many entries lost something.
    func erase(_ erasure: PendingErasure) throws -> Int {
        let count = try write { database in
            try Self.leave(erasure.identifiers, database)
            return try ErasedChanges(erasure).remove(database)
        }
        try scrub()
        return count
    }

    private static func leave(_ profiles: Set<ProfileNumber>, _ database: Database) throws {
        guard var saved = try SavedState.read(database) else { return }
        saved.position = try saved.replay(database)
        let marked = try Memberships.mark(database)
        let instant = max(saved.mark.instant, marked?.instant ?? .distantPast)
        let statement = try database.makeStatement(sql: ChangeRow.insertion)
        for record in try SegmentRecord.all(database).values.sorted(by: { $0.id < $1.id }) where record.isActive {
            guard let members = saved.members[record.id] else { continue }
            let leaving = profiles.filter { members.contains(Int($0)) }.sorted()
            for (number, profile) in leaving.enumerated() {
                saved.members[record.id]?.remove(Int(profile))
                let row = ChangeRow(
                    segment: record.id, sequence: record.sequence + Int64(number) + 1, kind: .left, profile: nil,
                    instant: instant, cause: .erasure, version: record.version)
                try row.insert(statement)
                saved.position = database.lastInsertedRowID
            }
        }
        for profile in profiles where Int(profile) < saved.due.count { saved.due[Int(profile)] = DueProfiles.never }
        try saved.write(database)
    }
}
