import EventModel
import Synchronization

/// Who is who: numbers of identifiers, and which profile each leads to.
///
/// An identifier keeps its number for ever. A user's profile is its own number. An anonymous identifier leads to the
/// user it is linked to, else to the user of the same text, else to whom its handle leads, else to itself: as
/// `IdentityResolver` says, whatever the order in which messages come. One writer changes the table; readers take a
/// `view()`.
final class IdentityTable: Sendable {
    private let state: Locked<IdentityState>

    init(limits: Identifiers.JoiningLimits = Identifiers.joiningLimits) {
        state = Locked(IdentityState(limits: limits))
    }

    /// What is known now; stays as it is.
    func view() -> IdentityView { state.withLock { $0.view } }

    var count: Int { state.withLock { $0.view.count } }

    func number(of text: Text, _ role: IdentifierRole) -> ProfileNumber? {
        state.withLock { $0.number(of: text, role) }
    }

    /// The earliest time of a link, if there is one.
    func evidence(_ key: LinkKey) -> Timestamp? { state.withLock { $0.evidence[key] } }

    /// All links that name one of these identifiers. Complexity: O(links of the store).
    func links(of identifiers: Set<ProfileNumber>) -> [IdentityLink] {
        state.withLock { state in
            state.evidence.filter { identifiers.contains($0.key.anonymous) || identifiers.contains($0.key.user) }
                .sorted { $0.key < $1.key }
                .map {
                    IdentityLink(anonymous: $0.key.anonymous, user: $0.key.user, kind: $0.key.kind, time: $0.value)
                }
        }
    }

    /// Whether a link is within the limits of both its identifiers.
    func isWithinLimits(_ key: LinkKey) -> Bool { state.withLock { $0.isWithinLimits(key) } }

    /// How many places of a user are taken.
    func placesTaken(of user: ProfileNumber) -> Int {
        state.withLock { $0.anonymousOfUser[user]?.elements.count ?? 0 }
    }

    /// Takes over changes that are durable. Identifiers come in the order of their numbers, from `count` on.
    func apply(_ changes: IdentityChanges) {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            // One by one, more often than not: then nothing is gained.
            if changes.identifiers.count > 1_000 {
                state.reserve(Dictionary(changes.identifiers.map { ($0.role, 1) }, uniquingKeysWith: +))
            }
            for identifier in changes.identifiers { state.add(identifier) }
            for link in changes.links { state.add(link) }
            for decision in changes.decisions { state.add(decision) }
        }
    }

    // MARK: - Erasing

    /// What is known once an erasure is durable, found anew from the evidence that is left.
    func state(after erasure: Erasure) -> IdentityState { state.withLock { $0 }.erasing(erasure) }

    /// Takes the place of what is known; the writer alone may call it, with a state made of this table's.
    func replace(with fresh: IdentityState) { state.withLock { $0 = fresh } }
}
