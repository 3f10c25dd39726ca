import EventModel
import Hummingbird

/// `GET /v1/audit`: who did what.
struct AuditRoutes: Sendable {
    let audit: AuditLog

    func add(to routes: inout Routes) {
        let description = RouteDescription(
            "List who did what, the oldest first.", access: .admin, answer: .audit,
            parameters: RouteDescription.Parameter.page)
        routes.get("/v1/audit", description) { request, _ in
            let (after, limit) = try request.page()
            let entries = try audit.entries(after: Int64(after), limit: limit)
            return Response([
                "entries": .array(entries.map(\.json)), "next": .count(entries.last.map { Int($0.id) } ?? after),
            ])
        }
    }
}

extension AuditLog.Entry {
    fileprivate var json: JSONValue {
        .object([
            ("id", .count(Int(id))), ("time", .time(time)),
            ("actor", .object([("kind", .text(actorKind)), ("name", .string(actor))])), ("action", .text(action)),
            ("object", object.map { .string($0) } ?? .null), ("address", address.map { .text($0) } ?? .null),
        ])
    }
}
