import Crypto
import EventModel

/// A key that requests carry.
///
/// Its text is `shoal_wk_` or `shoal_sk_`, 26 characters of 128 random bits, and four that check the rest, so that a
/// mistyped one is told from one that is unknown, and scanners find it where it does not belong.
struct AccessKey: Hashable, Sendable {
    enum Kind: String, Sendable {
        /// Stands in every page: may append messages, and reads nothing.
        case write
        /// May do everything; stays on servers.
        case secret

        var prefix: String { self == .write ? "shoal_wk_" : "shoal_sk_" }
    }

    var kind: Kind
    /// The source of the messages that come with it.
    var name: Text
    /// What may be shown of it: a write key whole, of a secret one the first characters.
    var shown: String
    var created: Timestamp
    var isDisabled = false
    /// The SHA-256 of its text.
    var digest: [UInt8]

    /// In paths: says nothing of the text.
    var id: String { digest.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    private static let alphabet = Array("0123456789abcdefghijkmnpqrstvwxy")

    /// A fresh key, and its text, which is not kept.
    static func make(_ kind: Kind, name: Text, at created: Timestamp, _ random: any RandomSource) -> (AccessKey, String)
    {
        var bits = UInt128(random.next()) << 64 | UInt128(random.next())
        var characters: [Character] = []
        for _ in 0..<26 {
            characters.append(alphabet[Int(truncatingIfNeeded: bits & 31)])
            bits >>= 5
        }
        let body = kind.prefix + String(characters)
        let text = body + check(body)
        let shown = kind == .write ? text : String(text.prefix(kind.prefix.count + 4)) + "…"
        return (AccessKey(kind: kind, name: name, shown: shown, created: created, digest: digest(of: text)), text)
    }

    private static func check(_ body: String) -> String {
        let hash = Array(SHA256.hash(data: Array(body.utf8)))
        return String(hash.prefix(4).map { alphabet[Int($0 & 31)] })
    }

    /// Whether the text is that of a key, known or not.
    static func isWellFormed(_ text: String) -> Bool {
        let isKind = text.hasPrefix(Kind.write.prefix) || text.hasPrefix(Kind.secret.prefix)
        guard isKind, text.utf8.count == Kind.write.prefix.utf8.count + 30 else { return false }
        return check(String(text.dropLast(4))) == text.suffix(4)
    }

    static func digest(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
