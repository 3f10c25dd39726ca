import EventModel
import Hummingbird

/// `GET /v1/rejects`: messages that were refused.
struct RejectRoutes: Sendable {
    let rejects: RejectLog

    func add(to routes: inout Routes) {
        let description = RouteDescription(
            "List messages that were refused, the oldest first.", access: .viewer, answer: .rejects,
            parameters: [
                RouteDescription.Parameter(
                    name: "after", text: "Only those after this id; what an answer calls next.", range: 0...Int.max,
                    usual: 0),
                RouteDescription.Parameter(name: "limit", text: "At most so many.", range: 1...1_000, usual: 100),
            ])
        routes.get("/v1/rejects", description) { request, _ in
            let after = try request.number("after", 0...Int.max) ?? 0
            let limit = try request.number("limit", 1...1_000) ?? 100
            let entries = try rejects.entries(after: Int64(after), limit: limit)
            return Response(
                .object(
                    JSONObject([
                        ("rejects", .array(entries.map(json))),
                        ("next", .number(Decimal128(Int(entries.last?.id ?? Int64(after))))),
                    ])))
        }
    }

    private func json(_ stored: RejectLog.Stored) -> JSONValue {
        .object(
            JSONObject([
                ("id", .number(Decimal128(Int(stored.id)))),
                ("received", .string(Text(stored.entry.received.iso8601))), ("source", .string(stored.entry.source)),
                ("code", .string(stored.entry.code)), ("message", .string(Text(stored.entry.message))),
                ("body", .string(Text(String(decoding: stored.entry.body, as: UTF8.self)))),
                ("bodyBytes", .number(Decimal128(stored.bodySize))),
            ]))
    }
}
