import EventModel

/// Numbers and links of a group of messages, before they are durable.
struct IdentityStaging {
    private struct Key: Hashable {
        let role: IdentifierRole
        let text: Text
    }

    private struct Pair: Hashable {
        let anonymous: ProfileNumber
        let user: ProfileNumber
    }

    private let table: IdentityTable
    private var next: Int
    private var numbers: [Key: ProfileNumber] = [:]
    private var identifiers: [Identifier] = []
    private var links: [Pair: Timestamp] = [:]
    private var linksOfAnonymous: [ProfileNumber: [ProfileNumber]] = [:]
    /// Every identifier the messages name, new or known.
    private(set) var named: Set<ProfileNumber> = []
    /// Every link the messages are evidence of, new or known.
    private var seen: [Pair: Timestamp] = [:]

    init(_ table: IdentityTable) {
        self.table = table
        next = table.count
    }

    /// Learns who a message names, and answers the identifier its rows stand under; nil when it names nobody.
    mutating func add(_ message: Message) throws(EventStoreError) -> ProfileNumber? {
        var anonymous: ProfileNumber?
        if let text = message.anonymousID { anonymous = try number(of: text, .anonymous) }
        guard let text = message.userID else { return anonymous }
        let user = try number(of: text, .user)
        if let anonymous { link(anonymous, to: user, at: message.time) }
        if message.kind == .alias, let previous = message.previousID {
            link(try number(of: previous, .anonymous), to: user, at: message.time)
        }
        return user
    }

    /// What the messages say by themselves, known or not: for a part, which must stand on its own.
    func evidence(in view: IdentityView) -> IdentityChanges {
        IdentityChanges(
            identifiers: named.sorted().map { identifier($0, in: view) },
            links: seen.map { IdentityLink(anonymous: $0.key.anonymous, user: $0.key.user, time: $0.value) }
                .sorted { ($0.anonymous, $0.user) < ($1.anonymous, $1.user) })
    }

    /// What was learnt, identifiers in the order of their numbers.
    func changes() -> IdentityChanges {
        IdentityChanges(
            identifiers: identifiers,
            links: links.map { IdentityLink(anonymous: $0.key.anonymous, user: $0.key.user, time: $0.value) }
                .sorted { ($0.anonymous, $0.user) < ($1.anonymous, $1.user) })
    }

    /// The profile an identifier leads to once the changes are applied.
    func profile(of identifier: ProfileNumber, in view: IdentityView) -> ProfileNumber {
        let own = self.identifier(identifier, in: view)
        guard own.role == .anonymous else { return identifier }
        var best = table.bestLink(of: identifier)
        for link in linksOfAnonymous[identifier] ?? [] {
            let time = links[Pair(anonymous: identifier, user: link)] ?? .distantFuture
            guard let known = best else {
                best = (time, link)
                continue
            }
            let isBetter =
                time != known.time
                ? time < known.time
                : self.identifier(link, in: view).text < self.identifier(known.user, in: view).text
            if isBetter { best = (time, link) }
        }
        if let best { return best.user }
        return numbers[Key(role: .user, text: own.text)] ?? table.number(of: own.text, .user) ?? identifier
    }

    /// The text and role of any identifier, staged ones included.
    func identifier(_ number: ProfileNumber, in view: IdentityView) -> Identifier {
        if Int(number) < view.count {
            return Identifier(number: number, role: view.role(of: number), text: view.text(of: number))
        }
        return identifiers[Int(number) - view.count]
    }

    private mutating func number(of text: Text, _ role: IdentifierRole) throws(EventStoreError) -> ProfileNumber {
        let number = try assign(text, role)
        named.insert(number)
        return number
    }

    private mutating func assign(_ text: Text, _ role: IdentifierRole) throws(EventStoreError) -> ProfileNumber {
        let key = Key(role: role, text: text)
        if let staged = numbers[key] { return staged }
        if let known = table.number(of: text, role) {
            numbers[key] = known
            return known
        }
        // The last number is left free, so that a count of numbers fits as well.
        guard next < Int(ProfileNumber.max) else { throw .tooManyProfiles }
        let number = ProfileNumber(next)
        next += 1
        numbers[key] = number
        identifiers.append(Identifier(number: number, role: role, text: text))
        return number
    }

    private mutating func link(_ anonymous: ProfileNumber, to user: ProfileNumber, at time: Timestamp) {
        let pair = Pair(anonymous: anonymous, user: user)
        seen[pair] = min(seen[pair] ?? time, time)
        if let staged = links[pair], staged <= time { return }
        if let known = table.evidence(anonymous: anonymous, user: user), known <= time { return }
        if links.updateValue(time, forKey: pair) == nil { linksOfAnonymous[anonymous, default: []].append(user) }
    }
}
