import Crypto
import EventModel
import Foundation

/// Proves that a page speaks for a user: HMAC-SHA256 of the user id, in hex, under the workspace's signing secret.
///
/// The store's own server makes it, so that a write key, which stands in every page, tells nothing about users.
struct UserHash: Sendable {
    let secret: [UInt8]

    func isValid(_ hash: Text, of user: Text) -> Bool {
        guard let bytes = Self.bytes(hash.string) else { return false }
        // Compared in the same time whatever differs.
        return HMAC<SHA256>.isValidAuthenticationCode(
            bytes, authenticating: Array(user.utf8), using: SymmetricKey(data: secret))
    }

    func hash(of user: Text) -> Text {
        let code = HMAC<SHA256>.authenticationCode(for: Array(user.utf8), using: SymmetricKey(data: secret))
        return Text(Self.hex(code))
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = hex.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard digits.count == hex.utf8.count, digits.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
