package import EventModel

/// The ids of a profile, and what says that they are its.
package struct IdentityReport: Sendable {
    /// What became of a link.
    package enum Standing: String, Sendable {
        /// It is why the anonymous id belongs to the user.
        case followed
        /// Another link of the anonymous id is earlier.
        case later
        /// The anonymous id or the user has too many earlier ones.
        case overLimit = "over-limit"
        /// It is an alias of an id that is a user's.
        case aliasOfUser = "alias-of-user"
        /// Somebody decided that it does not count.
        case unmerged
    }

    /// The earliest message of its kind that says that an anonymous id belongs to a user.
    package struct Link: Sendable {
        package let anonymous: Text
        package let user: Text
        package let kind: LinkKind
        package let since: Timestamp
        package let standing: Standing
    }

    /// The earliest message of an id that has a handle.
    package struct HandleUse: Sendable {
        package let id: Text
        package let isUser: Bool
        /// As `Handle.key`.
        package let handle: Text
        package let since: Timestamp
        /// Whether it is within the limits.
        package let counts: Bool
    }

    /// The profile's id.
    package let profile: Text
    /// Whether it is a user's.
    package let isUser: Bool
    /// The anonymous ids that belong to it, ascending.
    package let anonymousIDs: [Text]
    /// All links of those ids, and all links to the user, ascending by anonymous id and user.
    package let links: [Link]
    /// The handles of all its ids, ascending by handle and id.
    package let handles: [HandleUse]
}

extension EventStore {
    /// The ids of the profile that an id leads to; nil when no message ever had the id.
    ///
    /// - Complexity: O(links of the store).
    package func identityReport(of id: Text) -> IdentityReport? {
        let view = identities.view()
        guard let number = identities.number(of: id, .user) ?? identities.number(of: id, .anonymous),
            Int(number) < view.count
        else { return nil }
        let profile = view.profile(of: number)
        let isUser = view.role(of: profile) == .user
        var members = view.followers(of: profile)
        if !isUser { members.append(profile) }
        let all = identities.links(of: Set(members + [profile]))
        let links = all.filter { $0.kind != .handle }.map { link in
            IdentityReport.Link(
                anonymous: view.text(of: link.anonymous), user: view.text(of: link.user), kind: link.kind,
                since: link.time, standing: standing(of: link, view))
        }
        let handles = all.filter { $0.kind == .handle }.map { link in
            IdentityReport.HandleUse(
                id: view.text(of: link.anonymous), isUser: view.role(of: link.anonymous) == .user,
                handle: view.text(of: link.user), since: link.time, counts: identities.isWithinLimits(link.key))
        }
        return IdentityReport(
            profile: view.text(of: profile), isUser: isUser, anonymousIDs: members.map { view.text(of: $0) }.sorted(),
            links: links.sorted {
                ($0.anonymous, $0.user, $0.kind.rawValue) < ($1.anonymous, $1.user, $1.kind.rawValue)
            },
            handles: handles.sorted { ($0.handle, $0.id) < ($1.handle, $1.id) })
    }

    private func standing(of link: IdentityLink, _ view: IdentityView) -> IdentityReport.Standing {
        if view.unmerged.contains(link.key.pair) { return .unmerged }
        let isUser = identities.number(of: view.text(of: link.anonymous), .user) != nil
        if link.kind == .alias, isUser { return .aliasOfUser }
        if !identities.isWithinLimits(link.key) { return .overLimit }
        return view.profile(of: link.anonymous) == link.user ? .followed : .later
    }
}
