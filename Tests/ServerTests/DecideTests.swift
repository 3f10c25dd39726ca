import EventModel
import Testing

@testable import Server

struct DecideTests {
    private func served() async throws -> Served {
        let served = try Served()
        served.definitions.put("segment carts: cart.value >= 10\nsegment known: trait.email exists")
        try await served.server.segments.load()
        return served
    }

    private static let added = """
        {"event": "Product Added", "properties": {"product_id": "p1", "price": 12, "quantity": 1}}
        """

    @Test func `a decision reflects the event of its own call`() async throws {
        let served = try await served()
        let answer = try await served.post("/v1/decide", "{\"anonymousId\": \"n1\", \"message\": \(Self.added)}")
        #expect(answer.status == 200)
        #expect(answer["segments"] == ["carts"])
        #expect(answer["stage"] == "decision")
        #expect(answer["cart"]?.object?["value"] == 12)
        #expect(answer["message"] == ["verdict": "accepted"])
    }

    @Test func `a write key learns of a known user only with the user's hash`() async throws {
        let served = try await served()
        _ = try await served.post("/v1/decide", "{\"userId\": \"ada\", \"message\": \(Self.added)}")
        let blank = try await served.post("/v1/decide", "{\"userId\": \"ada\"}")
        let unknown = try await served.post("/v1/decide", "{\"userId\": \"nobody\"}")
        #expect(blank["segments"] == [])
        #expect(blank.json == unknown.json)

        let hash = UserHash(served).hash(of: "ada")
        let signed = try await served.post("/v1/decide", "{\"userId\": \"ada\", \"userHash\": \"\(hash)\"}")
        #expect(signed["segments"] == ["carts"])
        let other = UserHash(served).hash(of: "bob")
        let forged = try await served.post("/v1/decide", "{\"userId\": \"ada\", \"userHash\": \"\(other)\"}")
        #expect(forged.json == unknown.json)
        let secret = try await served.post(
            "/v1/decide", "{\"userId\": \"ada\"}", ["Authorization": "Bearer \(served.keys.secret)"])
        #expect(secret["segments"] == ["carts"])
    }

    @Test func `an anonymous id that leads to a known user tells no more than one that does not exist`() async throws {
        let served = try await served()
        _ = try await served.post("/v1/identify", "{\"userId\": \"ada\", \"anonymousId\": \"n1\"}")
        _ = try await served.post("/v1/decide", "{\"anonymousId\": \"n1\", \"message\": \(Self.added)}")
        let led = try await served.post("/v1/decide", "{\"anonymousId\": \"n1\"}")
        #expect(led.json == (try await served.post("/v1/decide", "{\"anonymousId\": \"n2\"}")).json)
    }

    @Test func `a decision about nobody is an error that says so`() async throws {
        let served = try await served()
        #expect(try await served.post("/v1/decide", "{}").code == "missing-id")
        #expect(try await served.post("/v1/decide", "[]").code == "invalid-json")
    }
}

extension UserHash {
    /// Under the secret that a served store shows.
    fileprivate init(_ served: Served) {
        let digits = Array(served.server.signingSecret.utf8).compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        self.init(secret: stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }
}
