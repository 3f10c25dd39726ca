import EventModel
import EventStore
import Hummingbird
import Membership
import SegmentEngine
import SegmentLanguage

/// One profile: its segments, since when, what changes next, and why.
struct ProfileRoutes: Sendable {
    let segments: LiveSegments

    func add(to routes: inout Routes) {
        let asOf = RouteDescription.Parameter.text("as_of", "A date or a time; answered from what is known now.")
        let show = RouteDescription(
            "A profile with its segments, since when, and until when that is sure.", access: .viewer,
            answer: .object, parameters: [asOf])
        routes.get("/v1/profiles/{id}", show) { request, context in
            let instant = try request.instant("as_of", zone: segments.store.settings.zone)
            return Response(try self.show(segments.subject(context.pathText("id"), at: instant)))
        }
        let explain = RouteDescription(
            "Why a profile is in a segment or not.", access: .viewer, answer: .object,
            parameters: [.text("segment", "The segment, or a metric; needed."), asOf])
        routes.get("/v1/profiles/{id}/explain", explain) { request, context in
            guard let name = request.text("segment") else {
                throw APIError(.badRequest, "bad-parameter", "segment names the definition to explain.")
            }
            let instant = try request.instant("as_of", zone: segments.store.settings.zone)
            return Response(
                try self.explain(name, segments.subject(context.pathText("id"), at: instant)))
        }
    }

    private func show(_ subject: LiveSegments.Subject) throws -> JSONValue {
        let state = subject.evaluator.state(of: subject.block, at: subject.now, ranks: subject.ranks)
        let members = Set(state.segments)
        let starts = subject.evaluator.memberSince(members, of: subject.block, at: subject.now)
        let ordered = subject.program.segments.filter { members.contains($0.name) }
        return .object([
            ("id", .string(subject.id)), ("exists", .bool(state.exists)),
            (
                "segments",
                .array(
                    ordered.map { definition in
                        .object([
                            ("name", .string(definition.name)), ("title", definition.title.map { .string($0) }),
                            ("since", starts[definition.name].flatMap(Self.since)),
                            ("validUntil", state.answers[definition.name]?.validUntil.map { .time($0) }),
                        ])
                    })
            ),
            ("validUntil", state.validUntil.map { .time($0) }), ("watermark", subject.watermark.json),
        ])
    }

    /// Nil where it cannot be told within the steps allowed.
    private static func since(_ start: MembershipStart) -> JSONValue? {
        guard case .at(let instant) = start else { return nil }
        return .time(instant)
    }

    private func explain(_ name: Text, _ subject: LiveSegments.Subject) throws -> JSONValue {
        guard let definition = subject.program[name] else { throw APIError(MembershipError.noSegment(name)) }
        let explanation = subject.evaluator.explain(name, subject.block, at: subject.now, ranks: subject.ranks)
        let isSegment = definition.condition != nil
        return .object([
            (isSegment ? "segment" : "metric", .string(name)), ("title", definition.title.map { .string($0) }),
            ("profile", .string(subject.id)), ("exists", .bool(explanation != nil)),
            ("member", isSegment ? .bool(explanation?.holds ?? false) : nil),
            ("validUntil", explanation?.validUntil.map { .time($0) }), ("explanation", explanation?.json),
            ("watermark", subject.watermark.json),
        ])
    }
}
