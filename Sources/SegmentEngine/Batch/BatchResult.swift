package import Columns
package import EventModel
package import EventStore

/// All members of segments and all values of metrics at one instant.
package struct BatchResult: Sendable {
    package let now: Timestamp
    /// Members by dense profile number, per segment.
    package internal(set) var members: [Text: Bitmap] = [:]
    /// Values that are not null, per metric.
    package internal(set) var metrics: [Text: [ProfileNumber: Value]] = [:]
    /// The profiles that exist at `now`.
    package internal(set) var population = Bitmap()
    /// Ids as the language shows them, of the profiles that exist.
    package internal(set) var profileIDs: [ProfileNumber: Text] = [:]
    /// The earliest instant at which each answer could change, ms; only where asked for and where there is one.
    package internal(set) var validUntil: [Text: [ProfileNumber: Timestamp]] = [:]

    init(now: Timestamp, segments: [Text], metrics: [Text]) {
        self.now = now
        for name in segments { members[name] = Bitmap() }
        for name in metrics { self.metrics[name] = [:] }
    }

    /// The ids of a segment's members, sorted by scalars; nil when there is no such segment.
    package func ids(of segment: Text) -> [Text]? {
        members[segment].map { $0.compactMap { profileIDs[ProfileNumber($0)] }.sorted() }
    }

    /// A metric's values by profile id; nil when there is no such metric.
    package func values(of metric: Text) -> [(id: Text, value: Value)]? {
        guard let values = metrics[metric] else { return nil }
        return values.compactMap { number, value in profileIDs[number].map { (id: $0, value: value) } }
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

    /// Takes in the result of other profiles.
    mutating func merge(_ other: BatchResult) {
        for (name, bitmap) in other.members { members[name, default: Bitmap()].formUnion(bitmap) }
        for (name, values) in other.metrics { metrics[name, default: [:]].merge(values) { _, new in new } }
        for (name, instants) in other.validUntil { validUntil[name, default: [:]].merge(instants) { _, new in new } }
        population.formUnion(other.population)
        profileIDs.merge(other.profileIDs) { _, new in new }
    }
}
