import EventModel
import Synchronization

/// Who is who: numbers of identifiers, and which profile each leads to.
///
/// An identifier keeps its number for ever. A user's profile is its own number. An anonymous identifier leads to the
/// user it is linked to, else to the user of the same text, else to itself: as `IdentityResolver` says, whatever the
/// order in which messages come. One writer changes the table; readers take a `view()`.
final class IdentityTable: Sendable {
    private struct State {
        var view = IdentityView()
        var users: [Text: ProfileNumber] = [:]
        var anonymous: [Text: ProfileNumber] = [:]
        /// The earliest time of every link.
        var evidence: [LinkKey: Timestamp] = [:]
        var choices: [ProfileNumber: LinkChoice] = [:]
    }

    private let state = Locked(State())

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

    /// The links of an anonymous identifier.
    func choice(of anonymous: ProfileNumber) -> LinkChoice {
        state.withLock { $0.choices[anonymous] ?? LinkChoice() }
    }

    /// Takes over changes that are durable. Identifiers come in the order of their numbers, from `count` on.
    func apply(_ changes: IdentityChanges) {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            for identifier in changes.identifiers { Self.add(identifier, to: &state) }
            for link in changes.links { Self.add(link, to: &state) }
        }
    }

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

    private static func add(_ link: IdentityLink, to state: inout State) {
        if let known = state.evidence[link.key], known <= link.time { return }
        state.evidence[link.key] = link.time
        let best = LinkChoice.Link(time: link.time, user: link.user, text: state.view.text(of: link.user))
        state.choices[link.anonymous, default: LinkChoice()].add(best, link.kind)
        resolve(link.anonymous, in: &state)
    }

    private static func resolve(_ anonymous: ProfileNumber, in state: inout State) {
        let twin = state.users[state.view.text(of: anonymous)]
        let choice = state.choices[anonymous] ?? LinkChoice()
        let linked = choice.user(whenItIsAUser: twin != nil)
        state.view.lead(anonymous, to: linked ?? twin ?? anonymous)
    }
}

/// An identifier that was led to one profile and is now to another.
struct IdentityTurn: Sendable {
    let identifier: ProfileNumber
    let before: ProfileNumber
    let after: ProfileNumber
}

/// Identities at one version.
struct IdentityView: Sendable {
    private var texts = ChunkedArray<Text>()
    private var roles = ChunkedArray<IdentifierRole>()
    private var targets = ChunkedArray<ProfileNumber>()
    /// Per profile, the other identifiers that lead to it, ascending.
    private var followers = ChunkedArray<[ProfileNumber]>()

    /// How many identifiers there are; their numbers are below this.
    var count: Int { texts.count }

    /// Whether any identifier ever led to another.
    private(set) var hasFollowers = false

    /// Every time an identifier was led elsewhere since the store was opened, in order.
    private(set) var turns = ChunkedArray<IdentityTurn>()

    /// The profile an identifier leads to.
    ///
    /// A number that was never given, which only a damaged part can name, leads to itself.
    func profile(of identifier: ProfileNumber) -> ProfileNumber {
        Int(identifier) < count ? targets[Int(identifier)] : identifier
    }

    /// The identifier's text; for a profile its id as the language shows it.
    func text(of identifier: ProfileNumber) -> Text { texts[Int(identifier)] }

    func role(of identifier: ProfileNumber) -> IdentifierRole { roles[Int(identifier)] }

    /// The identifiers that lead to a profile beside its own.
    func followers(of profile: ProfileNumber) -> [ProfileNumber] { followers[Int(profile)] }

    fileprivate mutating func append(_ identifier: Identifier) {
        texts.append(identifier.text)
        roles.append(identifier.role)
        targets.append(identifier.number)
        followers.append([])
    }

    fileprivate mutating func lead(_ identifier: ProfileNumber, to profile: ProfileNumber) {
        let before = targets[Int(identifier)]
        guard before != profile else { return }
        turns.append(IdentityTurn(identifier: identifier, before: before, after: profile))
        if before != identifier {
            followers.set(followers[Int(before)].filter { $0 != identifier }, at: Int(before))
        }
        targets.set(profile, at: Int(identifier))
        guard profile != identifier else { return }
        hasFollowers = true
        var others = followers[Int(profile)]
        others.insert(identifier, at: others.firstIndex { $0 > identifier } ?? others.count)
        followers.set(others, at: Int(profile))
    }
}
