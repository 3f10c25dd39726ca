import Crypto
import EventModel
import Foundation

/// 256 random bits that whoever knows them is let in by; only their SHA-256 is kept.
struct RandomToken: Sendable {
    /// 43 characters of base64 as it stands in URLs.
    let text: String

    init(_ random: any RandomSource) {
        let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next().littleEndian) { Array($0) } }
        text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    var digest: [UInt8] { Self.digest(of: text) }

    static func digest(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
