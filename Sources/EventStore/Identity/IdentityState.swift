import EventModel

/// All evidence of who is who, and what follows from it. `docs/decisions/0009-identity.md` has the rules.
///
/// - Complexity: what a link costs is bounded by the limits, however many there are.
struct IdentityState: Sendable {
    let limits: Identifiers.JoiningLimits
    var view = IdentityView()
    /// The earliest time of every link.
    private(set) var evidence: [LinkKey: Timestamp] = [:]

    /// Per anonymous identifier the first users it is linked to, and per user the first anonymous identifiers: a link
    /// counts when it is in both.
    private(set) var usersOfAnonymous: [ProfileNumber: EarliestFirst] = [:]
    private(set) var anonymousOfUser: [ProfileNumber: EarliestFirst] = [:]
    /// The same for handles; see `IdentityState+Handles.swift`.
    var handlesOf: [HandlePlace: EarliestFirst] = [:]
    var usersOfHandle: [ProfileNumber: EarliestFirst] = [:]
    var anonymousOfHandle: [ProfileNumber: EarliestFirst] = [:]

    private var numbers: [IdentifierRole: [Text: ProfileNumber]] = [:]

    init(limits: Identifiers.JoiningLimits) {
        self.limits = limits
    }

    func number(of text: Text, _ role: IdentifierRole) -> ProfileNumber? { numbers[role]?[text] }

    /// The user of the same text as an anonymous identifier.
    func twin(of anonymous: ProfileNumber) -> ProfileNumber? { number(of: view.text(of: anonymous), .user) }

    // MARK: - Changes

    /// Makes room for so many identifiers more of each role.
    mutating func reserve(_ counts: [IdentifierRole: Int]) {
        for (role, count) in counts {
            let known = numbers[role]?.count ?? 0
            numbers[role, default: [:]].reserveCapacity(known + count)
        }
    }

    mutating func add(_ identifier: Identifier) {
        precondition(Int(identifier.number) == view.count, "number \(identifier.number) after \(view.count)")
        view.append(identifier)
        // One that was erased: its number is never given again, and nobody is called by it.
        if identifier.text.isEmpty { return }
        numbers[identifier.role, default: [:]][identifier.text] = identifier.number
        switch identifier.role {
        case .user:
            if let twin = number(of: identifier.text, .anonymous) { settle([twin]) }
        case .anonymous:
            settle([identifier.number])
        case .handle:
            break
        }
    }

    mutating func add(_ link: IdentityLink) {
        if let known = evidence[link.key], known <= link.time { return }
        guard link.kind != .handle else { return addHandle(link) }
        // Whoever it takes away from a handle, others may follow.
        let before = neighbours(of: link.anonymous)
        evidence[link.key] = link.time
        var changed = [link.anonymous]
        if let displaced = place(link.key.pair), displaced != link.anonymous { changed.append(displaced) }
        settle(changed + before)
    }

    mutating func add(_ decision: IdentityDecision) {
        let before = neighbours(of: decision.pair.anonymous)
        view.decide(decision)
        settle([decision.pair.anonymous] + before)
    }

    mutating func note(_ link: IdentityLink) { evidence[link.key] = link.time }

    /// Puts a pair into the lists of both its identifiers; answers the anonymous one that lost its place at the user.
    private mutating func place(_ pair: IdentityPair) -> ProfileNumber? {
        let (view, time) = (view, firstTime(of: pair))
        let text = { (identifier: ProfileNumber) in view.text(of: identifier) }
        _ = usersOfAnonymous[pair.anonymous, default: EarliestFirst()]
            .put(pair.user, at: time, limit: limits.links, text: text)
        return anonymousOfUser[pair.user, default: EarliestFirst()]
            .put(pair.anonymous, at: time, limit: limits.links, text: text)
    }

    /// Lets anonymous identifiers lead where they should, and all those with whom they share handles.
    mutating func settle(_ anonymous: [ProfileNumber]) {
        var all = Set(anonymous)
        if !anonymousOfHandle.isEmpty { for identifier in anonymous { all.formUnion(neighbours(of: identifier)) } }
        for identifier in all { view.lead(identifier, to: profile(of: identifier)) }
    }

    // MARK: - What follows

    private func profile(of anonymous: ProfileNumber) -> ProfileNumber {
        let twin = twin(of: anonymous)
        return user(of: anonymous, isUser: twin != nil) ?? twin ?? profileByHandle(of: anonymous) ?? anonymous
    }

    /// The user of the earliest link that counts; at one instant the smallest.
    func user(of anonymous: ProfileNumber, isUser: Bool) -> ProfileNumber? {
        var best: (time: Timestamp, user: ProfileNumber)?
        for element in usersOfAnonymous[anonymous]?.elements ?? [] {
            let pair = IdentityPair(anonymous: anonymous, user: element.identifier)
            // They are sorted by their first times, so nothing that follows is earlier.
            if let best, best.time < element.time { break }
            guard !view.unmerged.contains(pair), hasPlace(pair), let time = countingTime(of: pair, isUser: isUser)
            else {
                continue
            }
            if let best {
                let isSmaller = view.text(of: element.identifier) < view.text(of: best.user)
                guard time < best.time || (time == best.time && isSmaller) else { continue }
            }
            best = (time, element.identifier)
        }
        return best?.user
    }

    // MARK: - Evidence of a pair

    func isWithinLimits(_ key: LinkKey) -> Bool {
        guard key.kind != .handle else { return countsHandle(key.user, of: key.anonymous) }
        return hasPlace(key.pair) && usersOfAnonymous[key.anonymous]?.contains(key.user) ?? false
    }

    private func hasPlace(_ pair: IdentityPair) -> Bool {
        anonymousOfUser[pair.user]?.contains(pair.anonymous) ?? false
    }

    private func time(of pair: IdentityPair, _ kind: LinkKind) -> Timestamp? {
        evidence[LinkKey(anonymous: pair.anonymous, user: pair.user, kind: kind)]
    }

    /// The earliest link of any kind, which decides about the limits.
    private func firstTime(of pair: IdentityPair) -> Timestamp {
        [LinkKind.together, .alias].compactMap { time(of: pair, $0) }.min() ?? .distantFuture
    }

    /// The earliest link that counts: an alias does only while the identifier is no user's.
    private func countingTime(of pair: IdentityPair, isUser: Bool) -> Timestamp? {
        isUser ? time(of: pair, .together) : firstTime(of: pair)
    }
}
