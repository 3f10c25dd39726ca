import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Membership
import SegmentEngine
import SegmentLanguage

/// `POST /v1/decide`: what is known about a visitor right now, with what the visitor just did.
struct DecideRoutes: Sendable {
    let segments: LiveSegments
    let intake: MessageIntake
    let authorization: Authorization
    let userHash: UserHash

    /// Whom a call is about.
    private struct Visitor {
        var user: Text?
        var anonymous: Text?
        var hash: Text?
    }

    func add(to routes: inout Routes) {
        let description = RouteDescription(
            "Segments, cart and stage of a visitor, with the message of the same call in them.", access: .writeKey,
            body: .decision, answer: .object)
        routes.post("/v1/decide", description) { request, context in
            try await self.decide(request, context)
        }
    }

    private func decide(_ request: Request, _ context: ServerContext) async throws -> Response {
        let received = intake.clock.now()
        let ahead = authorization.keyAhead(of: request)
        let sender = try authorization.rates.begin(request, context, key: ahead)
        let body = try await RequestBody.read(request, limit: Limits.batchBytes.value)
        guard case .object(let object)? = try? JSONReader.parse(body) else {
            throw APIError(.badRequest, "invalid-json", "The body is no JSON object.")
        }
        let key = try ahead ?? authorization.sender(of: request, inBody: object["writeKey"]?.text)
        try authorization.rates.takeRequest(key: key)
        var message = object["message"]?.object
        let visitor = Visitor(
            user: Self.id(object, message, "userId"), anonymous: Self.id(object, message, "anonymousId"),
            hash: object["userHash"]?.text)
        guard visitor.user != nil || visitor.anonymous != nil else {
            throw APIError(.badRequest, "missing-id", "userId or anonymousId says whom to decide about.")
        }
        var outcome: JSONValue?
        if message != nil {
            try authorization.rates.take(1, of: sender, key: key)
            if let user = visitor.user { message?["userId"] = .string(user) }
            if let anonymous = visitor.anonymous { message?["anonymousId"] = .string(anonymous) }
            outcome = try await take(message ?? JSONObject(), key, received)
        }
        return Response(try answer(visitor, key, outcome))
    }

    private static func id(_ object: JSONObject, _ message: JSONObject?, _ name: Text) -> Text? {
        (object[name] ?? message?[name])?.identity
    }

    /// Stores the message, and answers what became of it.
    private func take(_ message: JSONObject, _ key: AccessKey, _ received: Timestamp) async throws -> JSONValue {
        let original = JSONWriter.bytes(of: .object(message))
        let call = try TrackingCall(message: original, kind: .track)
        let work = intake.decode(call, key, received: received)
        let verdicts = try await intake.store(work)
        if case .refused(let error)? = work.outcomes.first {
            return .object([
                ("verdict", .text("rejected")), ("code", .string(error.code)), ("message", .text(error.detail)),
            ])
        }
        return .object([("verdict", .text(verdicts.first == .duplicate ? "duplicate" : "accepted"))])
    }

    private func answer(_ visitor: Visitor, _ key: AccessKey, _ outcome: JSONValue?) throws -> JSONValue {
        let subject = try (visitor.user ?? visitor.anonymous).flatMap { try segments.subjectIfKnown($0) }
        guard let subject, mayKnow(visitor, key, subject) else {
            // The same for somebody unknown and somebody the caller may not know about.
            return .object([
                ("segments", .array([])), ("cart", .object([("lines", .array([]))])),
                ("stage", .text(JourneyStage.awareness.rawValue)), ("message", outcome),
            ])
        }
        let state = subject.evaluator.state(of: subject.block, at: subject.now, ranks: subject.ranks)
        let lines = subject.evaluator.cart(of: subject.block, at: subject.now)
        let members = state.segments
        let stage = JourneyStage(
            segments: Set(members), hasCart: !lines.isEmpty,
            hasShownInterest: state.answers[LiveSegments.Own.interest]?.value?.isNull == false)
        return .object([
            ("segments", .array(members.map { .string($0) })),
            (
                "cart",
                .object([
                    ("value", state.answers[LiveSegments.Own.cart]?.value?.json),
                    ("lines", .array(lines.map(\.json))),
                ])
            ),
            ("stage", .text(stage.rawValue)), ("validUntil", state.validUntil.map { .time($0) }),
            ("message", outcome), ("watermark", subject.watermark.json),
        ])
    }

    /// A write key stands in every page: about a known user it learns something only with that user's hash.
    private func mayKnow(_ visitor: Visitor, _ key: AccessKey, _ subject: LiveSegments.Subject) -> Bool {
        if key.kind == .secret { return true }
        guard subject.isUser else { return true }
        return visitor.hash.map { userHash.isValid($0, of: subject.id) } ?? false
    }
}

extension CartLine {
    fileprivate var json: JSONValue {
        .object([
            ("product", product.map { .string($0) }), ("variant", variant.map { .string($0) }),
            ("quantity", .number(quantity)), ("price", price.map { .number($0) }),
        ])
    }
}
