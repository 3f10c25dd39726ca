import EventModel
import EventStore
import Foundation
import GRDB

/// Takes erased profiles out of the log of changes: an entry keeps its place, its instant and its direction, and loses
/// whom and which message it is about.
struct ErasedChanges {
    /// Numbers of erased profiles.
    let profiles: Set<ProfileNumber>
    let messageIDs: Set<Text>

    init(_ erasure: PendingErasure) {
        profiles = erasure.identifiers
        messageIDs = erasure.messageIDs
    }

    /// Answers how many entries lost something.
    ///
    /// - Complexity: O(entries of all logs).
    func remove(_ database: Database) throws -> Int {
        var ofProfiles: [Int64] = []
        var ofMessages: [Int64] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT position, kind, profile, message FROM change")
        while let row = try rows.next() {
            let kind: Int64 = row[1]
            let number: Int64 = row[2]
            if kind <= 1, let profile = ProfileNumber(exactly: number), profiles.contains(profile) {
                ofProfiles.append(row[0])
            } else if let message = row[3] as Data?, messageIDs.contains(ChangeRow.text(message)) {
                ofMessages.append(row[0])
            }
        }
        for (positions, change) in [
            (ofProfiles, "profile = \(ChangeRow.erasedProfile), message = NULL, event = NULL"),
            (ofMessages, "message = NULL, event = NULL"),
        ] {
            let statement = try database.makeStatement(sql: "UPDATE change SET \(change) WHERE position = ?")
            for position in positions { try statement.execute(arguments: [position]) }
        }
        return ofProfiles.count + ofMessages.count
    }
}
