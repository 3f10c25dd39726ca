package import EventModel
package import SegmentLanguage

/// Answers what definitions mean, as plainly as the language page says it, without any care for speed.
///
/// It is the measure for the engine: `shoal verify` and the tests compare the two. Messages are given in the order of
/// their arrival. Time grows with the square of a history, and more for questions about the past; it remembers its
/// answers, so make a new one for each history and do not keep it. Not for use from several threads.
package struct ReferenceEvaluator {
    private let world: World
    private let segmentNames: [Text]
    private let metricNames: [Text]

    /// - Parameter unmerged: pairs of an anonymous id and a user whose links do not count.
    package init(
        program: Program, settings: WorkspaceSettings, messages: [Message], unmerged: Set<Unmerge> = []
    ) {
        world = World(program: program, settings: settings, messages: messages, unmerged: unmerged)
        segmentNames = program.definitions.filter { $0.condition != nil }.map(\.name)
        metricNames = program.definitions.filter { $0.value != nil }.map(\.name)
    }

    /// The ids of all profiles that have a message at any time, ascending.
    package var profiles: [Text] { world.profiles.map(\.id) }

    /// Segment name to the ids of its members as of `now`, of the given profiles only if there are some.
    ///
    /// The population of ranks is always that of all profiles.
    package func segments(at now: Timestamp, of profiles: Set<Text>? = nil) -> [Text: Set<Text>] {
        var members: [Text: Set<Text>] = [:]
        for name in segmentNames {
            let found = chosen(profiles).filter { world.membership(of: $0, in: name, at: now.milliseconds).value }
            members[name] = Set(found.map(\.id))
        }
        return members
    }

    /// Metric name to profile id to value as of `now`; nulls are left out.
    package func metrics(at now: Timestamp, of profiles: Set<Text>? = nil) -> [Text: [Text: ReferenceValue]] {
        var values: [Text: [Text: ReferenceValue]] = [:]
        for name in metricNames {
            var found: [Text: ReferenceValue] = [:]
            for profile in chosen(profiles) {
                let value = world.metric(name, of: profile, at: now.milliseconds).value
                if !value.isNull { found[profile.id] = value }
            }
            values[name] = found
        }
        return values
    }

    /// Whether a profile is in a segment; false for unknown names.
    package func holds(segment: Text, profile: Text, at now: Timestamp) -> Bool {
        chosen([profile]).contains { world.membership(of: $0, in: segment, at: now.milliseconds).value }
    }

    /// When a profile's membership changed up to and including `end`, messages dated later coming at their time:
    /// the instant, and whether it is a member from then on.
    package func changes(
        of segment: Text, profile: Text, through end: Timestamp
    ) -> [(instant: Timestamp, isMember: Bool)] {
        chosen([profile]).flatMap { world.changes(of: segment, for: $0, through: end.milliseconds) }
            .map { (Timestamp(milliseconds: $0.instant), $0.isMember) }
    }

    private func chosen(_ ids: Set<Text>?) -> [Profile] {
        guard let ids else { return world.profiles }
        return world.profiles.filter { ids.contains($0.id) }
    }
}
