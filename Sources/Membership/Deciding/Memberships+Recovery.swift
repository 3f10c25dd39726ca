import Columns
import EventModel
import EventStore
import GRDB
import SegmentEngine
import Synchronization

extension Memberships {
    /// Takes up what the last process left: the saved state, the log over it, and what came in since then.
    ///
    /// Nothing is taken up where nothing was saved, or so much came in since then that evaluating everybody anew is
    /// quicker. On the queue.
    func recover(_ wanted: TrackedSegments, ranks: RankThresholds) throws {
        let (saved, records, marked) = try database.read { database in
            (try SavedState.read(database), try SegmentRecord.all(database), try Self.mark(database))
        }
        // A store that is behind its memberships was put in the place of another one: nothing that they saw counts.
        guard var saved, saved.mark.arrival < store.firstFreeArrival, marked?.arrival ?? 0 < store.firstFreeArrival
        else { return }
        let mark = MembershipWatermark(
            arrival: max(saved.mark.arrival, marked?.arrival ?? 0),
            instant: max(saved.mark.instant, marked?.instant ?? .distantPast))
        let position = try database.read { try saved.replay($0) }
        let segments = wanted.segments.compactMap { segment -> TrackedMembers? in
            guard let record = records[segment.name], record.isActive, record.fingerprint == segment.fingerprint,
                let members = saved.members[record.id]
            else { return nil }
            return TrackedMembers(
                id: record.id, name: record.name, fingerprint: record.fingerprint, version: record.version,
                sequence: record.sequence, members: members)
        }
        guard !segments.isEmpty else { return }

        let snapshot = try store.snapshot()
        let tracking = Tracking(
            wanted.restricted(to: Set(segments.map(\.name))), segments, ranks: ranks,
            due: DueProfiles(instants: saved.due), mark: mark, position: position, turns: snapshot.identityTurns)
        tracking.pending = Self.turned(since: saved.leaders, snapshot)
        // Of whoever changed since the saved state it is not known when they are due.
        var stale = try snapshot.arrived(after: saved.mark.arrival).profiles.union(tracking.pending)
        guard stale.count < max(snapshot.profileCount / 5, 10_000) else { return }
        while let profile = tracking.due.take(upTo: mark.instant.milliseconds) {
            tracking.due[profile] = DueProfiles.never
            stale.insert(profile)
        }
        let step = Step(tracking, snapshot)
        for profile in stale { try step.findDue(profile, after: mark.instant) }
        self.tracking.withLock { $0 = tracking }
        showAll(tracking)
    }

    static func mark(_ database: Database) throws -> MembershipWatermark? {
        try Row.fetchOne(database, sql: "SELECT arrival, instant FROM mark").map { row in
            MembershipWatermark(
                arrival: UInt64(clamping: row["arrival"] as Int64), instant: Timestamp(milliseconds: row["instant"]))
        }
    }

    private static func turned(since leaders: [ProfileNumber], _ snapshot: Snapshot) -> Set<ProfileNumber> {
        var turned: Set<ProfileNumber> = []
        for (number, after) in snapshot.leaders.enumerated() {
            // One that is new since then was a profile of its own, if it entered anything.
            let before = number < leaders.count ? leaders[number] : ProfileNumber(number)
            guard before != after else { continue }
            turned.insert(before)
            turned.insert(after)
        }
        return turned
    }
}

extension SavedState {
    /// Applies what was logged after the saved state; answers the last entry's position.
    mutating func replay(_ database: Database) throws -> Int64 {
        var last = position
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT position, segment, kind, profile FROM change WHERE position > ? ORDER BY position",
            arguments: [position])
        while let row = try rows.next() {
            last = row[0]
            let segment: Int64 = row[1]
            let kind: Int64 = row[2]
            let profile: Int = row[3]
            // Of an erased profile: the saved state was written with the erasure, and it is in no segment.
            if profile < 0 { continue }
            // The state is saved with each entry about a whole segment, so none stands here.
            if kind == 1 { members[segment]?.insert(profile) }
            if kind == 0 { members[segment]?.remove(profile) }
        }
        return last
    }
}
