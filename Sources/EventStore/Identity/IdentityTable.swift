import EventModel
import Synchronization

/// Who is who: numbers of identifiers, and which profile each leads to.
///
/// An identifier keeps its number for ever. A user's profile is its own number. An anonymous identifier leads to the
/// user it is linked to, else to the user of the same text, else to itself: as `IdentityResolver` says, whatever the
/// order in which messages come. One writer changes the table; readers take a `view()`.
///
/// - Complexity: a link costs at most what comparing with `Identifiers.countingLinks` others costs, however many there are.
final class IdentityTable: Sendable {
    private struct State {
        var view = IdentityView()
        var users: [Text: ProfileNumber] = [:]
        var anonymous: [Text: ProfileNumber] = [:]
        /// The earliest time of every link.
        var evidence: [LinkKey: Timestamp] = [:]
        /// Per anonymous identifier the first users it is linked to, and per user the first anonymous identifiers: a link
        /// counts when it is in both.
        var usersOfAnonymous: [ProfileNumber: EarliestFirst] = [:]
        var anonymousOfUser: [ProfileNumber: EarliestFirst] = [:]
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int = Identifiers.countingLinks) {
        self.limit = limit
    }

    /// What is known now; stays as it is.
    func view() -> IdentityView { state.withLock { $0.view } }

    var count: Int { state.withLock { $0.view.count } }

    func number(of text: Text, _ role: IdentifierRole) -> ProfileNumber? {
        state.withLock { state in role == .user ? state.users[text] : state.anonymous[text] }
    }

    /// The earliest time of a link, if there is one.
    func evidence(_ key: LinkKey) -> Timestamp? {
        state.withLock { $0.evidence[key] }
    }

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

    /// Whether a pair is within the limits of both its identifiers.
    func isWithinLimits(_ pair: IdentityPair) -> Bool { state.withLock { Self.isWithinLimits(pair, $0) } }

    /// How many places of a user are taken.
    func placesTaken(of user: ProfileNumber) -> Int {
        state.withLock { $0.anonymousOfUser[user]?.elements.count ?? 0 }
    }

    /// Takes over changes that are durable. Identifiers come in the order of their numbers, from `count` on.
    func apply(_ changes: IdentityChanges) {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            for identifier in changes.identifiers { Self.add(identifier, to: &state) }
            for link in changes.links { Self.add(link, limit: limit, to: &state) }
            for decision in changes.decisions {
                state.view.decide(decision)
                Self.resolve(decision.pair.anonymous, in: &state)
            }
        }
    }

    // MARK: - Steps

    private static func add(_ identifier: Identifier, to state: inout State) {
        precondition(
            Int(identifier.number) == state.view.count, "number \(identifier.number) after \(state.view.count)")
        state.view.append(identifier)
        switch identifier.role {
        case .user:
            state.users[identifier.text] = identifier.number
            if let twin = state.anonymous[identifier.text] { resolve(twin, in: &state) }
        case .anonymous:
            state.anonymous[identifier.text] = identifier.number
            resolve(identifier.number, in: &state)
        }
    }

    private static func add(_ link: IdentityLink, limit: Int, to state: inout State) {
        if let known = state.evidence[link.key], known <= link.time { return }
        state.evidence[link.key] = link.time
        let displaced = place(link.key.pair, limit: limit, in: &state)
        resolve(link.anonymous, in: &state)
        if let displaced, displaced != link.anonymous { resolve(displaced, in: &state) }
    }

    /// Puts a pair into the lists of both its identifiers; answers the anonymous one that lost its place at the user.
    private static func place(_ pair: IdentityPair, limit: Int, in state: inout State) -> ProfileNumber? {
        let (view, time) = (state.view, firstTime(of: pair, state))
        let text = { (identifier: ProfileNumber) in view.text(of: identifier) }
        _ = state.usersOfAnonymous[pair.anonymous, default: EarliestFirst()]
            .put(pair.user, at: time, limit: limit, text: text)
        return state.anonymousOfUser[pair.user, default: EarliestFirst()]
            .put(pair.anonymous, at: time, limit: limit, text: text)
    }

    private static func resolve(_ anonymous: ProfileNumber, in state: inout State) {
        let twin = state.users[state.view.text(of: anonymous)]
        let linked = user(of: anonymous, isUser: twin != nil, state)
        state.view.lead(anonymous, to: linked ?? twin ?? anonymous)
    }

    /// The user of the earliest link that counts; at one instant the smallest.
    private static func user(of anonymous: ProfileNumber, isUser: Bool, _ state: State) -> ProfileNumber? {
        var best: (time: Timestamp, user: ProfileNumber)?
        for element in state.usersOfAnonymous[anonymous]?.elements ?? [] {
            let pair = IdentityPair(anonymous: anonymous, user: element.identifier)
            // They are sorted by their first times, so nothing that follows is earlier.
            if let best, best.time < element.time { break }
            guard !state.view.unmerged.contains(pair), hasPlace(pair, state),
                let time = countingTime(of: pair, isUser: isUser, state)
            else { continue }
            if let best {
                let isSmaller = state.view.text(of: element.identifier) < state.view.text(of: best.user)
                guard time < best.time || (time == best.time && isSmaller) else { continue }
            }
            best = (time, element.identifier)
        }
        return best?.user
    }

    // MARK: - Evidence of a pair

    private static func isWithinLimits(_ pair: IdentityPair, _ state: State) -> Bool {
        hasPlace(pair, state) && state.usersOfAnonymous[pair.anonymous]?.contains(pair.user) ?? false
    }

    private static func hasPlace(_ pair: IdentityPair, _ state: State) -> Bool {
        state.anonymousOfUser[pair.user]?.contains(pair.anonymous) ?? false
    }

    private static func time(of pair: IdentityPair, _ kind: LinkKind, _ state: State) -> Timestamp? {
        state.evidence[LinkKey(anonymous: pair.anonymous, user: pair.user, kind: kind)]
    }

    /// The earliest link of any kind, which decides about the limits.
    private static func firstTime(of pair: IdentityPair, _ state: State) -> Timestamp {
        [LinkKind.together, .alias].compactMap { time(of: pair, $0, state) }.min() ?? .distantFuture
    }

    /// The earliest link that counts: an alias does only while the identifier is no user's.
    private static func countingTime(of pair: IdentityPair, isUser: Bool, _ state: State) -> Timestamp? {
        isUser ? time(of: pair, .together, state) : firstTime(of: pair, state)
    }
}
