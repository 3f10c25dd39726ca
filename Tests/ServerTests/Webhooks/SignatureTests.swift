import Crypto
import EventModel
import Foundation
import Outbound
import Testing

@testable import Server

struct SignatureTests {
    private static let secretText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test func `a message is signed as the specification's example`() throws {
        let secret = try #require(WebhookSecret(Self.secretText))
        let message = WebhookMessage(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", position: nil, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(
            message.signature(seconds: 1_614_265_330, secret) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a signature is the HMAC of id, seconds and body`() throws {
        for seed in 0..<100 {
            let random = SeededRandomSource(seed: UInt64(seed))
            let secret = WebhookSecret(random)
            let body = (0..<Int(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let message = WebhookMessage(id: "msg_\(seed)", position: nil, body: body)
            let seconds = Int64(random.next() % 4_000_000_000)
            let signed = Array("msg_\(seed).\(seconds).".utf8) + body
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes))
            #expect(message.signature(seconds: seconds, secret) == "v1," + Data(code).base64EncodedString())
        }
    }

    @Test func `a secret has 32 bytes of chance and reads back`() throws {
        let secret = WebhookSecret(SystemRandom())
        #expect(secret.bytes.count == 32 && secret != WebhookSecret(SystemRandom()))
        #expect(WebhookSecret(secret.text) == secret)
        #expect(WebhookSecret(Self.secretText)?.text == Self.secretText)
        #expect(WebhookSecret("whsec_?") == nil && WebhookSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == nil)
    }

    @Test func `an id follows from webhook, position and body, and from nothing else`() {
        func id(_ webhook: String, _ position: Int64, _ body: JSONValue) -> String {
            WebhookMessage(webhook: webhook, position: position, body: body).id
        }
        let first = id("wh_a", 1, ["x": 1])
        #expect(first == id("wh_a", 1, ["x": 1]))
        #expect(first.wholeMatch(of: /msg_[0-9a-f]{32}/) != nil)
        #expect(Set([first, id("wh_b", 1, ["x": 1]), id("wh_a", 2, ["x": 1]), id("wh_a", 1, ["x": 2])]).count == 4)
    }

    @Test func `both secrets sign for a day after a rotation`() async throws {
        let deliveries = try Deliveries()
        let id = try await deliveries.add()
        let first = try await deliveries.webhook(id).secrets.current
        let second = try await deliveries.sender.rotate(id).secrets.current
        #expect(first != second)
        func signatures() async throws -> [String] {
            deliveries.feed.add("vip", "p")
            try await deliveries.settle()
            let request = try #require(deliveries.client.requests.last)
            let seconds = try #require(request.field("webhook-timestamp").flatMap { Int64($0) })
            let message = WebhookMessage(
                id: try #require(request.field("webhook-id")), position: nil, body: request.body)
            let made = request.field("webhook-signature")?.split(separator: " ").map(String.init) ?? []
            #expect(made.first == message.signature(seconds: seconds, second))
            if made.count == 2 { #expect(made.last == message.signature(seconds: seconds, first)) }
            return made
        }
        #expect(try await signatures().count == 2)
        try deliveries.restart()
        deliveries.clock.advance(milliseconds: 24 * 3_600_000 - 1)
        #expect(try await signatures().count == 2)
        deliveries.clock.advance(milliseconds: 1)
        #expect(try await signatures().count == 1)
    }
}
