import Columns
import EventModel
import EventStore
import GRDB
import SegmentEngine
package import SegmentLanguage
import Synchronization

extension Memberships {
    /// What an adoption has to find out.
    private struct Work: Sendable {
        /// Segments that are new, or whose definition is another.
        var changed: Set<Text> = []
        /// The view that they are evaluated over, and for when.
        var snapshot: Snapshot
        var instant: Timestamp
        /// Whether something is tracked already, which goes on meanwhile.
        var goesOn: Bool
    }

    /// Keeps the memberships of a program's segments from now on.
    ///
    /// Segments whose definition did not change go on as they are; at the first call that is what the last process left.
    /// All others are evaluated for everybody, while the old versions go on to be kept; then their logs get the
    /// difference, or a baseline when they are new. Returns when the new ones answer.
    ///
    /// - Throws: `MembershipError.stopped`, what the store throws, and `CancellationError`; then nothing has changed.
    @concurrent
    package func adopt(_ program: Program) async throws {
        try await turnstile.pass {
            let wanted = TrackedSegments(program, settings: store.settings)
            let isFirst = tracking.withLock { $0 == nil }
            if isFirst {
                let ranks = try await ranks(wanted, over: try store.snapshot(), at: clock.now())
                try await onQueue {
                    try self.recover(wanted, ranks: ranks)
                    try self.step()
                }
            }
            let work = try await onQueue { try self.begin(wanted) }
            published.withLock { $0.building = work.changed.sorted() }
            defer { published.withLock { $0.building = [] } }
            do {
                let ranks = try await ranks(wanted, over: work.snapshot, at: work.instant)
                let result = try await evaluate(wanted, work, ranks)
                try await onQueue { try self.finish(wanted, work, ranks, result) }
            } catch {
                try await onQueue { try self.working { $0.decided = nil } }
                throw error
            }
        }
        poke()
    }

    private func ranks(
        _ wanted: TrackedSegments, over snapshot: Snapshot, at instant: Timestamp
    ) async throws -> RankThresholds {
        try await BatchEvaluator(plan: wanted.plan, source: snapshot).ranks(at: instant)
    }

    /// Looks what is new, and begins to note who is decided meanwhile.
    private func begin(_ wanted: TrackedSegments) throws -> Work {
        let snapshot = try step() ?? store.snapshot()
        let now = clock.now()
        let begun = try working { tracking in
            tracking.decided = []
            let known = Dictionary(uniqueKeysWithValues: tracking.segments.map { ($0.name, $0.fingerprint) })
            return Work(
                changed: Set(wanted.segments.filter { known[$0.name] != $0.fingerprint }.map(\.name)),
                snapshot: snapshot, instant: max(now, tracking.mark.instant), goesOn: true)
        }
        return begun
            ?? Work(changed: Set(wanted.segments.map(\.name)), snapshot: snapshot, instant: now, goesOn: false)
    }

    private func evaluate(
        _ wanted: TrackedSegments, _ work: Work, _ ranks: RankThresholds
    ) async throws -> BatchResult? {
        guard !work.changed.isEmpty else { return nil }
        return try await BatchEvaluator(plan: wanted.plan, source: work.snapshot).evaluate(
            at: work.instant, BatchEvaluator.Request(definitions: work.changed, wantsDue: true, ranks: ranks)
        ) { share in self.published.withLock { $0.progress = share } }
    }

    /// Puts the new segments in the place of the old ones. On the queue.
    private func finish(
        _ wanted: TrackedSegments, _ work: Work, _ ranks: RankThresholds, _ result: BatchResult?
    ) throws {
        // Over one view: what is kept already, and who was decided since the evaluation began.
        let snapshot = try work.goesOn ? step() ?? work.snapshot : work.snapshot
        let before = try working { tracking in (tracking, tracking.decided ?? []) }
        let old = before?.0
        let records = try database.read(SegmentRecord.all)
        let kept = Dictionary(uniqueKeysWithValues: (old?.segments ?? []).map { ($0.name, $0) })
        var nextID = (records.values.map(\.id).max() ?? 0) + 1
        let segments = wanted.segments.map { segment -> TrackedMembers in
            if !work.changed.contains(segment.name), let same = kept[segment.name] { return same }
            let record = records[segment.name]
            defer { if record == nil { nextID += 1 } }
            // The same definition that is evaluated anew, since too much came in, is no new version.
            let isSame = record?.fingerprint == segment.fingerprint && record?.isActive == true
            return TrackedMembers(
                id: record?.id ?? nextID, name: segment.name, fingerprint: segment.fingerprint,
                version: (record?.version ?? 0) + (isSame ? 0 : 1),
                sequence: max(record?.sequence ?? 0, kept[segment.name]?.sequence ?? 0),
                members: result?.members[segment.name] ?? Bitmap())
        }
        var due = old?.due ?? DueProfiles()
        due.lower(result?.due ?? [])
        let tracking = Tracking(
            wanted, segments, ranks: ranks, due: due,
            mark: old?.mark ?? MembershipWatermark(arrival: snapshot.arrival, instant: work.instant),
            position: try old?.position ?? database.read(Self.lastPosition),
            turns: old?.turns ?? snapshot.identityTurns)
        var quiet = Step(tracking, snapshot)
        for profile in before?.1 ?? [] { try quiet.setQuietly(profile, at: tracking.mark.instant) }
        while let profile = tracking.due.take(upTo: tracking.mark.instant.milliseconds) {
            try quiet.setQuietly(profile, at: tracking.mark.instant)
        }
        let changes = differences(tracking, work.changed, kept, records)
        let removed = records.values.filter { record in
            record.isActive && !wanted.segments.contains { $0.name == record.name }
        }
        let texts = Dictionary(uniqueKeysWithValues: wanted.segments.map { ($0.name, $0.text) })
        self.tracking.withLock { $0 = tracking }
        stopSaving()
        _ = try working { tracking in
            try commit(changes + Self.removals(removed, at: tracking.mark.instant), tracking) { database in
                for segment in tracking.segments where work.changed.contains(segment.name) {
                    try SegmentRecord.write(
                        segment, text: texts[segment.name] ?? "", since: tracking.mark.instant, database)
                }
                for record in removed { try SegmentRecord.remove(record.id, database) }
                var state = SavedState(tracking, snapshot)
                state.position = try Self.lastPosition(database)
                try state.write(database)
            }
            showAll(tracking)
        }
    }

    /// What the logs get: the difference to the members that were kept, or a baseline.
    private func differences(
        _ tracking: Tracking, _ changed: Set<Text>, _ kept: [Text: TrackedMembers], _ records: [Text: SegmentRecord]
    ) -> [ChangeRow] {
        var changes: [ChangeRow] = []
        for index in tracking.segments.indices where changed.contains(tracking.segments[index].name) {
            let segment = tracking.segments[index]
            func log(_ kind: MembershipChange.Kind, _ profile: ProfileNumber?) {
                tracking.segments[index].sequence += 1
                changes.append(
                    ChangeRow(
                        segment: segment.id, sequence: tracking.segments[index].sequence, kind: kind, profile: profile,
                        instant: tracking.mark.instant, cause: .definition, version: segment.version))
            }
            guard let old = kept[segment.name] else {
                log(.baseline(members: segment.members.count), nil)
                continue
            }
            for profile in old.members where !segment.members.contains(profile) { log(.left, ProfileNumber(profile)) }
            for profile in segment.members where !old.members.contains(profile) {
                log(.entered, ProfileNumber(profile))
            }
        }
        return changes
    }

    private static func removals(_ records: [SegmentRecord], at instant: Timestamp) -> [ChangeRow] {
        records.sorted { $0.id < $1.id }.map { record in
            ChangeRow(
                segment: record.id, sequence: record.sequence + 1, kind: .removed, profile: nil, instant: instant,
                cause: .definition, version: record.version)
        }
    }
}
