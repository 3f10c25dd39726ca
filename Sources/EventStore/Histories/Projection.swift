package import EventModel

/// What a reader needs of histories; everything else may be left out of a block.
///
/// A block always tells the first and last time of each profile over *all* its messages, whatever is left out.
package struct Projection: Hashable, Sendable {
    /// Canonical names of the events whose rows are needed; nil for all.
    package var events: Set<Text>?
    /// The columns needed; nil for all. A trait is the path of scope `.properties` with the trait's name and parts.
    package var paths: Set<PropertyPath>?
    /// Columns that are needed for the rows of these events and for identify messages alone; a path that is not named
    /// here is needed for all rows. Cells of other rows may or may not be there.
    package var eventsOfPath: [PropertyPath: Set<Text>]
    /// Whether identify messages are needed as rows.
    package var traits: Bool

    package init(
        events: Set<Text>?, paths: Set<PropertyPath>?, eventsOfPath: [PropertyPath: Set<Text>] = [:], traits: Bool
    ) {
        self.events = events
        self.paths = paths
        self.eventsOfPath = eventsOfPath
        self.traits = traits
    }

    /// Nothing but which profiles there are, and when their messages begin and end.
    package static let nothing = Projection(events: [], paths: [], traits: false)

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
        var eventsOfPath: [PropertyPath: Set<Text>] = [:]
        for path in paths ?? [] {
            switch (self.wants(path), other.wants(path)) {
            case (true, true):
                guard let mine = self.eventsOfPath[path], let theirs = other.eventsOfPath[path] else { continue }
                eventsOfPath[path] = mine.union(theirs)
            case (true, false): eventsOfPath[path] = self.eventsOfPath[path]
            case (false, _): eventsOfPath[path] = other.eventsOfPath[path]
            }
        }
        return Projection(
            events: events, paths: paths, eventsOfPath: eventsOfPath, traits: traits || other.traits)
    }

    /// The same columns over the rows of all events.
    package var withAllEvents: Projection {
        Projection(events: nil, paths: paths, eventsOfPath: eventsOfPath, traits: true)
    }
}
