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
        guard var saved else { return }
        let mark = MembershipWatermark(
            arrival: max(saved.mark.arrival, marked?.arrival ?? 0),
            instant: max(saved.mark.instant, marked?.instant ?? .distantPast))
        let position = try replay(&saved)
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

    private static func mark(_ database: Database) throws -> MembershipWatermark? {
        try Row.fetchOne(database, sql: "SELECT arrival, instant FROM mark").map { row in
            MembershipWatermark(
                arrival: UInt64(clamping: row["arrival"] as Int64), instant: Timestamp(milliseconds: row["instant"]))
        }
    }

    /// Applies what was logged after the saved state; answers the last entry's position.
    private func replay(_ saved: inout SavedState) throws -> Int64 {
        let changes = try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT position, segment, kind, profile FROM change WHERE position > ? ORDER BY position
                    """, arguments: [saved.position])
        }
        for row in changes {
            let segment: Int64 = row["segment"]
            let kind: Int64 = row["kind"]
            let profile: Int = row["profile"]
            // The state is saved with each entry about a whole segment, so none stands here.
            if kind == 1 { saved.members[segment]?.insert(profile) }
            if kind == 0 { saved.members[segment]?.remove(profile) }
        }
        return changes.last?["position"] ?? saved.position
    }

    private static func turned(since leaders: [ProfileNumber], _ snapshot: Snapshot) -> Set<ProfileNumber> {
        var turned: Set<ProfileNumber> = []
        for (before, after) in zip(leaders, snapshot.leaders) where before != after {
            turned.insert(before)
            turned.insert(after)
        }
        return turned
    }
}
