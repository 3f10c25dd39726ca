import Columns
import EventModel
import EventStore
import GRDB
import SegmentEngine

/// A segment whose members are kept.
struct TrackedMembers {
    let id: Int64
    let name: Text
    let fingerprint: [UInt8]
    var version: Int
    /// The last entry of its log.
    var sequence: Int64
    var members: Bitmap
}

/// What is kept in memory about memberships.
///
/// Unchecked: it is only ever touched under the one lock of `Memberships.tracking`, by one thread at a time.
final class Tracking: @unchecked Sendable {
    var definitions: TrackedSegments
    /// In the order of the session's names.
    var segments: [TrackedMembers]
    var session: LiveSession
    var due: DueProfiles
    var mark: MembershipWatermark
    /// The last change of the log.
    var position: Int64
    /// How many turns of identities are reflected.
    var turns: Int
    /// What is remembered of profiles that were active lately.
    var memories = RecentMemories()
    /// Profiles that are decided in the next step whatever happens, since identities were joined or taken apart.
    var pending: Set<ProfileNumber> = []
    /// Everybody who was decided since somebody began to watch; nil: nobody watches.
    var decided: Set<ProfileNumber>?

    init(
        _ definitions: TrackedSegments, _ segments: [TrackedMembers], ranks: RankThresholds, due: DueProfiles,
        mark: MembershipWatermark, position: Int64, turns: Int
    ) {
        self.definitions = definitions
        session = Self.session(definitions, ranks)
        let byName = Dictionary(segments.map { ($0.name, $0) }) { first, _ in first }
        self.segments = session.names.compactMap { byName[$0] }
        precondition(self.segments.count == session.names.count, "a segment without members")
        self.due = due
        self.mark = mark
        self.position = position
        self.turns = turns
    }

    static func session(_ definitions: TrackedSegments, _ ranks: RankThresholds) -> LiveSession {
        LiveSession(plan: definitions.plan, ranks: ranks, definitions: Set(definitions.segments.map(\.name)))
    }
}

/// The answers of profiles that were active lately, so that a message costs only what it can turn.
struct RecentMemories {
    private var memories: [ProfileNumber: (memory: LiveSession.Memory, lastUse: Int)] = [:]
    private var uses = 0

    /// How much memory they take at most, bytes, about; then the half that was not used for the longest time is forgotten.
    static let limit = 96 << 20

    /// Takes a memory out; it is put back with `keep`.
    mutating func take(_ profile: ProfileNumber) -> LiveSession.Memory? {
        memories.removeValue(forKey: profile)?.memory
    }

    mutating func keep(_ memory: LiveSession.Memory, of profile: ProfileNumber) {
        uses += 1
        memories[profile] = (memory, uses)
        // All are of one plan, so they are of one size.
        guard memories.count > Self.limit / memory.bytes else { return }
        let oldest = memories.values.map(\.lastUse).sorted()[memories.count / 2]
        memories = memories.filter { $0.value.lastUse > oldest }
    }

    mutating func forget(_ profile: ProfileNumber) { memories[profile] = nil }

    mutating func forgetAll() { memories = [:] }
}
