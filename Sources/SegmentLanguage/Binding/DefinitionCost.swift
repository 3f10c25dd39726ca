package import EventModel

/// What deciding a definition for one profile costs, estimated before anything is evaluated.
///
/// Counted in looks: how many times each event of the profile's history may be looked at. So it says nothing about how
/// long histories are, and a definition with twice the cost takes about twice as long, whoever is decided.
package struct DefinitionCost: Hashable, Sendable {
    /// `Int.max` for whatever is more.
    package let looks: Int
    /// The memberships followed through time that take most of it: where, of which segment, and how many looks.
    package let heaviest: Part?

    package struct Part: Hashable, Sendable {
        package let segment: Text
        package let range: SourceRange
        package let looks: Int
    }

    /// A membership that is followed through time is decided at each instant at which it may change: as if that were so
    /// many.
    package static let instantsFollowed = 100
}

/// Adds up the costs of definitions, those that are used before their users.
///
/// A definition that others use is decided once however many use it, so each counts once; only where its membership in
/// the past is asked for is it decided again for other instants.
struct CostLedger {
    private struct Entry {
        /// Without the definitions it uses.
        var own: Int
        /// What it uses as of now.
        var uses: [Int]
        var looks: Int
        var isVisited = 0
    }

    private var entries: [Entry] = []
    private var indexOfName: [Text: Int] = [:]
    private var walk = 0

    /// Adds a definition.
    ///
    /// - Parameter references: all of its uses of others; names not added before count nothing.
    mutating func add(_ definition: Definition, _ references: [Reference]) -> DefinitionCost {
        var counter = LookCounter()
        counter.walk(definition)
        var own = counter.looks
        var heaviest: DefinitionCost.Part?
        var uses: [Int] = []
        for reference in references {
            guard let index = indexOfName[reference.name] else { continue }
            switch reference.moment {
            case .now: uses.append(index)
            case .then, .followed:
                let instants = reference.moment == .then ? 1 : DefinitionCost.instantsFollowed
                let looks = instants.multipliedSaturating(by: entries[index].looks)
                own = own.addingSaturating(looks)
                if looks > heaviest?.looks ?? 0 {
                    heaviest = DefinitionCost.Part(segment: reference.name, range: reference.range, looks: looks)
                }
            }
        }
        let index = entries.count
        entries.append(Entry(own: own, uses: uses, looks: 0))
        indexOfName[definition.name] = index
        entries[index].looks = sum(from: index)
        return DefinitionCost(looks: entries[index].looks, heaviest: heaviest)
    }

    /// The own costs of a definition and of all that it uses as of now, each once.
    private mutating func sum(from index: Int) -> Int {
        walk += 1
        entries[index].isVisited = walk
        var pending = [index]
        var total = 0
        while let next = pending.popLast() {
            total = total.addingSaturating(entries[next].own)
            for used in entries[next].uses where entries[used].isVisited != walk {
                entries[used].isVisited = walk
                pending.append(used)
            }
        }
        return total
    }
}

/// Counts the looks that a definition takes by itself.
private struct LookCounter: TreeVisitor {
    private(set) var looks = 0

    mutating func visit(_ condition: Condition, _ scope: WalkScope) {
        switch condition.kind {
        case .and, .or, .not: return
        case .forGroups(_, let path, _):
            // The events are put into groups; what is asked of a group looks at its own events only.
            looks += path.scope == .items ? 2 : 1
        case .sequence(let sequence, _, _):
            // By the value shared, if there is one, each step is looked at once more.
            if sequence.same != nil { looks += sequence.steps.count }
        case .canReceive: looks += 4
        case .rank: looks += 1
        default: if scope.place == .filter { looks += 1 }
        }
    }

    mutating func visit(_ query: EventQuery, _ scope: WalkScope) { looks += 1 }

    mutating func visit(_ value: Value, _ scope: WalkScope) {
        switch value.kind {
        case .arithmetic, .timeFunction: if scope.place != .profile { looks += 1 }
        case .cart, .consent: looks += 4
        case .trait: looks += 1
        case .metric(let name): if Words.builtInMetrics.contains(name.string) { looks += 4 }
        default: break
        }
    }
}

extension Int {
    fileprivate func addingSaturating(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func multipliedSaturating(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
