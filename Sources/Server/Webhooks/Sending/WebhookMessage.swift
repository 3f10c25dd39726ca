import Crypto
import EventModel
import Foundation
import Outbound

/// What is sent to a webhook.
struct WebhookMessage: Hashable, Sendable {
    /// The same each time the same change is sent to the same webhook, and of no other message.
    let id: String
    /// The place of the change in the feed; nil for a test.
    let position: Int64?
    let body: [UInt8]

    init(id: String, position: Int64?, body: [UInt8]) {
        self.id = id
        self.position = position
        self.body = body
    }

    /// The message of a change. Its id follows from webhook, position and body, so a program that was killed after it
    /// sent says the same id again, and a feed that was made anew never says an id for something else.
    init(webhook: String, position: Int64, body: JSONValue) {
        let bytes = JSONWriter.bytes(of: body)
        let name = SHA256.hash(data: Array("\(webhook) \(position) ".utf8) + bytes)
        self.init(id: "msg_" + Self.hexadecimal(name.prefix(16)), position: position, body: bytes)
    }

    /// A message that tells of no change.
    init(testOf webhook: String, at now: Timestamp, _ random: any RandomSource) {
        let body: JSONValue = [
            "type": "webhook.test", "timestamp": .string(Text(now.iso8601)),
            "data": ["webhook": .string(Text(webhook))],
        ]
        let number = withUnsafeBytes(of: (random.next(), random.next())) { Array($0) }
        self.init(id: "msg_" + Self.hexadecimal(number), position: nil, body: JSONWriter.bytes(of: body))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The request that carries it, signed as Standard Webhooks says.
    func request(to webhook: Webhook, at now: Timestamp) -> OutboundRequest {
        let seconds = now.milliseconds / 1_000
        let signatures = webhook.secrets.valid(at: now).map { signature(seconds: seconds, $0) }
        return OutboundRequest(
            url: webhook.url,
            fields: [
                OutboundRequest.Field("Content-Type", "application/json"), OutboundRequest.Field("webhook-id", id),
                OutboundRequest.Field("webhook-timestamp", String(seconds)),
                OutboundRequest.Field("webhook-signature", signatures.joined(separator: " ")),
            ], body: body)
    }

    /// `v1,` and the HMAC-SHA256 of `id.seconds.body` in base64.
    func signature(seconds: Int64, _ secret: WebhookSecret) -> String {
        var hash = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        hash.update(data: Array("\(id).\(seconds).".utf8))
        hash.update(data: body)
        return "v1," + Data(hash.finalize()).base64EncodedString()
    }
}
