import EventModel
import Hummingbird

extension ServerContext {
    /// A part of the path as a text, with what `%` and two digits stand for; the router leaves it as it came.
    ///
    /// - Throws: `bad-parameter` for what is no text.
    func pathText(_ name: String) throws -> Text {
        let raw = try parameters.require(name)
        guard let text = Self.decoded(raw) else {
            throw APIError(
                .badRequest, "bad-parameter", "The path cannot be read: % is followed by two digits of a byte, as %2F.")
        }
        return text
    }

    /// Nil for what is no UTF-8, or has a `%` without digits.
    static func decoded(_ raw: String) -> Text? {
        var bytes: [UInt8] = []
        var rest = Array(raw.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let decoded = UInt8(digits, radix: 16) else {
                return nil
            }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return Text(utf8: bytes)
    }
}
