import EventModel

/// An address that is told of changes of membership, and how far it was told.
struct Webhook: Hashable, Sendable {
    /// Why nothing is sent.
    enum Pause: String, Sendable {
        /// Somebody said so.
        case asked
        /// The receiver answered that it is gone, 410.
        case gone
        /// The directory was restored from a backup: what was sent since then is not known here.
        case restored
        /// It was given a new secret, which its receiver has to be told.
        case renewed
    }

    /// How far the feed was delivered, and how it stands with the next change.
    struct Progress: Hashable, Sendable {
        /// Everything up to this position of the feed was delivered, is a dead letter, or is of no concern.
        var cursor: Int64
        /// How often the next change was tried in vain.
        var tries = 0
        /// When it was tried first.
        var firstTry: Timestamp?
        /// Not before this it is tried again.
        var nextTry: Timestamp?
    }

    /// `wh_` and 26 characters.
    var id: String
    var url: String
    var description: Text
    /// The segments whose changes are sent; nil: all.
    var segments: Set<Text>?
    var created: Timestamp
    var pause: Pause?
    var secrets: WebhookSecrets
    var progress: Progress

    private static let alphabet = Array("0123456789abcdefghijkmnpqrstvwxy")

    static func freshID(_ random: any RandomSource) -> String {
        var bits = UInt128(random.next()) << 64 | UInt128(random.next())
        var id = "wh_"
        for _ in 0..<26 {
            id.append(alphabet[Int(truncatingIfNeeded: bits & 31)])
            bits >>= 5
        }
        return id
    }
}
