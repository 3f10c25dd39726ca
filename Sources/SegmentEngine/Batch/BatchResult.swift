package import Columns
package import EventModel
package import EventStore
import SegmentLanguage

/// All members of segments and all values of metrics at one instant.
package struct BatchResult: Sendable {
    package let now: Timestamp
    /// Members by dense profile number, per segment.
    package internal(set) var members: [Text: Bitmap] = [:]
    /// Values that are not null, per metric.
    package internal(set) var metrics: [Text: ValueMap] = [:]
    /// The profiles that exist at `now`.
    package internal(set) var population = Bitmap()
    /// Per profile the earliest instant at which any of its answers could change; only where asked for.
    package internal(set) var due: [(profile: ProfileNumber, instant: Timestamp)] = []

    private let source: any HistorySource

    init(now: Timestamp, segments: [Text], metrics: [Text], of source: any HistorySource) {
        self.now = now
        self.source = source
        for name in segments { members[name] = Bitmap() }
        for name in metrics { self.metrics[name] = ValueMap() }
    }

    /// The id, as the language shows it, of a profile that exists.
    package func id(of profile: ProfileNumber) -> Text { source.profileID(of: profile) }

    /// The ids of a segment's members, sorted by scalars; nil when there is no such segment.
    package func ids(of segment: Text) -> [Text]? {
        members[segment].map { $0.map { id(of: ProfileNumber($0)) }.sorted() }
    }

    /// A metric's values by profile id; nil when there is no such metric.
    package func values(of metric: Text) -> [(id: Text, value: Value)]? {
        guard let values = metrics[metric] else { return nil }
        return values.map { number, value in (id: id(of: number), value: value) }
            .sorted { $0.id < $1.id }
    }

    /// What `evaluate` prints: `{"segments": {name: [ids]}, "metrics": {name: {id: value}}}`.
    package var json: JSONValue {
        var segments = JSONObject()
        for name in members.keys.sorted() {
            segments.append(name, .array((ids(of: name) ?? []).map(JSONValue.string)))
        }
        var metrics = JSONObject()
        for name in self.metrics.keys.sorted() {
            var values = JSONObject()
            for (id, value) in self.values(of: name) ?? [] {
                if let json = value.json { values.append(id, json) }
            }
            metrics.append(name, .object(values))
        }
        return .object(JSONObject([("segments", .object(segments)), ("metrics", .object(metrics))]))
    }

    /// Takes in the answers for the profiles of a block.
    mutating func take(_ part: BlockAnswers, of entries: [Plan.Entry]) {
        population.insert(part.profiles)
        due.append(contentsOf: part.due.map { (profile: $0.0, instant: $0.1) })
        for (index, entry) in entries.enumerated() {
            let name = entry.definition.name
            switch entry.body {
            case .segment:
                members[name]?.insert(part.members[index])
            case .metric:
                metrics[name]?.set(part.values[index])
            }
        }
    }
}
