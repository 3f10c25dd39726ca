import EventModel
import EventStore
import HTTPTypes
import Outbound
import Testing

@testable import Server

struct RateLimitTests {
    private static func served(
        perKey: Int = 0, perAddress: Int = 0, requests: Int = 0, proxies: [String] = []
    ) throws -> Served {
        var options = ShoalServer.Options()
        options.rates.eventsPerKey = perKey
        options.rates.eventsPerAddress = perAddress
        options.rates.requestsPerKey = requests
        options.trustedProxies = proxies.compactMap { AddressNetwork($0) }
        return try Served(options: options)
    }

    private static let event = #"{"event":"E","anonymousId":"a"}"#

    private static func batch(_ count: Int) -> String {
        #"{"batch":["#
            + Array(repeating: #"{"type":"track","event":"E","anonymousId":"a"}"#, count: count)
            .joined(separator: ",") + "]}"
    }

    /// How many of 200 requests are answered with 200, each with another X-Forwarded-For.
    private func taken(_ served: Served, peer: String) async throws -> Int {
        var taken = 0
        for number in 0..<200 {
            let fields = ["Authorization": served.basic, "X-Forwarded-For": "6.6.6.6, 1.2.3.\(number)"]
            if try await served.post("/v1/track", Self.event, fields, from: peer).status == 200 { taken += 1 }
        }
        return taken
    }

    @Test func `a client that forges where it comes from is limited as if it did not`() async throws {
        let served = try Self.served(perAddress: 20, proxies: ["10.0.0.0/8"])
        #expect(try await taken(served, peer: "192.0.2.1") == 40)
        // Others are not touched.
        #expect(try await served.post("/v1/track", Self.event, from: "192.0.2.2").status == 200)
    }

    @Test func `behind a listed proxy each client has its own limit`() async throws {
        let served = try Self.served(perAddress: 20, proxies: ["10.0.0.0/8"])
        #expect(try await taken(served, peer: "10.0.0.1") == 200)
        for number in 0..<50 {
            // Whatever the client wrote itself stands to the left.
            let fields = ["Authorization": served.basic, "X-Forwarded-For": "6.6.6.\(number), 1.2.3.4"]
            let answer = try await served.post("/v1/track", Self.event, fields, from: "10.0.0.1")
            #expect(answer.status == (number < 39 ? 200 : 429))
        }
    }

    @Test func `a refusal says which limit it was and when to come again`() async throws {
        let served = try Self.served(perAddress: 10)
        #expect(try await served.post("/v1/batch", Self.batch(60), from: "192.0.2.1").status == 200)
        let refused = try await served.post("/v1/track", Self.event, from: "192.0.2.1")
        #expect(refused.status == 429)
        #expect(refused.code == "rate-limited")
        #expect(refused.headers[.retryAfter] == "5")
        #expect(refused["details"]?.object?["limit"] == "events-per-address")
        #expect(refused["details"]?.object?["perSecond"] == 10)
        served.clock.advance(milliseconds: 4_000)
        #expect(try await served.post("/v1/track", Self.event, from: "192.0.2.1").status == 429)
        served.clock.advance(milliseconds: 1_000)
        #expect(try await served.post("/v1/track", Self.event, from: "192.0.2.1").status == 200)
        #expect(try served.store.counters().stored == 61)
        let secret = ["Authorization": "Bearer \(served.keys.secret)"]
        let metrics = try await served.send(.get, "/metrics", [], secret).json.text?.string ?? ""
        #expect(metrics.contains("shoal_rate_limited_total{limit=\"events-per-address\"} 2\n"))
        #expect(metrics.contains("shoal_http_requests_total{status=\"429\"} 2\n"))
    }

    @Test func `a key has its limit whoever sends with it, and wherever it stands`() async throws {
        let served = try Self.served(perKey: 10)
        let body = #"{"event":"E","anonymousId":"a","writeKey":"\#(served.keys.write)"}"#
        for number in 0..<20 {
            #expect(try await served.post("/v1/track", body, [:], from: "192.0.2.\(number)").status == 200)
        }
        #expect(try await served.post("/v1/track", body, [:], from: "192.0.2.99").status == 429)
        #expect(try await served.post("/v1/track", Self.event, from: "192.0.2.99").status == 429)
        // Another key is not touched.
        let secret = ["Authorization": "Bearer \(served.keys.secret)"]
        #expect(try await served.post("/v1/track", Self.event, secret).status == 200)
    }

    @Test func `requests that are no messages are counted for their key`() async throws {
        let served = try Self.served(requests: 5)
        let secret = ["Authorization": "Bearer \(served.keys.secret)"]
        for _ in 0..<10 { #expect(try await served.send(.get, "/v1/rejects", [], secret).status == 200) }
        let refused = try await served.send(.get, "/v1/webhooks", [], secret)
        #expect(refused.status == 429)
        #expect(refused.headers[.retryAfter] == "1")
        #expect(refused["details"]?.object?["limit"] == "requests-per-key")
        // Messages go on, and so does what needs no key.
        #expect(try await served.post("/v1/track", Self.event, secret).status == 200)
        #expect(try await served.send(.get, "/health").status == 200)
        served.clock.advance(milliseconds: 200)
        #expect(try await served.send(.get, "/v1/webhooks", [], secret).status == 200)
    }

    @Test func `decisions are counted as requests of the key and as events of the client`() async throws {
        let body = #"{"anonymousId":"a"}"#
        let perKey = try Self.served(requests: 3)
        for _ in 0..<6 { #expect(try await perKey.post("/v1/decide", body).status != 429) }
        #expect(try await perKey.post("/v1/decide", body).status == 429)
        let perAddress = try Self.served(perAddress: 3)
        for _ in 0..<6 { #expect(try await perAddress.post("/v1/decide", body, from: "192.0.2.1").status != 429) }
        #expect(try await perAddress.post("/v1/decide", body, from: "192.0.2.1").status == 429)
    }

    @Test func `requests without a good key cost their client as much`() async throws {
        let served = try Self.served(perAddress: 5)
        for _ in 0..<10 {
            #expect(try await served.post("/v1/track", Self.event, [:], from: "192.0.2.1").status == 401)
        }
        #expect(try await served.post("/v1/track", Self.event, [:], from: "192.0.2.1").status == 429)
    }

    @Test func `without a limit nobody is refused`() async throws {
        let served = try Self.served()
        for _ in 0..<4 { #expect(try await served.post("/v1/batch", Self.batch(2_500)).status == 200) }
    }
}
