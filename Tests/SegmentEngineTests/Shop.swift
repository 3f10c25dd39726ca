import EventModel
import EventStore
import SegmentLanguage
import Testing

@testable import SegmentEngine

/// A few messages and what the engine makes of them; times are days, hours and minutes before now.
struct Shop {
    static let now = Timestamp(milliseconds: 1_773_576_000_000)  // 2026-03-15T12:00:00Z, a Sunday

    var settings = WorkspaceSettings()
    private(set) var messages: [Message] = []

    init(settings: WorkspaceSettings = WorkspaceSettings()) {
        self.settings = settings
    }

    static let minute: Int64 = 60_000
    static let hour: Int64 = 60 * minute
    static let day: Int64 = 24 * hour

    /// An event `ago` ms before now.
    mutating func track(
        _ event: Text, _ ago: Int64, _ properties: JSONValue = [:], context: JSONValue = [:], by user: Text = "u"
    ) {
        add(.track, ago, event, properties: properties, context: context, by: user)
    }

    mutating func identify(_ ago: Int64, _ traits: JSONValue, by user: Text = "u") {
        add(.identify, ago, "", traits: traits, by: user)
    }

    private mutating func add(
        _ kind: MessageKind, _ ago: Int64, _ event: Text, properties: JSONValue = [:], context: JSONValue = [:],
        traits: JSONValue = [:], by user: Text
    ) {
        messages.append(
            Message(
                kind: kind, messageID: Text("m\(messages.count)"), userID: user,
                time: Self.now.adding(milliseconds: -ago), event: event, properties: properties.object ?? JSONObject(),
                context: context.object ?? JSONObject(), traits: traits.object ?? JSONObject()))
    }

    func plan(_ definitions: String) throws -> Plan {
        let (program, diagnostics) = Binder.bind([Parser.parse(definitions)], zone: settings.zone)
        try #require(diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return Plan(program, settings: settings)
    }

    var source: MemoryHistorySource { MemoryHistorySource(messages: messages, settings: settings) }

    /// The answers of definitions for one profile, `later` ms after now.
    func state(_ definitions: String, of user: Text = "u", later: Int64 = 0) async throws -> LiveEvaluator.State {
        let backend = EmbeddedBackend(plan: try plan(definitions), source: source)
        return try #require(try await backend.state(of: user, at: Self.now.adding(milliseconds: later)))
    }

    /// Whether the profile satisfies a condition.
    func holds(_ condition: String, of user: Text = "u", later: Int64 = 0) async throws -> Bool {
        try await state("segment s: \(condition)", of: user, later: later).answers["s"]?.isMember ?? false
    }

    /// What an expression is worth for the profile.
    func value(_ expression: String, of user: Text = "u", later: Int64 = 0) async throws -> SegmentEngine.Value {
        try await state("metric m: \(expression)", of: user, later: later).answers["m"]?.value ?? .null
    }

    /// Milliseconds after now up to which a condition is sure; nil: for ever.
    func sure(_ condition: String, of user: Text = "u", later: Int64 = 0) async throws -> Int64? {
        try await state("segment s: \(condition)", of: user, later: later).answers["s"]?.validUntil
            .map { $0.milliseconds - Self.now.milliseconds }
    }

    func explain(_ condition: String, of user: Text = "u") async throws -> Explanation {
        let backend = EmbeddedBackend(plan: try plan("segment s: \(condition)"), source: source)
        return try #require(try await backend.explain("s", profile: user, at: Self.now))
    }

    /// Members of the segment `s`, sorted.
    func members(_ definitions: String, later: Int64 = 0) async throws -> [Text] {
        let evaluator = BatchEvaluator(plan: try plan(definitions), source: source)
        let result = try await evaluator.evaluate(at: Self.now.adding(milliseconds: later))
        return try #require(result.ids(of: "s"))
    }
}

extension SegmentEngine.Value {
    static func number(_ text: Text) -> SegmentEngine.Value {
        Decimal128(jsonNumber: text).map { .number($0) } ?? .null
    }
}
