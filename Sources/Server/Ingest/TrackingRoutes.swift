import EventModel
import EventStore
import HTTPTypes
import Hummingbird

/// The tracking API: Segment's paths, the short ones of its browser library, RudderStack's and PostHog's.
struct TrackingRoutes: Sendable {
    let intake: MessageIntake
    let authorization: Authorization

    private static let kinds: [(path: String, short: String, kind: MessageKind)] = [
        ("track", "t", .track), ("identify", "i", .identify), ("page", "p", .page), ("screen", "s", .screen),
        ("group", "g", .group), ("alias", "a", .alias),
    ]

    func add(to routes: inout Routes) {
        for (path, short, kind) in Self.kinds {
            let description = RouteDescription(
                "Take a message of the kind \(kind.rawValue).", access: .writeKey, body: .message, answer: .verdicts)
            for path in ["/v1/\(path)", "/v1/\(short)"] {
                routes.post(path, description) { request, context in
                    try await take(request, context) { body throws(APIError) in
                        try TrackingCall(message: body, kind: kind)
                    }
                }
            }
        }
        // RudderStack calls a merge of identifiers by its own name; its body is that of an alias.
        let merge = RouteDescription(
            "Take an alias, as RudderStack calls it.", access: .writeKey, body: .message, answer: .verdicts)
        routes.post("/v1/merge", merge) { request, context in
            try await take(request, context) { body throws(APIError) in try TrackingCall(message: body, kind: .alias) }
        }
        let batch = RouteDescription("Take several messages.", access: .writeKey, body: .batch, answer: .verdicts)
        for path in ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"] {
            routes.post(path, batch) { request, context in
                try await take(request, context) { body throws(APIError) in try TrackingCall(batch: body) }
            }
        }
        let capture = RouteDescription(
            "Take events of PostHog's libraries.", access: .writeKey, body: .capture, answer: .verdicts)
        for path in ["/batch", "/capture", "/e", "/i/v0/e"] {
            routes.post(path, capture) { request, context in
                try await take(request, context) { body throws(APIError) in try TrackingCall(capture: body) }
            }
        }
        let settings = RouteDescription(
            "What Segment's browser library asks for before it sends.", access: .anybody, answer: .object)
        routes.get("/v1/projects/{key}/settings", settings) { request, context in
            try self.settings(of: context.parameters.require("key"), request)
        }
    }

    /// What Segment's browser library asks for before it sends anything: that it may, and where.
    private func settings(of key: String, _ request: Request) throws -> Response {
        guard authorization.keys.key(key) != nil else {
            throw APIError(.notFound, "invalid-key", "There is no such write key.")
        }
        let host = request.head.authority ?? "localhost"
        return Response(
            .object(
                JSONObject([
                    (
                        "integrations",
                        .object(
                            JSONObject([
                                (
                                    "Segment.io",
                                    .object(
                                        JSONObject([
                                            ("apiKey", .string(Text(key))), ("apiHost", .string(Text("\(host)/v1"))),
                                            ("addBundledMetadata", .bool(true)), ("unbundledIntegrations", .array([])),
                                        ]))
                                )
                            ]))
                    ),
                    ("plan", .object(JSONObject([("track", .object(JSONObject()))]))),
                    ("remotePlugins", .array([])), ("edgeFunction", .object(JSONObject())),
                ])))
    }

    // MARK: - Taking messages

    private func take(
        _ request: Request, _ context: ServerContext, _ parse: ([UInt8]) throws(APIError) -> TrackingCall
    ) async throws -> Response {
        let received = intake.clock.now()
        let ahead = authorization.keyAhead(of: request)
        let sender = try authorization.rates.begin(request, context, key: ahead)
        let body = try await RequestBody.read(request, limit: Limits.batchBytes.value)
        // Reading a large batch takes long enough to hold up others whose connections the same thread reads.
        if body.count > Self.briefBytes {
            return try await Background.run { try await take(body, parse, request, ahead, sender, received) }
        }
        return try await take(body, parse, request, ahead, sender, received)
    }

    /// How many bytes are read so soon that nobody notices, about five milliseconds.
    private static let briefBytes = 128 << 10

    private func take(
        _ body: [UInt8], _ parse: ([UInt8]) throws(APIError) -> TrackingCall, _ request: Request,
        _ ahead: AccessKey?, _ sender: RateLimits.Sender, _ received: Timestamp
    ) async throws -> Response {
        let call = try parse(body)
        let key = try ahead ?? authorization.sender(of: request, inBody: call.writeKey)
        try authorization.rates.take(call.entries.count, of: sender, key: key)
        let work = intake.decode(call, key, received: received)
        if request.headers[.xShoalStrict]?.lowercased() == "true", !work.job.refused.isEmpty {
            throw strictRefusal(work.outcomes)
        }
        return answer(work.outcomes, try await intake.store(work))
    }

    /// `{"success": true, "accepted": 2, "duplicates": 0, "rejected": [{"index": 1, "code": "…", "message": "…"}]}`
    private func answer(_ outcomes: [MessageIntake.Outcome], _ verdicts: [EventStore.Verdict]) -> Response {
        Response(
            .object(
                JSONObject([
                    ("success", .bool(true)),
                    ("accepted", .number(Decimal128(verdicts.count { $0 == .accepted }))),
                    ("duplicates", .number(Decimal128(verdicts.count { $0 == .duplicate }))),
                    ("rejected", .array(rejected(outcomes))),
                ])))
    }

    private func rejected(_ outcomes: [MessageIntake.Outcome]) -> [JSONValue] {
        outcomes.enumerated().compactMap { index, outcome in
            guard case .refused(let error) = outcome else { return nil }
            return .object(
                JSONObject([
                    ("index", .number(Decimal128(index))), ("code", .string(error.code)),
                    ("message", .string(Text(error.detail))),
                ]))
        }
    }

    private func strictRefusal(_ outcomes: [MessageIntake.Outcome]) -> APIError {
        APIError(
            .badRequest, "rejected-messages",
            "Some messages cannot be taken, and with X-Shoal-Strict none of the request was stored.",
            details: JSONObject([("rejected", .array(rejected(outcomes)))]))
    }
}

extension HTTPField.Name {
    static let xShoalStrict = HTTPField.Name("X-Shoal-Strict")!
}
