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

    @Test func `of ten thousand changed hashes and ids none is valid`() {
        let signing = UserHash(secret: Array(0..<32))
        let user: Text = "customer-1742"
        let hash = signing.hash(of: user)
        #expect(signing.isValid(hash, of: user))
        #expect(signing.isValid(Text(hash.string.uppercased()), of: user))
        var random = SeededRandom(seed: 4)
        var accepted: [String] = []
        for round in 0..<10_000 {
            var (own, of) = (Array(hash.utf8), Array(user.utf8))
            if round % 2 == 0 { Self.change(&own, &random) } else { Self.change(&of, &random) }
            guard let own = Text(utf8: own), let of = Text(utf8: of) else { continue }
            // Digits in upper case say the same.
            if own.string.lowercased() == hash.string, of == user { continue }
            if signing.isValid(own, of: of) { accepted.append("\(own) of \(of)") }
        }
        #expect(accepted == [])
    }

    /// Changes, adds, takes away or repeats some bytes.
    private static func change(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let place = random.int(below: bytes.count)
        switch random.int(below: 5) {
        case 0: bytes[place] ^= UInt8(1 << random.int(below: 7))
        case 1: bytes.insert(UInt8(random.int(below: 128)), at: place)
        case 2: bytes.remove(at: place)
        case 3: bytes = Array(bytes[..<place])
        default: bytes += bytes[place...]
        }
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
