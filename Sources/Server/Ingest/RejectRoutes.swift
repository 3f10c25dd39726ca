import EventModel
import Hummingbird

/// `GET /v1/rejects`: messages that were refused.
struct RejectRoutes: Sendable {
    let rejects: RejectLog

    func add(to routes: inout Routes) {
        let description = RouteDescription(
            "List messages that were refused, the oldest first.", access: .viewer, answer: .rejects,
            parameters: RouteDescription.Parameter.page)
        routes.get("/v1/rejects", description) { request, _ in
            let (after, limit) = try request.page()
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
