import EventModel

/// The handles of one kind that an identifier has.
struct HandlePlace: Hashable, Sendable {
    let identifier: ProfileNumber
    let kind: Handle.Kind
}

/// Handles: what joins anonymous identifiers to a user or to each other when no link does.
///
/// A *loose* identifier is an anonymous one that neither a link nor its text leads to a user. It has one handle that
/// says whose it is, and goes to that handle's owner: the first user that has it, else the first loose identifier.
extension IdentityState {
    mutating func addHandle(_ link: IdentityLink) {
        let (identifier, handle) = (link.anonymous, link.user)
        guard let kind = Handle.kind(ofKey: view.text(of: handle)) else { return }
        let place = HandlePlace(identifier: identifier, kind: kind)
        let isUser = view.role(of: identifier) == .user
        // Of a handle that many have, most change nothing.
        let isTaken = takes(link)
        var changed = isUser ? [] : [identifier] + neighbours(of: identifier)
        if isTaken { changed += neighbours(ofHandle: handle) }
        if let own = handlesOf[place]?.elements, own.count == limits.handlesOfAKind, let last = own.last {
            changed += neighbours(ofHandle: last.identifier)
        }
        note(link)
        if let displaced = put(link, in: place), !isUser { changed.append(displaced) }
        settle(isTaken ? changed + neighbours(ofHandle: handle) : changed)
    }

    /// Whether a handle's list of users, or of anonymous identifiers, has a place for one with it.
    private func takes(_ link: IdentityLink) -> Bool {
        let carriers = view.role(of: link.anonymous) == .user ? usersOfHandle[link.user] : anonymousOfHandle[link.user]
        return carriers?.takes(link.anonymous, at: link.time, limit: limits.idsOfAHandle) { view.text(of: $0) } ?? true
    }

    /// Puts a handle into the list of its identifier and that into the list of the handle; answers the identifier that
    /// lost its place there.
    private mutating func put(_ link: IdentityLink, in place: HandlePlace) -> ProfileNumber? {
        let view = view
        let text = { (identifier: ProfileNumber) in view.text(of: identifier) }
        _ = handlesOf[place, default: EarliestFirst()]
            .put(link.user, at: link.time, limit: limits.handlesOfAKind, text: text)
        return view.role(of: link.anonymous) == .user
            ? usersOfHandle[link.user, default: EarliestFirst()]
                .put(link.anonymous, at: link.time, limit: limits.idsOfAHandle, text: text)
            : anonymousOfHandle[link.user, default: EarliestFirst()]
                .put(link.anonymous, at: link.time, limit: limits.idsOfAHandle, text: text)
    }

    /// Whether a handle is within the limits of an identifier, and that within those of the handle.
    func countsHandle(_ handle: ProfileNumber, of identifier: ProfileNumber) -> Bool {
        guard let kind = Handle.kind(ofKey: view.text(of: handle)) else { return false }
        let carriers = view.role(of: identifier) == .user ? usersOfHandle : anonymousOfHandle
        return carriers[handle]?.contains(identifier) ?? false
            && handlesOf[HandlePlace(identifier: identifier, kind: kind)]?.contains(handle) ?? false
    }

    // MARK: - Where a loose identifier goes

    /// Where a loose identifier's handle leads; nil when it has none, or when it is too late for a place there.
    func profileByHandle(of loose: ProfileNumber) -> ProfileNumber? {
        guard let own = handle(of: loose) else { return nil }
        if let user = owner(of: own.handle) {
            return followers(of: user).contains(loose) ? user : nil
        }
        guard let first = looseIdentifiers(of: own.handle).min(by: isBefore)?.identifier,
            !view.unmerged.contains(IdentityPair(anonymous: loose, user: first))
        else { return nil }
        return first
    }

    /// The first of the handles that count: by kind, time and text.
    private func handle(of anonymous: ProfileNumber) -> (handle: ProfileNumber, time: Timestamp)? {
        guard !anonymousOfHandle.isEmpty else { return nil }
        for kind in Handle.Kind.allCases {
            for element in handlesOf[HandlePlace(identifier: anonymous, kind: kind)]?.elements ?? []
            where anonymousOfHandle[element.identifier]?.contains(anonymous) ?? false {
                return (element.identifier, element.time)
            }
        }
        return nil
    }

    /// The first user that a handle counts for.
    private func owner(of handle: ProfileNumber) -> ProfileNumber? {
        usersOfHandle[handle]?.elements.first { countsHandle(handle, of: $0.identifier) }?.identifier
    }

    private func isLoose(_ anonymous: ProfileNumber) -> Bool {
        twin(of: anonymous) == nil && user(of: anonymous, isUser: false) == nil
    }

    private func looseIdentifiers(of handle: ProfileNumber) -> [EarliestFirst.Element] {
        (anonymousOfHandle[handle]?.elements ?? []).filter {
            self.handle(of: $0.identifier)?.handle == handle && isLoose($0.identifier)
        }
    }

    /// The loose identifiers that handles lead to a user, the first so many.
    private func followers(of user: ProfileNumber) -> Set<ProfileNumber> {
        let all = handles(of: user).filter { owner(of: $0) == user }.flatMap { looseIdentifiers(of: $0) }
            .filter { !view.unmerged.contains(IdentityPair(anonymous: $0.identifier, user: user)) }
        return Set(all.sorted(by: isBefore).prefix(limits.joinedByHandles).map(\.identifier))
    }

    private func handles(of identifier: ProfileNumber) -> [ProfileNumber] {
        Handle.Kind.allCases.flatMap { kind in
            handlesOf[HandlePlace(identifier: identifier, kind: kind)]?.elements.map(\.identifier) ?? []
        }
    }

    private func isBefore(_ left: EarliestFirst.Element, _ right: EarliestFirst.Element) -> Bool {
        (left.time, view.text(of: left.identifier)) < (right.time, view.text(of: right.identifier))
    }

    // MARK: - Who may be touched

    /// The anonymous identifiers that may lead elsewhere when an anonymous one does.
    func neighbours(of anonymous: ProfileNumber) -> [ProfileNumber] {
        guard let own = handle(of: anonymous) else { return [] }
        return neighbours(ofHandle: own.handle)
    }

    /// Those that may when the owner of a handle changes, or who has it.
    private func neighbours(ofHandle handle: ProfileNumber) -> [ProfileNumber] {
        let handles = [handle] + (owner(of: handle).map { self.handles(of: $0) } ?? [])
        return handles.flatMap { anonymousOfHandle[$0]?.elements.map(\.identifier) ?? [] }
    }
}
