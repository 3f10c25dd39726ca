import EventModel
import EventStore
import HTTPTypes
import Testing

@testable import Server

struct TrackingTests {
    @Test func `every message is taken once, whoever sends it again`() async throws {
        let served = try Served()
        let body = #"{"event":"Product Viewed","anonymousId":"a","messageId":"m1"}"#
        let first = try await served.post("/v1/track", body)
        #expect(first.status == 200)
        #expect(first["accepted"] == 1)
        let again = try await served.post("/v1/batch", #"{"batch":[{"type":"track",\#(body.dropFirst())]}"#)
        #expect(again["accepted"] == 0)
        #expect(again["duplicates"] == 1)
        #expect(try served.messages().count == 1)
        let counters = try served.store.counters()
        #expect(counters.offered == counters.stored + counters.duplicates + counters.rejected)
    }

    @Test(arguments: [
        ("/v1/track", MessageKind.track), ("/v1/identify", .identify), ("/v1/page", .page), ("/v1/screen", .screen),
        ("/v1/group", .group), ("/v1/alias", .alias), ("/v1/t", .track), ("/v1/i", .identify), ("/v1/p", .page),
        ("/v1/s", .screen), ("/v1/g", .group), ("/v1/a", .alias), ("/v1/merge", .alias),
    ])
    func `each path takes its kind`(path: String, kind: MessageKind) async throws {
        let served = try Served()
        let body =
            #"{"event":"E","userId":"u","previousId":"p","groupId":"g","traits":{"x":1},"properties":{"y":1.50}}"#
        let answer = try await served.post(path, body)
        #expect(answer["accepted"] == 1)
        let message = try #require(try served.messages().first)
        #expect(message.kind == kind)
        #expect(message.original == Array(body.utf8))
        #expect(message.messageID.string.hasPrefix("shoal-"))
    }

    @Test func `a key is found in each place where clients put it`() async throws {
        let served = try Served()
        let key = served.keys.write
        let body = #"{"event":"E","userId":"u"}"#
        let ways: [[String: String]] = [
            ["Authorization": served.basic], ["Authorization": "Basic " + base64(key)],
            ["Authorization": "Bearer \(key)"], ["X-API-Key": key],
        ]
        for way in ways { #expect(try await served.post("/v1/track", body, way).status == 200, "\(way)") }
        #expect(try await served.post("/v1/track?writeKey=\(key)", body, [:]).status == 200)
        let inBody = #"{"event":"E","userId":"u","writeKey":"\#(key)"}"#
        #expect(try await served.post("/v1/t", inBody, ["Content-Type": "text/plain"]).status == 200)
        #expect(try served.messages().count == 6)
        #expect(try await served.post("/v1/track", body, [:]).code == "missing-write-key")
        let wrong = key.dropLast() + (key.hasSuffix("x") ? "y" : "x")
        let mistyped = try await served.post("/v1/track", body, ["Authorization": "Bearer \(wrong)"])
        #expect(mistyped.status == 401)
        #expect(mistyped.code == "invalid-key")
    }

    @Test func `what a batch says for all counts for each, and bytes stay as they came`() async throws {
        let served = try Served()
        let body = """
            {"sentAt":"2026-09-21T14:13:20Z","context":{"ip":"1.2.3.4","locale":"de"}, "batch" : [
              {"type":"track","event":"E","userId":"u", "properties":{"a": 1.50}} ,
              {"type":"track","event":"E","userId":"u","context":{"locale":"fr"},"sentAt":"2026-09-21T14:13:19Z"}]}
            """
        #expect(try await served.post("/v1/batch", body)["accepted"] == 2)
        let messages = try served.messages()
        #expect(messages[0].context["ip"] == "1.2.3.4")
        #expect(messages[0].sentAt?.iso8601 == "2026-09-21T14:13:20.000Z")
        let first = String(decoding: messages[0].original, as: UTF8.self)
        #expect(first.hasSuffix(#""type":"track","event":"E","userId":"u", "properties":{"a": 1.50}}"#))
        #expect(messages[1].context["ip"] == "1.2.3.4")
        #expect(messages[1].context["locale"] == "fr")
        #expect(messages[1].sentAt?.iso8601 == "2026-09-21T14:13:19.000Z")
    }

    @Test func `what cannot be taken is said, kept and counted, and turns nothing else away`() async throws {
        let served = try Served()
        let body =
            #"{"batch":[{"type":"track","event":"E"},{"type":"track","event":"E","userId":"u"},7,{"type":"what","userId":"u"}]}"#
        let answer = try await served.post("/v1/batch", body)
        #expect(answer.status == 200)
        #expect(answer["accepted"] == 1)
        let codes = answer["rejected"]?.elements?.compactMap { $0.object?["code"]?.text?.string }
        #expect(codes == ["missing-id", "not-an-object", "unknown-type"])
        let strict = try await served.post(
            "/v1/batch", body, ["Authorization": served.basic, "X-Shoal-Strict": "true"])
        #expect(strict.status == 400)
        #expect(strict.code == "rejected-messages")
        #expect(try served.messages().count == 1)
        let secret = ["Authorization": "Bearer \(served.keys.secret)"]
        let rejects = try await served.send(.get, "/v1/rejects?limit=2", [], secret)
        #expect(rejects["rejects"]?.elements?.count == 2)
        let rest = try await served.send(.get, "/v1/rejects?after=2", [], secret)
        #expect(rest["rejects"]?.elements?.first?.object?["code"] == "unknown-type")
        #expect(try served.store.counters().rejected == 3)
    }

    @Test func `a write key reads nothing`() async throws {
        let served = try Served()
        for path in ["/v1/rejects", "/metrics"] {
            let answer = try await served.send(.get, path, [], ["Authorization": served.basic])
            #expect(answer.status == 403)
            #expect(answer.code == "secret-key-needed")
        }
    }

    @Test func `clocks that are far off are corrected, and times far ahead are not believed`() async throws {
        let served = try Served()
        func send(_ timestamp: String, sentAt: String) async throws -> Message {
            _ = try await served.post(
                "/v1/track", #"{"event":"E","userId":"u","timestamp":"\#(timestamp)","sentAt":"\#(sentAt)"}"#)
            return try #require(try served.messages().last)
        }
        // Received at 14:13:20.
        #expect(
            try await send("2026-09-21T14:13:10Z", sentAt: "2026-09-21T14:13:12Z").time.iso8601
                == "2026-09-21T14:13:10.000Z")
        #expect(
            try await send("2026-09-21T10:00:00Z", sentAt: "2026-09-21T10:00:20Z").time.iso8601
                == "2026-09-21T14:13:00.000Z")
        #expect(try await send("2027-01-01T00:00:00Z", sentAt: "2026-09-21T14:13:20Z").time == Served.now)
        #expect(
            try await send("2020-01-01T00:00:00Z", sentAt: "2026-09-21T14:13:20Z").time.iso8601
                == "2020-01-01T00:00:00.000Z")
    }

    @Test func `gzip is inflated, but never beyond the limit`() async throws {
        let served = try Served()
        let fields = ["Authorization": served.basic, "Content-Encoding": "gzip"]
        let body = Array(#"{"event":"E","userId":"u"}"#.utf8)
        #expect(try await served.send(.post, "/v1/track", Gzip.stored(body), fields)["accepted"] == 1)
        let large = [UInt8](repeating: UInt8(ascii: " "), count: Limits.batchBytes.value + 1)
        #expect(try await served.send(.post, "/v1/track", Gzip.stored(large), fields).status == 413)
        #expect(try await served.send(.post, "/v1/track", large, ["Authorization": served.basic]).status == 413)
        let whole = Gzip.stored(body)
        for end in [0, 5, whole.count / 2, whole.count - 1] {
            let answer = try await served.send(.post, "/v1/track", Array(whole.prefix(end)), fields)
            #expect(answer.code == "damaged-gzip", "\(end)")
        }
        let unknown = try await served.send(.post, "/v1/track", body, ["Content-Encoding": "br"])
        #expect(unknown.status == 415)
    }

    @Test func `wrong paths and methods are told apart, in one shape`() async throws {
        let served = try Served()
        let wrongMethod = try await served.send(.get, "/v1/track")
        #expect(wrongMethod.status == 405)
        #expect(wrongMethod.headers[.allow] == "POST")
        let wrongPath = try await served.send(.post, "/v1/trackk")
        #expect(wrongPath.status == 404)
        for answer in [wrongMethod, wrongPath] {
            #expect(answer["status"]?.decimal?.asInt() == answer.status)
            #expect(answer.code != nil && answer["message"]?.text != nil && answer["details"]?.object != nil)
        }
    }

    @Test func `the description names every path with its methods, and what it refers to`() async throws {
        let served = try Served()
        let document = try await served.send(.get, "/openapi.json")
        #expect(document["openapi"] == "3.1.0")
        let paths = try #require(document["paths"]?.object)
        var referred: Set<String> = []
        func collect(_ value: JSONValue) {
            switch value {
            case .array(let elements): elements.forEach(collect)
            case .object(let object):
                if let name = object["$ref"]?.text {
                    referred.insert(String(name.string.split(separator: "/").last ?? ""))
                }
                for member in object.members { collect(member.value) }
            default: break
            }
        }
        collect(document.json)
        let schemas = try #require(document["components"]?.object?["schemas"]?.object)
        #expect(referred.subtracting(schemas.members.map(\.key.string)) == [])
        for (path, item) in paths.members {
            let real = path.string.replacing("{key}", with: "k")
            for (method, operation) in item.object?.members ?? [] {
                // The right method is not refused as a wrong one, and what needs a key says so.
                let method = try #require(HTTPRequest.Method(method.string.uppercased()))
                let answer = try await served.send(method, real, Array("{}".utf8))
                #expect(![404, 405].contains(answer.status) || answer.code == "invalid-key", "\(path)")
                let responses = try #require(operation.object?["responses"]?.object)
                #expect(responses.contains(Text(String(answer.status))), "\(answer.status) of \(path)")
            }
        }
        #expect(paths.contains("/v1/track") && paths.contains("/openapi.json"))
    }

    @Test(arguments: [
        ("{", "invalid-json"), ("[]", "invalid-json"), ("", "invalid-json"), (#"{"a":"\u12"}"#, "invalid-json"),
        (#"{"batch":{}}"#, "missing-batch"), ("{}", "missing-batch"),
    ])
    func `bodies that are no batch are refused with a code`(body: String, code: String) async throws {
        let answer = try await Served().post("/v1/batch", body)
        #expect(answer.status == 400)
        #expect(answer.code == code)
    }

    @Test func `PostHog's events become messages`() async throws {
        let served = try Served()
        let key = served.keys.write
        let body = """
            {"api_key":"\(key)","batch":[
            {"event":"Product Viewed","distinct_id":"u","uuid":"1","timestamp":"2026-09-20T00:00:00Z","properties":{"product_id":"p","$lib":"posthog-python"}},
            {"event":"$pageview","distinct_id":"d","uuid":"2","properties":{"$device_id":"d","$current_url":"https://shop.example/a"}},
            {"event":"$identify","distinct_id":"u","uuid":"3","properties":{"$anon_distinct_id":"d","$set":{"email":"u@shop.example"}}},
            {"event":"$create_alias","distinct_id":"u","uuid":"4","properties":{"alias":"old"}},
            {"distinct_id":"u"}]}
            """
        let answer = try await served.post("/batch/", body, [:])
        #expect(answer["accepted"] == 4)
        #expect(answer["rejected"]?.elements?.first?.object?["code"] == "missing-event")
        let messages = try served.messages()
        #expect(messages.map(\.kind) == [.track, .page, .identify, .alias])
        #expect(messages.map(\.userID) == ["u", nil, "u", "u"])
        #expect(messages[1].anonymousID == "d")
        #expect(messages[1].context["page"]?.object?["url"] == "https://shop.example/a")
        #expect(messages[2].anonymousID == "d")
        #expect(messages[2].traits["email"] == "u@shop.example")
        #expect(messages[3].previousID == "old")
    }

    @Test func `the elements of a list are found in any JSON`() throws {
        for seed in 0..<300 {
            var random = SeededRandom(seed: UInt64(seed))
            var elements: [JSONValue] = []
            for _ in 0..<random.int(below: 6) { elements.append(Self.value(&random, depth: 0)) }
            var members: [JSONObject.Member] = []
            for key in ["a", "ba\"tch", "x"] as [Text] where random.chance(0.5) {
                members.append((key, Self.value(&random, depth: 0)))
            }
            members.insert(("batch", .array(elements)), at: random.int(below: members.count + 1))
            let layout: JSONWriter.Layout = random.chance(0.5) ? .compact : .pretty
            let bytes = JSONWriter.bytes(of: .object(JSONObject(members)), layout: layout)
            let found = try #require(BodyElements(bytes).elements(ofArray: "batch"))
            #expect(try found.map { try JSONReader.parse(Array(bytes[$0])) } == elements, "seed \(seed)")
        }
    }

    private static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
        switch random.int(below: depth > 2 ? 4 : 6) {
        case 0: return .null
        case 1: return .number(Decimal128(random.int(below: 1_000) - 500))
        case 2: return .bool(random.chance(0.5))
        case 3: return .string(random.element(of: ["", "a]b", "}\"{", "\\", "é,", "[\\\""]) ?? "")
        case 4: return .array((0..<random.int(below: 4)).map { _ in value(&random, depth: depth + 1) })
        default:
            return .object(
                JSONObject((0..<random.int(below: 4)).map { (Text("k\($0)]"), value(&random, depth: depth + 1)) }))
        }
    }
}
