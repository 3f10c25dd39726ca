package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// What people do after an event, or before it: the most frequent next events, and those after them, as a tree.
///
/// Within visits a path begins with the first starting event of each visit and ends with the visit. Within a length of
/// time it begins with a starting event, takes what lies at most so far from it, and the next path begins with the first
/// starting event later than that.
package struct PathsQuery: Sendable {
    package enum Direction: String, Sendable, CaseIterable {
        case after, before
    }

    package enum Scope: Sendable {
        case visit
        case within(DurationLiteral)
    }

    /// Where paths start; a window, if it has one, is that of the starts.
    package let start: EventQuery
    package let direction: Direction
    package let scope: Scope
    /// Which events are steps; its window is ignored.
    package let steps: EventQuery
    /// Tells steps of one event apart by a value they have, such as the path of a page; one of items tells nothing.
    package let property: PropertyPath?
    /// How many steps a path is followed.
    package let depth: Int
    /// How many branches of a node are told by themselves, the most frequent ones.
    package let branches: Int
    /// Whether steps that say the same as the one before them, the start included, are left out.
    package let joinsRepeats: Bool

    /// - Parameter depth: more than `mostSteps` are cut.
    package init(
        _ direction: Direction, _ start: EventQuery, within scope: Scope = .visit,
        steps: EventQuery = EventQuery(.anyEvent), property: PropertyPath? = nil, depth: Int = 3, branches: Int = 5,
        joinsRepeats: Bool = false
    ) {
        self.start = start
        self.direction = direction
        self.scope = scope
        self.steps = EventQuery(steps.events, where: steps.filter)
        self.property = property
        self.depth = min(max(depth, 0), Self.mostSteps)
        self.branches = max(branches, 0)
        self.joinsRepeats = joinsRepeats
    }

    package static let mostSteps = 20

    package struct Answer: Sendable, Equatable {
        /// Profiles with a path.
        package let profiles: Int
        /// Starting events that lie in no visit, and so start no path; 0 within a length of time.
        package let outsideVisits: Int
        /// Stands for the starts: its count is that of the paths.
        package let root: Node
    }

    package struct Node: Sendable, Equatable {
        /// What happened; nil for the root, and for the other branches gathered.
        package let event: Text?
        /// The value of the property, where one is asked for and there is one.
        package let value: Text?
        /// How many paths come here.
        package let count: Int
        /// How many of them have no further step. The others go on, perhaps further than they are followed.
        package let ended: Int
        /// Most frequent first, of equal ones by name; other branches gathered last.
        package let next: [Node]
        /// How many kinds of branches are gathered here; 0 for a node of its own.
        package let gathered: Int
    }

    /// Complexity: O(rows of the steps), and memory for each kind of path.
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        var queries = [start, steps]
        if case .visit = scope { queries.append(EventQuery(.anyOf(Vocabulary.browsingEvents.sorted()))) }
        let values = (property.map { [$0] } ?? []).map { (of: SegmentLanguage.Value(.property($0)), query: 1) }
        let rows = EventRows(queries, values: values, settings: input.settings)
        let gathered = try await input.gather(rows, into: PathCounts(self)) { counts, reader in counts.add(reader) }
        var all = PathCounts(self)
        for counts in gathered { all.merge(counts) }
        return all.answer()
    }
}
