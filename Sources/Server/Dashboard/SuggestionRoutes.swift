import Dashboard
import EventModel
import Hummingbird

/// `GET /v1/suggestions`: names and values that the store has, for whoever writes a definition.
struct SuggestionRoutes: Sendable {
    let names: StoreNames

    func add(to routes: inout Routes) {
        let description = RouteDescription(
            "Names of events, properties and traits, and values, as the store has them; the most frequent first.",
            access: .viewer, answer: .object,
            parameters: [
                .text("kind", "events, properties, traits or values; needed."),
                .text("event", "Whose properties or values; needed for those."),
                .text("property", "Whose values, as in revenue, products.category or context.campaign.source."),
            ])
        routes.get("/v1/suggestions", description) { request, _ in
            let found = try await self.found(request)
            return Response(
                .object([
                    (
                        "suggestions",
                        .array(
                            found.map { .object([("value", .string(Text($0.value))), ("text", .text($0.text))]) })
                    )
                ]))
        }
    }

    private func found(_ request: Request) async throws -> [(value: String, text: String)] {
        let event = request.text("event")
        switch request.text("kind")?.string {
        case "events": return try await names.allEvents().map { ($0.name.string, counted($0.count, "time")) }
        case "traits": return try await names.allTraits().map { ($0.path, $0.kinds.first ?? "") }
        case "properties":
            guard let event else { throw Self.missing("event") }
            return try await names.properties(of: event).map { ($0.path, $0.kinds.first ?? "") }
        case "values":
            guard let event else { throw Self.missing("event") }
            guard let property = request.text("property").flatMap({ Self.path($0.string) }) else {
                throw Self.missing("property")
            }
            return try await names.values(of: property, in: event).map { ($0.name.string, counted($0.count, "time")) }
        default: throw Self.missing("kind")
        }
    }

    private static func missing(_ name: String) -> APIError {
        APIError(.badRequest, "bad-parameter", "\(name) is missing, or none that is known.")
    }

    /// Nil for an empty one.
    private static func path(_ text: String) -> PropertyPath? {
        let parts = text.split(separator: ".").map { Text(String($0)) }
        guard let first = parts.first else { return nil }
        if first == "context", parts.count > 1 { return PropertyPath(.context, Array(parts.dropFirst())) }
        return PropertyPath(.properties, parts)
    }
}
