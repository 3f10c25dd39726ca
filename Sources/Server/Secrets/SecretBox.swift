import Crypto
import Foundation

/// Seals secrets that are used, not only compared, so that whoever reads a data directory or a backup of it has none of them:
/// AES-GCM with 256 bits (NIST SP 800-38D) under a key that is kept elsewhere.
///
/// ```
/// sealed   "SHS1", the first 8 bytes of SHA-256 of the key, nonce (12), what is sealed, tag (16)
/// ```
/// What a secret is for is authenticated with it, so none can be put in the place of another.
package struct SecretBox: Sendable {
    private static let magic = Array("SHS1".utf8)
    private static let idBytes = 8

    private struct Key: Sendable {
        let key: SymmetricKey
        let id: [UInt8]

        init(_ bytes: [UInt8]) {
            key = SymmetricKey(data: bytes)
            id = Array(SHA256.hash(data: bytes).prefix(SecretBox.idBytes))
        }
    }

    private let keys: [Key]
    /// Where the keys stand, for errors.
    private let place: String

    /// - Parameters:
    ///   - keys: of 32 bytes each; the first one seals, all of them open.
    ///   - place: where they stand, for errors.
    package init(keys: [[UInt8]], place: String) {
        self.keys = keys.map(Key.init)
        self.place = place
    }

    /// For work that has nothing to do with secrets.
    static let none = SecretBox(keys: [], place: "nowhere")

    /// - Throws: `ServiceError.secretsKey` when there is no key.
    func seal(_ secret: [UInt8], for purpose: String) throws -> [UInt8] {
        guard let key = keys.first else { throw missing(for: purpose) }
        let sealed = try AES.GCM.seal(secret, using: key.key, authenticating: Array(purpose.utf8))
        return Self.magic + key.id + (sealed.combined.map { Array($0) } ?? [])
    }

    /// What was sealed for the same purpose.
    ///
    /// - Throws: `ServiceError.secretsKey` when it was sealed under another key, or has changed since.
    func open(_ sealed: [UInt8], for purpose: String) throws -> [UInt8] {
        let header = Self.magic.count + Self.idBytes
        guard sealed.starts(with: Self.magic), sealed.count > header,
            let key = keys.first(where: { $0.id.elementsEqual(sealed[Self.magic.count..<header]) }),
            let box = try? AES.GCM.SealedBox(combined: sealed[header...]),
            let secret = try? AES.GCM.open(box, using: key.key, authenticating: Array(purpose.utf8))
        else { throw missing(for: purpose) }
        return Array(secret)
    }

    /// Whether it is sealed under the first key, as everything shall be.
    func isCurrent(_ sealed: [UInt8]) -> Bool {
        guard let key = keys.first, sealed.starts(with: Self.magic) else { return false }
        return sealed.dropFirst(Self.magic.count).starts(with: key.id)
    }

    private func missing(for purpose: String) -> ServiceError {
        .secretsKey(
            code: "secrets-key-missing", exitCode: 78,
            "the secret for \(purpose) cannot be opened with the keys in \(place)",
            advice: """
                put the key it was sealed with into that file, on a line of its own, or name its file with --secrets-key; \
                where it is lost, "shoal keys renew-secrets" makes new secrets
                """)
    }
}
