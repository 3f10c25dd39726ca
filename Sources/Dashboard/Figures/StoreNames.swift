import Analytics
package import EventModel
package import EventStore
package import SegmentLanguage

/// The names that a store has, for lists to choose from: found when they are asked for, and kept for some minutes.
package actor StoreNames {
    /// An event with how often it happened.
    package struct Event: Sendable {
        package let name: Text
        package let count: Int
    }

    package struct Property: Sendable {
        /// As the language writes it: `revenue`, `products.category`, `context.campaign.source`.
        package let path: String
        package let scope: PropertyPath.Scope
        package let parts: [Text]
        /// How many values there are, and of which kinds, the most frequent first.
        package let count: Int
        package let kinds: [String]
    }

    private struct Kept<Answer: Sendable>: Sendable {
        let answer: Answer
        let at: Timestamp
    }

    private let store: EventStore
    private let clock: any Clock
    private var events: Kept<[Event]>?
    private var properties: [Text: Kept<[Property]>] = [:]
    private var traits: Kept<[Property]>?
    private var values: [[Text]: Kept<[Event]>] = [:]

    private static let keptMilliseconds: Int64 = 300_000
    private static let mostKept = 200
    private static let mostValues = 100

    package init(store: EventStore, clock: any Clock) {
        self.store = store
        self.clock = clock
    }

    /// All events, the most frequent first.
    package func allEvents() throws -> [Event] {
        if let events, isFresh(events.at) { return events.answer }
        let found = try store.info().eventNames.map { Event(name: $0.name, count: $0.rows) }
        events = Kept(answer: found, at: clock.now())
        return found
    }

    /// The properties of the events of a name, the most frequent first.
    ///
    /// - Complexity: O(values of those events), the first time.
    package func properties(of event: Text) async throws -> [Property] {
        if let known = properties[event], isFresh(known.at) { return known.answer }
        let names = try await Self.read(store, [event])
        let found = names.events[event].map { known in
            Self.list(known.properties, .properties) + Self.list(known.items, .items)
                + Self.list(known.context, .context)
        }
        let sorted = (found ?? []).sorted { ($1.count, $0.path) < ($0.count, $1.path) }
        if properties.count >= Self.mostKept { properties = [:] }
        properties[event] = Kept(answer: sorted, at: clock.now())
        return sorted
    }

    /// The traits of profiles, the most frequent first.
    package func allTraits() async throws -> [Property] {
        if let traits, isFresh(traits.at) { return traits.answer }
        let names = try await Self.read(store, [])
        let found = Self.list(names.traits, .properties).sorted { ($1.count, $0.path) < ($0.count, $1.path) }
        traits = Kept(answer: found, at: clock.now())
        return found
    }

    /// The values that a property of an event has most often.
    package func values(of property: PropertyPath, in event: Text) async throws -> [Event] {
        let key = [event, Text(property.scope.rawValue)] + property.parts
        if let known = values[key], isFresh(known.at) { return known.answer }
        let query = TopQuery(
            SegmentLanguage.Value(.property(property)), of: EventQuery(.named(event)), limit: Self.mostValues)
        let answer = try await query.answer(from: ReportInput(try store.snapshot(), at: clock.now(), workers: 1))
        let found = (answer.lists.first?.entries ?? []).map { Event(name: $0.value, count: $0.count) }
        if values.count >= Self.mostKept { values = [:] }
        values[key] = Kept(answer: found, at: clock.now())
        return found
    }

    private func isFresh(_ instant: Timestamp) -> Bool {
        clock.now().milliseconds(since: instant) < Self.keptMilliseconds
    }

    @concurrent
    private static func read(_ store: EventStore, _ events: Set<Text>) async throws -> WorkspaceNames {
        try WorkspaceNames(of: store.snapshot(), events: events)
    }

    private static func list(_ found: [[Text]: WorkspaceNames.Kinds], _ scope: PropertyPath.Scope) -> [Property] {
        let prefix = scope == .items ? "products." : scope == .context ? "context." : ""
        return found.map { parts, kinds in
            Property(
                path: prefix + parts.map(\.string).joined(separator: "."), scope: scope, parts: parts,
                count: kinds.values.reduce(0, +),
                kinds: kinds.sorted { ($1.value, $0.key.words) < ($0.value, $1.key.words) }.map(\.key.words))
        }
    }
}

extension WorkspaceNames.Kind {
    /// As people read it.
    package var words: String {
        switch self {
        case .number: "number"
        case .bool: "yes or no"
        case .string: "text"
        case .numericString: "number as text"
        case .boolString: "yes or no as text"
        case .timeString: "time"
        case .list: "list"
        case .object: "object"
        }
    }
}
