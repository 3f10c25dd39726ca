import EventModel

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

    /// Pairs whose links do not count, because somebody said so.
    private(set) var unmerged: Set<IdentityPair> = []

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

    mutating func decide(_ decision: IdentityDecision) {
        if decision.isUnmerge { unmerged.insert(decision.pair) } else { unmerged.remove(decision.pair) }
    }

    mutating func append(_ identifier: Identifier) {
        texts.append(identifier.text)
        roles.append(identifier.role)
        targets.append(identifier.number)
        followers.append([])
    }

    /// Makes an identifier lead to a profile. A profile has few followers: the limits see to that.
    mutating func lead(_ identifier: ProfileNumber, to profile: ProfileNumber) {
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

    /// Puts this view, made anew, in the place of another one of the same identifiers: as if it had come of turns.
    ///
    /// - Parameter erased: identifiers whose messages are gone, wherever they lead.
    mutating func goOn(from other: IdentityView, erasing erased: Set<ProfileNumber>) {
        turns = other.turns
        hasFollowers = hasFollowers || other.hasFollowers
        for number in 0..<ProfileNumber(min(count, other.count)) {
            let (before, after) = (other.profile(of: number), profile(of: number))
            guard before != after || erased.contains(number) else { continue }
            turns.append(IdentityTurn(identifier: number, before: before, after: after))
        }
    }

    /// Whether an identifier was erased: only its number is left.
    func isErased(_ identifier: ProfileNumber) -> Bool { Int(identifier) < count && texts[Int(identifier)].isEmpty }
}
