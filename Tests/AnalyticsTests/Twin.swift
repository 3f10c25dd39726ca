import Analytics
import EventModel
import EventStore
import Foundation
import SegmentLanguage
import TestSupport
import Testing

/// Whether `SHOAL_LONG_TESTS` asks for many more seeds.
let isLongRun = ProcessInfo.processInfo.environment["SHOAL_LONG_TESTS"] != nil

/// What reports see of a random workspace at an instant, found by plain loops over its messages.
struct Twin {
    struct Event {
        let profile: Text
        let name: Text
        let time: Timestamp
        let properties: JSONObject
        let context: JSONObject
        /// Its message's.
        let id: Text
    }

    /// Visible events in history order, those of all profiles mixed.
    let events: [Event]
    let zone: Zone
    /// The time of each profile's first message.
    let created: [Text: Timestamp]

    init(_ workspace: RandomCase, at now: Timestamp) {
        var resolver = IdentityResolver()
        var seen: Set<Text> = []
        let kept = workspace.messages.filter { seen.insert($0.messageID).inserted }
        for message in kept { resolver.observe(message) }
        let identities = resolver.resolved()
        let sorted = kept.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        var orders: Set<[Text]> = []
        var events: [Event] = []
        var created: [Text: Timestamp] = [:]
        for (_, message) in sorted where message.time <= now && message.kind != .group && message.kind != .alias {
            guard let profile = identities.profileID(of: message), created[profile] == nil else { continue }
            created[profile] = message.time
        }
        for (_, message) in sorted where message.time <= now {
            guard [.track, .page, .screen].contains(message.kind), let profile = identities.profileID(of: message)
            else { continue }
            if message.event == "Order Completed", let id = message.properties["order_id"]?.identity,
                !orders.insert([profile, id]).inserted
            {
                continue
            }
            events.append(
                Event(
                    profile: profile, name: message.event, time: message.time, properties: message.properties,
                    context: message.context, id: message.messageID))
        }
        self.events = events
        self.created = created
        zone = workspace.settings.zone
    }

    /// The first day of the calendar period of an event.
    func period(_ event: Event, _ unit: CalendarUnit) -> CalendarDay {
        let day = zone.day(of: event.time)
        switch unit {
        case .day: return day
        case .week: return day.startOfWeek
        case .month: return day.startOfMonth
        }
    }

    /// How many periods later the second day's period is; counted one by one.
    static func distance(_ first: CalendarDay, _ second: CalendarDay, _ unit: CalendarUnit) -> Int {
        var (day, count) = (first, 0)
        while day < second {
            switch unit {
            case .day: day = day.adding(days: 1)
            case .week: day = day.adding(days: 7)
            case .month: day = day.startOfMonth(adding: 1)
            }
            count += 1
        }
        return count
    }
}

/// A way to ask for events, and the same in plain Swift.
struct NamedEvents: Sendable {
    let text: String
    let matches: @Sendable (Twin.Event) -> Bool

    static let all: [NamedEvents] = [
        NamedEvents(text: "any event") { _ in true },
        NamedEvents(text: "\"Order Completed\"") { $0.name == "Order Completed" },
        NamedEvents(text: "\"Product Viewed\"") { $0.name == "Product Viewed" },
        NamedEvents(text: "any of (\"A\", \"Order Completed\")") { $0.name == "A" || $0.name == "Order Completed" },
        NamedEvents(text: "events like \"Product *\"") { $0.name.string.hasPrefix("Product ") },
        NamedEvents(text: "any event where x = 1") { $0.properties["x"]?.numeric == 1 },
        NamedEvents(text: "\"No Such Event\"") { _ in false },
    ]
}

extension EventQuery {
    /// A query as it stands behind `did`.
    init(parsing text: String) throws {
        let parsed = Parser.parse("segment s: did \(text)")
        guard case .did(let query, nil) = parsed.definitions.first?.condition?.kind else {
            throw TwinError(description: "\(text): \(parsed.diagnostics.map(\.message))")
        }
        self = query
    }
}

struct TwinError: Error {
    let description: String
}

/// The histories of a random workspace: from memory, or from a store with a part and recent messages.
final class Histories {
    let source: any HistorySource
    private let directory: TemporaryDirectory?
    private let store: EventStore?

    init(_ workspace: RandomCase, inStore: Bool = false) throws {
        guard inStore else {
            source = MemoryHistorySource(messages: workspace.messages, settings: workspace.settings)
            (directory, store) = (nil, nil)
            return
        }
        let directory = try TemporaryDirectory()
        var options = EventStore.Options()
        options.maintenance = .none
        options.rowsPerBlock = 64
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options)
        try store.update { $0.zone = workspace.settings.zone }
        try store.addProducts(workspace.products)
        let half = workspace.messages.count / 2
        _ = try store.append(Array(workspace.messages.prefix(half)), source: "test")
        try store.seal()
        _ = try store.append(Array(workspace.messages.dropFirst(half)), source: "test")
        source = try store.snapshot()
        (self.directory, self.store) = (directory, store)
    }

    deinit { try? store?.close() }
}
