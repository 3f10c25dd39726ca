import Columns
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Membership
import NIOCore
import SegmentEngine
import SegmentLanguage

/// Who is in a segment, and who came and went.
struct MemberRoutes: Sendable {
    let segments: LiveSegments

    func add(to routes: inout Routes) {
        let members = RouteDescription(
            "Who is in a segment, now or as of an instant.", access: .viewer, answer: .object,
            parameters: [
                .text("as_of", "A date or a time; answered from what is known now."),
                RouteDescription.Parameter(
                    name: "after", text: "Only those after this number; what an answer calls next.",
                    range: 0...Int(UInt32.max), usual: 0),
                RouteDescription.Parameter(name: "limit", text: "At most so many.", range: 1...10_000, usual: 1_000),
            ])
        routes.get("/v1/segments/{name}/members", members) { request, context in
            return Response(try await self.members(context.pathText("name"), request))
        }
        let changes = RouteDescription(
            "Who entered and left a segment, when and why. With Accept: text/event-stream, as server-sent events that "
                + "go on.", access: .viewer, answer: .object,
            parameters: [
                RouteDescription.Parameter(
                    name: "after", text: "Only those after this sequence number.", range: 0...Int.max, usual: 0),
                RouteDescription.Parameter(name: "limit", text: "At most so many.", range: 1...10_000, usual: 1_000),
            ])
        routes.get("/v1/segments/{name}/changes", changes) { request, context in
            let name = try context.pathText("name")
            // A segment that is not there is an answer, not a stream.
            _ = try segments.memberships.changes(of: name, after: .max, limit: 1)
            if request.headers[.accept]?.lowercased().contains("text/event-stream") == true {
                return try self.stream(name, request, whileOpen: context.mayGoOn)
            }
            return Response(try self.changes(name, request))
        }
    }

    // MARK: - Members

    private func members(_ name: Text, _ request: Request) async throws -> JSONValue {
        let limit = try request.number("limit", 1...10_000) ?? 1_000
        let after = try request.number("after", 0...Int(UInt32.max)) ?? 0
        let snapshot = try segments.store.snapshot()
        let (members, watermark): (Bitmap, MembershipWatermark)
        if let instant = try request.instant("as_of", zone: snapshot.settings.zone) {
            guard let program = segments.memberships.program, program[name]?.condition != nil else {
                throw MembershipError.noSegment(name)
            }
            let plan = Plan(program, settings: snapshot.settings)
            let result = try await BatchEvaluator(plan: plan, source: snapshot).evaluate(
                at: instant, BatchEvaluator.Request(definitions: [name]))
            members = result.members[name] ?? Bitmap()
            watermark = MembershipWatermark(arrival: snapshot.arrival, instant: instant)
        } else {
            let membership = try segments.memberships.membership(of: name)
            (members, watermark) = (membership.members, membership.watermark)
        }
        // Numbers are from 1 for clients, so that 0 is before all.
        let page = members.lazy.filter { $0 + 1 > after }.prefix(limit)
        return .object([
            ("segment", .string(name)), ("size", .count(members.count)),
            ("members", .array(page.map { .string(snapshot.profileID(of: ProfileNumber($0))) })),
            ("next", .count(page.map { $0 + 1 }.last ?? after)), ("watermark", watermark.json),
        ])
    }

    // MARK: - Changes

    private func changes(_ name: Text, _ request: Request) throws -> JSONValue {
        let limit = try request.number("limit", 1...10_000) ?? 1_000
        let after = try request.number("after", 0...Int.max) ?? 0
        // The mark first: what is logged after it was read is shown too.
        let watermark = segments.memberships.condition.watermark
        let changes = try segments.memberships.changes(of: name, after: Int64(after), limit: limit)
        let snapshot = try segments.store.snapshot()
        return .object([
            ("segment", .string(name)), ("changes", .array(changes.map { $0.json(snapshot) })),
            ("next", .count(changes.last.map { Int($0.sequence) } ?? after)), ("watermark", watermark?.json ?? .null),
        ])
    }

    /// Each change as an event whose id is its sequence number; goes on until the client leaves, the session ends or the
    /// server stops.
    private func stream(
        _ name: Text, _ request: Request, whileOpen mayGoOn: @escaping @Sendable () -> Bool
    ) throws -> Response {
        let last = request.headers[.lastEventID].flatMap { Int64($0) }
        let start = try last ?? Int64(request.number("after", 0...Int.max) ?? 0)
        let segments = segments
        let stream = EventStream<Int64>(
            news: { position in
                if let recent = segments.memberships.recentChanges(of: name, after: position, limit: 500) {
                    return try Self.news(recent, segments)
                }
                let changes = try await Background.run {
                    try segments.memberships.changes(of: name, after: position, limit: 500)
                }
                return try Self.news(changes, segments)
            },
            listen: { tell in
                let listener = segments.memberships.listen(tell)
                return { segments.memberships.cancel(listener) }
            })
        return stream.response(after: start, whileOpen: mayGoOn)
    }

    /// Changes as events, and the sequence number of the last; nil when there are none.
    private static func news(
        _ changes: [MembershipChange], _ segments: LiveSegments
    ) throws -> (text: ByteBuffer, last: Int64)? {
        guard let newest = changes.last else { return nil }
        let snapshot = try segments.store.snapshot()
        var text = ""
        for change in changes {
            text += "id: \(change.sequence)\nevent: change\ndata: "
            text += JSONWriter.text(of: change.json(snapshot)) + "\n\n"
        }
        return (ByteBuffer(string: text), newest.sequence)
    }
}

extension HTTPField.Name {
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
