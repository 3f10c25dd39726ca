package import Columns
package import EventModel
import Foundation
import GRDB
package import SegmentEngine
package import SegmentLanguage
import Synchronization

extension Memberships {
    /// How far memberships are, and how that goes.
    package struct Condition: Sendable {
        /// Nil before any definition was adopted.
        package var watermark: MembershipWatermark?
        package var segments: Int
        /// Segments that are being evaluated for everybody, and how far that is, 0...1.
        package var building: [Text]
        package var progress: Double
        /// Why nothing is decided any more; nil: all is well.
        package var failure: String?
        /// Since the start.
        package var changes: Int
        package var steps: Int
        package var secondsInSteps: Double
    }

    package var condition: Condition {
        published.withLock { published in
            Condition(
                watermark: published.watermark(at: clock.now()), segments: published.members.count,
                building: published.building,
                progress: published.progress, failure: published.failure, changes: published.changes,
                steps: published.steps, secondsInSteps: published.secondsInSteps)
        }
    }

    /// A segment as it stands.
    package struct Membership: Sendable {
        /// Members by profile number.
        package var members: Bitmap
        package var watermark: MembershipWatermark
        package var version: Int
        /// The last entry of its log.
        package var sequence: Int64
    }

    /// Who is in a segment.
    ///
    /// - Throws: `MembershipError`: no such segment, not known yet, stopped.
    package func membership(of segment: Text) throws -> Membership {
        try published.withLock { published in
            if let cause = published.failure { throw MembershipError.stopped(cause: cause) }
            guard let members = published.members[segment], let watermark = published.watermark(at: clock.now()) else {
                // Before definitions were adopted, nobody knows which segments there are.
                let isKnown = published.definitions != nil && !published.building.contains(segment)
                if !isKnown { throw MembershipError.building(segment) }
                throw MembershipError.noSegment(segment)
            }
            return Membership(
                members: members, watermark: watermark, version: published.versions[segment] ?? 0,
                sequence: published.sequences[segment] ?? 0)
        }
    }

    /// What single profiles are evaluated with, as memberships are; nil before any definition was adopted.
    package var evaluation: (program: Program, plan: Plan, ranks: RankThresholds)? {
        published.withLock { published in
            guard let definitions = published.definitions, let ranks = published.ranks else { return nil }
            return (definitions.program, definitions.plan, ranks)
        }
    }

    /// The program that memberships come from; nil before any was adopted.
    package var program: Program? { published.withLock { $0.definitions?.program } }

    /// Entries of a segment's log after a sequence number, ascending.
    package func changes(of segment: Text, after sequence: Int64, limit: Int) throws -> [MembershipChange] {
        if let recent = recentChanges(of: segment, after: sequence, limit: limit) { return recent }
        return try database.read { database in
            guard let id = try Self.id(of: segment, database) else { throw MembershipError.noSegment(segment) }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT change.*, segment.name FROM change JOIN segment ON segment.id = change.segment
                    WHERE change.segment = ? AND sequence > ? ORDER BY sequence LIMIT ?
                    """)
            return try Row.fetchAll(statement, arguments: [id, sequence, limit]).map(ChangeRow.change)
        }
    }

    /// The same when they are at hand, without waiting for anything; else nil.
    package func recentChanges(of segment: Text, after sequence: Int64, limit: Int) -> [MembershipChange]? {
        published.withLock { published in
            published.sequences[segment].flatMap {
                published.recent.changes(of: segment, after: sequence, last: $0, limit: limit)
            }
        }
    }

    /// Entries of all logs after a position, ascending.
    package func changes(after position: Int64, limit: Int) throws -> [MembershipChange] {
        try database.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT change.*, segment.name FROM change JOIN segment ON segment.id = change.segment
                    WHERE position > ? ORDER BY position LIMIT ?
                    """)
            return try Row.fetchAll(statement, arguments: [position, limit]).map(ChangeRow.change)
        }
    }

    /// The position of the last entry of all logs; 0 when there is none.
    package func lastPosition() throws -> Int64 { try database.read(Self.lastPosition) }

    static func lastPosition(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT max(position) FROM change") ?? 0
    }

    /// The versions that a segment had, the oldest first.
    package func versions(of segment: Text) throws -> [SegmentVersion] {
        try database.read { database in
            guard let id = try Self.id(of: segment, database) else { throw MembershipError.noSegment(segment) }
            return try SegmentRecord.versions(of: id, database)
        }
    }

    private static func id(of segment: Text, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM segment WHERE name = ?"), arguments: [Data(segment.utf8)])
    }
}

extension Memberships.Published {
    /// Up to where the members are exact: as long as nobody is due, that is now.
    fileprivate func watermark(at now: Timestamp) -> MembershipWatermark? {
        guard var mark = watermark else { return nil }
        mark.instant = max(mark.instant, min(now, Timestamp(milliseconds: nextDue - 1)))
        return mark
    }
}

extension Memberships {
    /// The last position of the log before its entries are of an instant or later; 0 when all are.
    ///
    /// Positions ascend with time, but for messages that come late: an entry may be of an earlier instant than one before it.
    ///
    /// - Complexity: O(log entries).
    package func lastPosition(before instant: Timestamp) throws -> Int64 {
        try database.read { database in
            let next = try database.cachedStatement(
                sql: "SELECT position, instant FROM change WHERE position > ? ORDER BY position LIMIT 1")
            var (lower, upper) = (Int64(0), try Self.lastPosition(database))
            while lower < upper {
                let middle = lower + (upper - lower) / 2
                guard let row = try Row.fetchOne(next, arguments: [middle]) else { return lower }
                if (row["instant"] as Int64) < instant.milliseconds {
                    lower = row["position"]
                } else {
                    upper = middle
                }
            }
            return lower
        }
    }
}
