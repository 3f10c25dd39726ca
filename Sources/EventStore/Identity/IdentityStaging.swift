import EventModel

/// Numbers and links of a group of messages, before they are durable.
struct IdentityStaging {
    private struct Key: Hashable {
        let role: IdentifierRole
        let text: Text
    }

    private let table: IdentityTable
    private let joinsHandles: Bool
    private var next: Int
    private var numbers: [Key: ProfileNumber] = [:]
    private var identifiers: [Identifier] = []
    /// Links that are new, or earlier than known.
    private var links: [LinkKey: Timestamp] = [:]
    private var linksOfAnonymous: [ProfileNumber: [LinkKey]] = [:]
    /// How many links to each user there are among them.
    private var linksOfUser: [ProfileNumber: Int] = [:]
    /// Every identifier the messages name, new or known.
    private var named: Set<ProfileNumber> = []
    /// Every link the messages are evidence of, new or known.
    private var seen: [LinkKey: Timestamp] = [:]

    /// - Parameter joinsHandles: whether the workspace joins ids by handles.
    init(_ table: IdentityTable, joinsHandles: Bool) {
        self.table = table
        self.joinsHandles = joinsHandles
        next = table.count
    }

    /// Learns who a message names, and answers the identifier its rows stand under; nil when it names nobody.
    mutating func add(_ message: Message) throws(EventStoreError) -> ProfileNumber? {
        let isAlias = message.kind == .alias
        let identifier = try add(
            MessageStage.Person(
                userID: message.userID, anonymousID: message.anonymousID,
                previousID: isAlias ? message.previousID : nil, isAlias: isAlias),
            at: message.time)
        if joinsHandles, let identifier {
            for handle in message.handles {
                link(identifier, to: try number(of: handle.key, .handle), .handle, at: message.time)
            }
        }
        return identifier
    }

    /// The same for all messages of a person at once; `time` is that of the earliest.
    mutating func add(_ person: MessageStage.Person, at time: Timestamp) throws(EventStoreError) -> ProfileNumber? {
        var anonymous: ProfileNumber?
        if let text = person.anonymousID { anonymous = try number(of: text, .anonymous) }
        guard let text = person.userID else { return anonymous }
        let user = try number(of: text, .user)
        if let anonymous { link(anonymous, to: user, .together, at: time) }
        if person.isAlias, let previous = person.previousID, previous != text {
            link(try number(of: previous, .anonymous), to: user, .alias, at: time)
        }
        return user
    }

    /// Learns whom staged messages name, each person where it comes first.
    ///
    /// - Parameter left: messages that teach nothing.
    mutating func add(
        _ stage: MessageStage, without left: LeftOut
    ) throws(EventStoreError) -> [ProfileNumber?] {
        let count = stage.personKeys.count
        var earliest = [Int64](repeating: .max, count: count)
        var order: [Int] = []
        var isSeen = [Bool](repeating: false, count: count)
        stage.persons.withUnsafeBufferPointer { persons in
            stage.times.withUnsafeBufferPointer { times in
                for message in persons.indices where left.count == 0 || !left.contains(message) {
                    let person = Int(persons[message])
                    earliest[person] = min(earliest[person], times[message])
                    if !isSeen[person] {
                        isSeen[person] = true
                        order.append(person)
                    }
                }
            }
        }
        numbers.reserveCapacity(numbers.count + order.count)
        named.reserveCapacity(named.count + order.count)
        identifiers.reserveCapacity(identifiers.count + order.count)
        var numberOfPerson = [ProfileNumber?](repeating: nil, count: count)
        for person in order {
            numberOfPerson[person] = try add(stage.person(person), at: Timestamp(milliseconds: earliest[person]))
        }
        guard joinsHandles else { return numberOfPerson }
        for entry in stage.handles where left.count == 0 || !left.contains(entry.message) {
            guard let identifier = numberOfPerson[Int(stage.persons[entry.message])] else { continue }
            let time = Timestamp(milliseconds: stage.times[entry.message])
            link(identifier, to: try number(of: stage.handleKeys[entry.handle], .handle), .handle, at: time)
        }
        return numberOfPerson
    }

    /// What was learnt, identifiers in the order of their numbers.
    func changes() -> IdentityChanges {
        IdentityChanges(identifiers: identifiers, links: Self.sorted(links))
    }

    /// What the messages say by themselves, known or not: for a part, which must stand on its own.
    func evidence(in view: IdentityView) -> IdentityChanges {
        IdentityChanges(
            identifiers: named.sorted().map { identifier($0, in: view) }, links: Self.sorted(seen))
    }

    private static func sorted(_ links: [LinkKey: Timestamp]) -> [IdentityLink] {
        links.sorted { $0.key < $1.key }.map {
            IdentityLink(anonymous: $0.key.anonymous, user: $0.key.user, kind: $0.key.kind, time: $0.value)
        }
    }

    // MARK: - As it will be

    /// The text and role of any identifier, staged ones included.
    func identifier(_ number: ProfileNumber, in view: IdentityView) -> Identifier {
        if Int(number) < view.count {
            return Identifier(number: number, role: view.role(of: number), text: view.text(of: number))
        }
        return identifiers[Int(number) - view.count]
    }

    /// The profile that an identifier's rows are written under: where it leads once the changes are applied.
    ///
    /// Near the limits of links it may be another; rows are found there too, and the next merge of parts moves them.
    func profile(of identifier: ProfileNumber, in view: IdentityView) -> ProfileNumber {
        let own = self.identifier(identifier, in: view)
        guard own.role == .anonymous else { return identifier }
        let twin = numbers[Key(role: .user, text: own.text)] ?? table.number(of: own.text, .user)
        var best: (time: Timestamp, text: Text, user: ProfileNumber)?
        func consider(_ key: LinkKey, at time: Timestamp) {
            let text = self.identifier(key.user, in: view).text
            if let best, (best.time, best.text) <= (time, text) { return }
            best = (time, text, key.user)
        }
        let known = Int(identifier) < view.count ? view.profile(of: identifier) : identifier
        if known != identifier {
            for kind in [LinkKind.together, .alias] {
                let key = LinkKey(anonymous: identifier, user: known, kind: kind)
                if let time = table.evidence(key) { consider(key, at: time) }
            }
        }
        for key in linksOfAnonymous[identifier] ?? [] {
            guard key.kind == .together || (key.kind == .alias && twin == nil) else { continue }
            guard !view.unmerged.contains(key.pair), hasPlace(at: key.user), let time = links[key] else { continue }
            consider(key, at: time)
        }
        return best?.user ?? twin ?? identifier
    }

    /// Whether a user has places for all that the messages link to it.
    private func hasPlace(at user: ProfileNumber) -> Bool {
        table.placesTaken(of: user) + (linksOfUser[user] ?? 0) <= Identifiers.joiningLimits.links
    }

    // MARK: - Steps

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

    private mutating func link(
        _ anonymous: ProfileNumber, to user: ProfileNumber, _ kind: LinkKind, at time: Timestamp
    ) {
        let key = LinkKey(anonymous: anonymous, user: user, kind: kind)
        seen[key] = min(seen[key] ?? time, time)
        if let staged = links[key], staged <= time { return }
        if let known = table.evidence(key), known <= time { return }
        if links.updateValue(time, forKey: key) == nil {
            linksOfAnonymous[anonymous, default: []].append(key)
            linksOfUser[user, default: 0] += 1
        }
    }
}
