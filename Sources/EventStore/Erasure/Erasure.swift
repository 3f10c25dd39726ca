import EventModel

/// Who goes when profiles are erased, as identities stand at one moment.
struct Erasure: Hashable {
    /// Everything that leads to the profiles, themselves included: messages that stand under one of these go.
    let identifiers: Set<ProfileNumber>
    /// Those of them that go as well, and handles that nobody else has. An anonymous identifier that messages of somebody
    /// else name too stays, as theirs.
    let tombstones: [Identifier]
    /// Links that have one of the tombstones at an end, and links to handles that are only known from messages that go.
    let links: [LinkKey]
    /// Aliases of an anonymous identifier of somebody else whose text is a user's that goes: they did not count because
    /// of that user, and shall not begin to. They stay as evidence, later than any other link.
    let idleLinks: [LinkKey]

    /// - Parameter numbers: identifiers of any kind; whoever they lead to is meant.
    init(_ numbers: Set<ProfileNumber>, _ table: IdentityTable) {
        let view = table.view()
        let profiles = Set(numbers.filter { !view.isErased($0) }.map { view.profile(of: $0) })
        let identifiers = profiles.union(profiles.flatMap { view.followers(of: $0) })
        let evidence = table.links(of: identifiers).map(\.key)
        let shared = Set(
            evidence.lazy.filter { $0.kind != .handle && !identifiers.contains($0.user) }.map(\.anonymous))
        let people = identifiers.subtracting(shared)
        let gone = people.union(Self.handles(of: evidence, identifiers, table))
        self.identifiers = identifiers
        tombstones = gone.sorted().map { Identifier(number: $0, role: view.role(of: $0), text: view.text(of: $0)) }
        let users = tombstones.filter { $0.role == .user }
        let twins = Set(users.compactMap { table.number(of: $0.text, .anonymous) }).subtracting(identifiers)
        links = evidence.filter { Self.goes($0, gone, identifiers) }.sorted()
        idleLinks =
            twins.isEmpty
            ? []
            : table.links(of: twins).map(\.key).filter { $0.kind == .alias && twins.contains($0.anonymous) }.sorted()
    }

    /// The handles that only these identifiers have.
    private static func handles(
        of evidence: [LinkKey], _ identifiers: Set<ProfileNumber>, _ table: IdentityTable
    ) -> Set<ProfileNumber> {
        let handles = Set(evidence.lazy.filter { $0.kind == .handle }.map(\.user))
        guard !handles.isEmpty else { return [] }
        let others = table.links(of: handles).lazy.filter { $0.kind == .handle && !identifiers.contains($0.anonymous) }
        return handles.subtracting(others.map(\.user))
    }

    var tombstoneNumbers: Set<ProfileNumber> { Set(tombstones.map(\.number)) }

    /// Whether a link goes.
    private static func goes(
        _ link: LinkKey, _ gone: Set<ProfileNumber>, _ identifiers: Set<ProfileNumber>
    ) -> Bool {
        // Who has a handle is known from messages under the identifier itself, and all of these go.
        if link.kind == .handle { return identifiers.contains(link.anonymous) }
        return gone.contains(link.anonymous) || gone.contains(link.user)
    }
}
