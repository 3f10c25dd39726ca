import EventModel
import Foundation

/// The key that messages of a webhook are signed with: `whsec_` and 32 random bytes in base64 (Standard Webhooks).
struct WebhookSecret: Hashable, Sendable {
    let bytes: [UInt8]

    static let prefix = "whsec_"

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// A fresh one.
    init(_ random: any RandomSource) {
        bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next().littleEndian) { Array($0) } }
    }

    /// Nil unless it is the text of one.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count)))
        else { return nil }
        bytes = Array(data)
    }

    var text: String { Self.prefix + Data(bytes).base64EncodedString() }
}

/// The secret of a webhook, and the one before it for as long as that is valid.
struct WebhookSecrets: Hashable, Sendable {
    private(set) var current: WebhookSecret
    private(set) var previous: WebhookSecret?
    private(set) var previousUntil: Timestamp?

    /// How long the secret before is valid beside a new one.
    static let overlapMilliseconds: Int64 = 24 * 3_600_000

    init(current: WebhookSecret, previous: WebhookSecret? = nil, previousUntil: Timestamp? = nil) {
        self.current = current
        self.previous = previous
        self.previousUntil = previousUntil
    }

    /// Those to sign with, the current one first.
    func valid(at now: Timestamp) -> [WebhookSecret] {
        guard let previous, let previousUntil, now < previousUntil else { return [current] }
        return [current, previous]
    }

    /// Puts a new one in front. Of three, the oldest ends at once.
    mutating func rotate(to fresh: WebhookSecret, at now: Timestamp) {
        previous = current
        previousUntil = now.adding(milliseconds: Self.overlapMilliseconds)
        current = fresh
    }
}
