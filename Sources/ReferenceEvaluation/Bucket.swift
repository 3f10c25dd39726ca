internal import Crypto
import EventModel

/// The first 48 bits of SHA-256(salt, one zero byte, profile id), divided by 2^48: at least 0, below 1.
func bucket(salt: Text, profile: Text) -> Decimal128? {
    var hash = SHA256()
    hash.update(data: Array(salt.utf8))
    hash.update(data: [0])
    hash.update(data: Array(profile.utf8))
    let first48 = hash.finalize().prefix(6).reduce(0) { $0 << 8 | Int($1) }
    return Decimal128(first48).divided(by: Decimal128(1 << 48))
}
