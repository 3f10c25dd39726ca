import Analytics
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension Workspace {
    /// The names and kinds of values that the data has for some events, and for traits.
    ///
    /// - Parameter events: canonical names; nil: of all events. The names themselves are always all collected.
    /// - Complexity: O(values of those events).
    func names(of events: Set<Text>?) throws -> WorkspaceNames {
        try WorkspaceNames(of: snapshot, events: events)
    }
}

extension [Definition] {
    /// The names of events that definitions speak of, perhaps with other words among them; nil: any event at all.
    var mentionedEvents: Set<Text>? {
        var words: Set<Text> = []
        var isAny = false
        func walk(_ value: JSONValue) {
            switch value {
            case .string(let text): words.insert(text)
            case .array(let elements): for element in elements { walk(element) }
            case .object(let object):
                if let type = object["type"]?.text, ["any-event", "like", "visit"].contains(type) { isAny = true }
                for member in object.members { walk(member.value) }
            case .null, .bool, .number: break
            }
        }
        for definition in self { walk(JSONForm.encode(definition)) }
        return isAny ? nil : words
    }

    /// The metrics by which definitions rank everybody.
    fileprivate var metricsRankingEverybody: Set<Text> {
        var found: Set<Text> = []
        func walk(_ condition: Condition) {
            switch condition.kind {
            case .and(let parts), .or(let parts): for part in parts { walk(part) }
            case .not(let part), .forGroups(_, _, let part): walk(part)
            case .rank(let metric, _, nil): found.insert(metric)
            default: break
            }
        }
        for definition in self { definition.condition.map(walk) }
        return found
    }
}

extension Workspace {
    /// Metrics that definitions rank everybody by although they are 0 for more than half of all who have them.
    func mostlyZeroMetrics(ranksIn definitions: [Definition], _ console: Console) async throws -> Set<Text> {
        let ranking = definitions.metricsRankingEverybody
        let builtIn: [Text: OwnMetric] = ["net_orders": .netOrders, "net_revenue": .netRevenue]
        let known = ranking.filter { library.program[$0] != nil }
        let own = ranking.compactMap { builtIn[$0] }
        guard !known.isEmpty || !own.isEmpty else { return [] }
        let evaluation = Evaluation(self, Array(known), and: own, console)
        let result = try await evaluation.run(at: Shoal.clock.now())
        evaluation.end()
        return ranking.filter { name in
            let values = result.metrics[builtIn[name]?.name ?? name] ?? [:]
            return values.count { $0.value == .number(0) } * 2 > values.count && !values.isEmpty
        }
    }
}
