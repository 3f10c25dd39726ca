import Crypto
import CryptoExtras
import EventModel
import Foundation

/// What it costs to try a password: scrypt's parameters.
///
/// The usual ones are those of OWASP's cheat sheet on storing passwords: 128 MiB and some tenths of a second.
package struct PasswordCost: Hashable, Sendable {
    /// The logarithm of scrypt's N.
    package var logN: Int
    /// Scrypt's r.
    package var blockSize: Int
    /// Scrypt's p.
    package var parallelism: Int

    package static let usual = PasswordCost(logN: 17, blockSize: 8, parallelism: 1)

    package init(logN: Int, blockSize: Int, parallelism: Int) {
        self.logN = logN
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Whether it is one that can be paid: at most 1 GiB.
    var isPayable: Bool {
        (4...20).contains(logN) && (1...8).contains(blockSize) && (1...4).contains(parallelism)
    }
}

/// The scrypt hash of a password with its salt and cost, in the usual text form:
/// `$scrypt$ln=17,r=8,p=1$SALT$HASH`, both in base64 without padding.
struct PasswordHash: Hashable, Sendable {
    let cost: PasswordCost
    let salt: [UInt8]
    let hash: [UInt8]

    static let saltBytes = 16
    static let hashBytes = 32

    init(cost: PasswordCost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Hashes a password. Takes as long, and as much memory, as the cost says.
    init(of password: String, cost: PasswordCost, salt: [UInt8]) throws {
        self.init(cost: cost, salt: salt, hash: try Self.derive(password, cost, salt))
    }

    /// One that no password has, at the same cost: what a password is tried against where there is no user.
    static func ofNobody(_ cost: PasswordCost, _ random: any RandomSource) -> PasswordHash {
        let bytes = (0..<6).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
        return PasswordHash(
            cost: cost, salt: Array(bytes.prefix(saltBytes)), hash: Array(bytes.suffix(hashBytes)))
    }

    /// Whether it is the hash of a password. Takes the same time whatever the password is.
    func matches(_ password: String) throws -> Bool {
        let found = try Self.derive(password, cost, salt)
        guard found.count == hash.count else { return false }
        return zip(found, hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ password: String, _ cost: PasswordCost, _ salt: [UInt8]) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: hashBytes, rounds: 1 << cost.logN,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }
}

extension PasswordHash {
    var text: String {
        "$scrypt$ln=\(cost.logN),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.base64(salt))$\(Self.base64(hash))"
    }

    /// Nil for what is none, or costs more than is paid.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let match = parts[2].wholeMatch(of: /ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})/),
            let logN = Int(match.output.1), let blockSize = Int(match.output.2), let parallelism = Int(match.output.3),
            let salt = Self.bytes(parts[3]), let hash = Self.bytes(parts[4]), hash.count == Self.hashBytes
        else { return nil }
        let cost = PasswordCost(logN: logN, blockSize: blockSize, parallelism: parallelism)
        guard cost.isPayable else { return nil }
        self.init(cost: cost, salt: salt, hash: hash)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: String(padded)).map { Array($0) }
    }
}
