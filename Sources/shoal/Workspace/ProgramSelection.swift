import EventModel
import SegmentLanguage

extension Program {
    /// The program without definitions that rank, and without those that refer to one.
    var withoutRanks: Program {
        var dropped: Set<Text> = []
        for definition in definitions {
            let refers = definition.references().contains { dropped.contains($0.name) }
            if refers || definition.condition?.ranks == true { dropped.insert(definition.name) }
        }
        return Program(inDependencyOrder: definitions.filter { !dropped.contains($0.name) })
    }
}

extension Condition {
    /// Whether a rank stands in it.
    fileprivate var ranks: Bool {
        switch kind {
        case .rank: true
        case .and(let parts), .or(let parts): parts.contains(where: \.ranks)
        case .not(let part), .forGroups(_, _, let part): part.ranks
        default: false
        }
    }
}
