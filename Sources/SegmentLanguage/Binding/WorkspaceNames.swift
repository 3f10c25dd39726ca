package import EventModel

/// The names a workspace has seen, for warnings about names and types it has not.
package struct WorkspaceNames: Sendable {
    /// What a value looks like; a string that counts as something else is told apart from other strings.
    package enum Kind: Hashable, Sendable, CaseIterable {
        case number, bool, string, numericString, boolString, timeString, list, object

        package init?(_ value: JSONValue) {
            switch value {
            case .null: return nil
            case .bool: self = .bool
            case .number: self = .number
            case .array: self = .list
            case .object: self = .object
            case .string(let text):
                if Decimal128(jsonNumber: text) != nil {
                    self = .numericString
                } else if text == "true" || text == "false" {
                    self = .boolString
                } else {
                    self = Timestamp(iso8601: text, zone: .utc) == nil ? .string : .timeString
                }
            }
        }
    }

    /// How often a property had each kind of value.
    package typealias Kinds = [Kind: Int]

    /// What is known of the events of one name.
    package struct Event: Sendable {
        package var properties: [[Text]: Kinds] = [:]
        package var context: [[Text]: Kinds] = [:]
        package var items: [[Text]: Kinds] = [:]

        package init() {}
    }

    package var events: [Text: Event] = [:]
    package var traits: [[Text]: Kinds] = [:]
    /// Properties of catalogue products, found for every event and item with a `product_id`.
    package var catalogue: Set<[Text]> = []
    /// Metrics that are 0 for most of the population: ranking everybody by them says little.
    package var mostlyZeroMetrics: Set<Text> = []

    package init() {}

    // MARK: - Collecting

    /// Takes note of one message's event.
    package mutating func observe(_ message: Message) {
        switch message.kind {
        case .track, .page, .screen:
            observe(
                event: message.event, properties: message.properties, context: message.context, items: message.items)
        case .identify: observe(traits: message.traits)
        case .group, .alias: break
        }
    }

    package mutating func observe(
        event: Text, properties: JSONObject, context: JSONObject = JSONObject(), items: [JSONObject] = []
    ) {
        Self.note(properties, into: &events[event, default: Event()].properties)
        Self.note(context, into: &events[event, default: Event()].context)
        for item in items { Self.note(item, into: &events[event, default: Event()].items) }
    }

    package mutating func observe(traits: JSONObject) {
        Self.note(traits, into: &self.traits)
    }

    package mutating func observe(product: JSONObject) {
        var found: [[Text]: Kinds] = [:]
        Self.note(product, into: &found)
        catalogue.formUnion(found.keys)
    }

    /// Objects are noted themselves and then inside, to the depth a message can have.
    private static func note(_ object: JSONObject, under prefix: [Text] = [], into kinds: inout [[Text]: Kinds]) {
        for (key, value) in object.members {
            guard let kind = Kind(value) else { continue }
            let path = prefix + [key]
            kinds[path, default: [:]][kind, default: 0] += 1
            if let inner = value.object { note(inner, under: path, into: &kinds) }
        }
    }

    // MARK: - Asking

    /// The known events that a query speaks of; all of them for `any event` and visits.
    func events(of pattern: EventPattern) -> [Event] {
        switch pattern {
        case .named(let name): [name].compactMap { events[$0] }
        case .anyOf(let names): names.compactMap { events[$0] }
        case .anyEvent, .visit: Array(events.values)
        case .like(let pattern): events.filter { NamePattern(pattern).fits($0.key) }.map(\.value)
        }
    }
}
