package import EventModel
import Synchronization

extension EventStore {
    /// A decision about an anonymous id and a user, as it stands in the log.
    package struct LoggedDecision: Hashable, Sendable {
        package let anonymous: Text
        package let user: Text
        /// Whether they were unmerged, or merged again.
        package let isUnmerge: Bool
        package let time: Timestamp
    }

    /// What became of a decision.
    package enum DecisionOutcome: Hashable, Sendable {
        /// It is durable, and holds in every snapshot from now on; `profile` is where the anonymous id leads now.
        case done(LoggedDecision, profile: Text)
        /// No message ever had this anonymous id.
        case unknownAnonymous
        /// No message ever had this user id.
        case unknownUser
        /// There is no link to take back, or none that was taken back.
        case nothingToDo
        /// A user has the same id, and an anonymous id always belongs to the user of its own text.
        case sameText
        /// It was unmerged from several users; one has to be named.
        case several([Text])
    }

    /// Makes links between an anonymous id and a user count no longer, whatever comes later.
    ///
    /// What the id did under its own name leaves the user's profile at once; messages that name the user stay with it.
    /// Durable when it returns.
    ///
    /// - Parameter user: nil for the user it leads to now.
    package func unmerge(_ anonymous: Text, from user: Text? = nil) throws(EventStoreError) -> DecisionOutcome {
        try decide(anonymous, user, isUnmerge: true) { pairs in pairs.followed }
    }

    /// Takes an unmerge back, so that links count again, those that came meanwhile too.
    ///
    /// - Parameter user: nil for the only user the id was unmerged from.
    package func remerge(_ anonymous: Text, to user: Text? = nil) throws(EventStoreError) -> DecisionOutcome {
        try decide(anonymous, user, isUnmerge: false) { pairs in pairs.unmerged }
    }

    /// All decisions in the order in which they were made.
    package func identityLog() throws(EventStoreError) -> [LoggedDecision] {
        let view = identities.view()
        return try database.decisions(below: view.count).map { Self.logged($0, view) }
    }

    // MARK: - Steps

    /// The users an anonymous identifier may be parted from, or joined with again.
    private struct Choice {
        var followed: [ProfileNumber]
        var unmerged: [ProfileNumber]
        var linked: Set<ProfileNumber>
    }

    private func decide(
        _ anonymousText: Text, _ userText: Text?, isUnmerge: Bool, among candidates: (Choice) -> [ProfileNumber]
    ) throws(EventStoreError) -> DecisionOutcome {
        try asWriter { _ throws(EventStoreError) in
            guard let anonymous = identities.number(of: anonymousText, .anonymous) else { return .unknownAnonymous }
            let view = identities.view()
            let choice = choice(of: anonymous, view)
            var users = candidates(choice)
            if let userText {
                guard let user = identities.number(of: userText, .user) else { return .unknownUser }
                let isUnmerged = view.unmerged.contains(IdentityPair(anonymous: anonymous, user: user))
                users = choice.linked.contains(user) && isUnmerged != isUnmerge ? [user] : []
            }
            guard let user = users.first else {
                let profile = view.profile(of: anonymous)
                let isTwin = profile != anonymous && view.text(of: profile) == anonymousText
                return isUnmerge && isTwin && userText ?? anonymousText == anonymousText ? .sameText : .nothingToDo
            }
            guard users.count == 1 else { return .several(users.map { view.text(of: $0) }.sorted()) }
            guard view.text(of: user) != anonymousText else { return .sameText }
            return try commit(
                IdentityDecision(
                    pair: IdentityPair(anonymous: anonymous, user: user), isUnmerge: isUnmerge, time: clock.now()))
        }
    }

    private func choice(of anonymous: ProfileNumber, _ view: IdentityView) -> Choice {
        let links = identities.links(of: [anonymous]).filter { $0.anonymous == anonymous && $0.kind != .handle }
        let profile = view.profile(of: anonymous)
        let unmerged = view.unmerged.filter { $0.anonymous == anonymous }.map(\.user)
        let isFollowed = profile != anonymous && view.text(of: profile) != view.text(of: anonymous)
        let followed = isFollowed ? [profile] : []
        return Choice(followed: followed, unmerged: unmerged, linked: Set(links.map(\.user) + unmerged + followed))
    }

    private func commit(_ decision: IdentityDecision) throws(EventStoreError) -> DecisionOutcome {
        var changes = StoreChanges()
        changes.identities.decisions = [decision]
        try database.commit(changes, "store a decision about an identity")
        let view = published.withLock { _ in
            identities.apply(changes.identities)
            return identities.view()
        }
        try database.checkpoint()
        let profile = view.profile(of: decision.pair.anonymous)
        return .done(Self.logged(decision, view), profile: view.text(of: profile))
    }

    private static func logged(_ decision: IdentityDecision, _ view: IdentityView) -> LoggedDecision {
        LoggedDecision(
            anonymous: view.text(of: decision.pair.anonymous), user: view.text(of: decision.pair.user),
            isUnmerge: decision.isUnmerge, time: decision.time)
    }
}

extension Snapshot {
    /// Pairs of ids whose links do not count, because somebody said so.
    package var unmerges: Set<Unmerge> {
        let identity = assembler.identity
        return Set(
            identity.unmerged.map {
                Unmerge(anonymous: identity.text(of: $0.anonymous), user: identity.text(of: $0.user))
            })
    }
}
