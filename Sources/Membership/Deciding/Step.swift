import Columns
import EventModel
import EventStore
import SegmentEngine

/// Decides profiles over one view of the store, and gathers what changed.
///
/// The bits of memberships are changed as it goes; the caller writes the changes, or gives the state up.
struct Step {
    let tracking: Tracking
    let snapshot: Snapshot
    private(set) var changes: [ChangeRow] = []

    private let histories: StepHistories
    /// Whether changes are made and not logged.
    private var isQuiet = false

    init(_ tracking: Tracking, _ snapshot: Snapshot) {
        self.tracking = tracking
        self.snapshot = snapshot
        histories = StepHistories(snapshot, tracking.definitions.plan.projectionForValidity)
    }

    // MARK: - What happened

    /// Decides everybody whom messages or identities concern, or whose time has come.
    ///
    /// - Parameter now: changes by the clock are decided up to here.
    mutating func run(now: Timestamp) throws {
        let arrived = try snapshot.arrived(after: tracking.mark.arrival)
        let turned = snapshot.profilesTurned(after: tracking.turns).union(tracking.pending)
        let instant = max(tracking.mark.instant, arrived.received ?? tracking.mark.instant)
        let touched = arrived.profiles.union(turned)

        try runClock(upTo: instant, touched: touched)
        for profiles in touched.sorted().chunks(of: StepHistories.together) {
            try histories.read(profiles)
            for profile in profiles {
                let messages = arrived.messages[profile] ?? []
                let isTurned = turned.contains(profile)
                try decide(
                    profile, at: instant, messages, cause: isTurned && messages.isEmpty ? .identity : nil,
                    isKnown: !isTurned && !arrived.profilesInParts.contains(profile))
            }
        }
        tracking.mark.instant = instant
        try runClock(upTo: max(now, instant), touched: [])
        tracking.mark = MembershipWatermark(
            arrival: max(tracking.mark.arrival, snapshot.arrival), instant: max(now, instant))
        tracking.turns = snapshot.identityTurns
        tracking.pending = []
    }

    /// Decides who is due up to an instant, in the order of the instants.
    private mutating func runClock(upTo end: Timestamp, touched: Set<ProfileNumber>) throws {
        // Of what a message turns, the message is the cause, not the clock: so it is known what it turned.
        var turnedByMessages: [ProfileNumber: LiveSession.Memory] = [:]
        while let profile = tracking.due.take(upTo: end.milliseconds) {
            let now = Timestamp(milliseconds: tracking.due[profile])
            tracking.decided?.insert(profile)
            if !histories.know(profile) {
                try histories.read(
                    tracking.due.following(profile, upTo: end.milliseconds, limit: StepHistories.together))
            }
            guard let history = try histories.history(of: profile) else {
                tracking.memories.forget(profile)
                leaveAll(profile, at: now, snapshot.isErased(profile) ? .erasure : .identity)
                continue
            }
            var memory = tracking.memories.take(profile)
            if touched.contains(profile), turnedByMessages[profile] == nil {
                memory = begin(history, at: tracking.mark.instant)
                turnedByMessages[profile] = memory
            }
            if var known = memory {
                tracking.session.update(&known, history.block, profile: history.profile, at: now)
                memory = known
            }
            let answers = memory ?? begin(history, at: now)
            note(profile, answers, at: now, .clock, before: turnedByMessages[profile])
            tracking.due[profile] = Self.instant(answers, after: now.milliseconds)
            tracking.memories.keep(answers, of: profile)
        }
        for profile in turnedByMessages.keys { tracking.memories.forget(profile) }
    }

    /// Decides one profile at an instant.
    ///
    /// - Parameters:
    ///   - messages: what came in of it.
    ///   - cause: nil: its messages.
    ///   - isKnown: whether nothing else has changed its history.
    mutating func decide(
        _ profile: ProfileNumber, at now: Timestamp, _ messages: [StoredMessage], cause: MembershipChange.Cause?,
        isKnown: Bool = true
    ) throws {
        let cause = cause ?? Self.cause(messages)
        tracking.decided?.insert(profile)
        let remembered = tracking.memories.take(profile)
        guard let history = try histories.history(of: profile) else {
            return leaveAll(profile, at: now, snapshot.isErased(profile) ? .erasure : cause)
        }
        var memory: LiveSession.Memory
        if var known = remembered, isKnown, !messages.isEmpty {
            tracking.session.update(
                &known, history.block, profile: history.profile, at: now,
                incoming: messages.map { Incoming($0.message) })
            memory = known
        } else {
            memory = begin(history, at: now)
        }
        note(profile, memory, at: now, cause, before: nil)
        tracking.due[profile] = Self.instant(memory, after: now.milliseconds)
        tracking.memories.keep(memory, of: profile)
    }

    /// Decides some profiles, ascending, whose histories are read together.
    mutating func decide(
        _ profiles: [ProfileNumber], at now: Timestamp, cause: MembershipChange.Cause
    ) throws {
        try histories.read(profiles)
        for profile in profiles { try decide(profile, at: now, [], cause: cause) }
    }

    /// Sets a profile's answers without logging what changes by it.
    mutating func setQuietly(_ profile: ProfileNumber, at now: Timestamp) throws {
        isQuiet = true
        defer { isQuiet = false }
        try decide(profile, at: now, [], cause: .definition)
    }

    /// Finds when a profile is due after an instant, from what is known now; decides nothing.
    func findDue(_ profile: ProfileNumber, after instant: Timestamp) throws {
        guard let history = try histories.history(of: profile) else {
            tracking.due[profile] = instant.milliseconds
            return
        }
        tracking.due[profile] = Self.instant(begin(history, at: instant), after: instant.milliseconds)
    }

    // MARK: - Steps

    private func begin(_ history: StepHistories.History, at now: Timestamp) -> LiveSession.Memory {
        tracking.session.begin(history.block, profile: history.profile, at: now)
    }

    private static func instant(_ memory: LiveSession.Memory, after now: Int64) -> Int64 {
        guard let until = memory.validUntil?.milliseconds else { return DueProfiles.never }
        return max(until, now + 1)
    }

    private static func cause(_ messages: [StoredMessage]) -> MembershipChange.Cause {
        guard let newest = messages.last?.message else { return .message(id: "", event: "") }
        return .message(id: newest.messageID, event: newest.event.isEmpty ? Text(newest.kind.rawValue) : newest.event)
    }

    /// Logs where answers differ from the bits.
    ///
    /// - Parameter before: answers before time went on; where these differ already, somebody else is the cause.
    private mutating func note(
        _ profile: ProfileNumber, _ memory: LiveSession.Memory, at now: Timestamp, _ cause: MembershipChange.Cause,
        before: LiveSession.Memory?
    ) {
        for index in tracking.segments.indices {
            let isMember = tracking.session.isMember(index, memory)
            let was = tracking.segments[index].members.contains(Int(profile))
            guard isMember != was else { continue }
            if let before, tracking.session.isMember(index, before) != was { continue }
            set(index, profile, isMember, at: now, cause)
        }
    }

    private mutating func leaveAll(_ profile: ProfileNumber, at now: Timestamp, _ cause: MembershipChange.Cause) {
        for index in tracking.segments.indices where tracking.segments[index].members.contains(Int(profile)) {
            set(index, profile, false, at: now, cause)
        }
        tracking.due[profile] = DueProfiles.never
    }

    private mutating func set(
        _ index: Int, _ profile: ProfileNumber, _ isMember: Bool, at now: Timestamp, _ cause: MembershipChange.Cause
    ) {
        if isMember {
            tracking.segments[index].members.insert(Int(profile))
        } else {
            tracking.segments[index].members.remove(Int(profile))
        }
        if isQuiet { return }
        tracking.segments[index].sequence += 1
        changes.append(
            ChangeRow(
                segment: tracking.segments[index].id, sequence: tracking.segments[index].sequence,
                kind: isMember ? .entered : .left, profile: profile, instant: now, cause: cause,
                version: tracking.segments[index].version))
    }
}
