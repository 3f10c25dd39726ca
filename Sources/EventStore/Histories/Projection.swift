package import EventModel

/// What a reader needs of histories; everything else may be left out of a block.
///
/// A block always tells the first and last time of each profile over *all* its messages, whatever is left out.
package struct Projection: Hashable, Sendable {
    /// Canonical names of the events whose rows are needed; nil for all.
    package var events: Set<Text>?
    /// The columns needed; nil for all. A trait is the path of scope `.properties` with the trait's name and parts.
    package var paths: Set<PropertyPath>?
    /// Whether identify messages are needed as rows.
    package var traits: Bool

    package init(events: Set<Text>?, paths: Set<PropertyPath>?, traits: Bool) {
        self.events = events
        self.paths = paths
        self.traits = traits
    }

    /// All rows and all columns.
    package static let everything = Projection(events: nil, paths: nil, traits: true)

    package func wants(event name: Text) -> Bool { events.map { $0.contains(name) } ?? true }
    package func wants(_ path: PropertyPath) -> Bool { paths.map { $0.contains(path) } ?? true }

    /// What both together need.
    package func union(_ other: Projection) -> Projection {
        var events: Set<Text>?
        if let mine = self.events, let theirs = other.events { events = mine.union(theirs) }
        var paths: Set<PropertyPath>?
        if let mine = self.paths, let theirs = other.paths { paths = mine.union(theirs) }
        return Projection(events: events, paths: paths, traits: traits || other.traits)
    }
}
