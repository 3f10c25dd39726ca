/// Writes JSON: texts as they are (only what must be escaped is), numbers as plain decimals, members in order.
package enum JSONWriter {
    package enum Layout: Hashable, Sendable {
        /// No white space at all.
        case compact
        /// One member or element a line, two spaces a level.
        case pretty
    }

    package static func text(of value: JSONValue, layout: Layout = .compact) -> String {
        String(decoding: bytes(of: value, layout: layout), as: UTF8.self)
    }

    package static func bytes(of value: JSONValue, layout: Layout = .compact) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes, layout: layout)
        return bytes
    }

    package static func append(_ value: JSONValue, to bytes: inout [UInt8], layout: Layout = .compact) {
        append(value, to: &bytes, layout, level: 0)
    }

    /// Appends a text with its quotes.
    package static func append(_ text: Text, to bytes: inout [UInt8]) {
        text.withBytes { append(utf8: $0, to: &bytes) }
    }

    /// Appends a text, given as UTF-8, with its quotes.
    package static func append(utf8: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var written = 0
        for index in utf8.indices {
            let byte = utf8[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            bytes.append(contentsOf: utf8[written..<index])
            appendEscape(of: byte, to: &bytes)
            written = index + 1
        }
        bytes.append(contentsOf: utf8[written...])
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append(_ value: JSONValue, to bytes: inout [UInt8], _ layout: Layout, level: Int) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let bool): bytes.append(contentsOf: (bool ? "true" : "false").utf8)
        case .number(let number): number.appendText(to: &bytes)
        case .string(let text): append(text, to: &bytes)
        case .array(let elements):
            appendList(elements, "[", "]", to: &bytes, layout, level) { element, bytes in
                append(element, to: &bytes, layout, level: level + 1)
            }
        case .object(let object):
            appendList(object.members, "{", "}", to: &bytes, layout, level) { member, bytes in
                append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if layout == .pretty { bytes.append(UInt8(ascii: " ")) }
                append(member.value, to: &bytes, layout, level: level + 1)
            }
        }
    }

    private static func appendList<Element>(
        _ elements: [Element], _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, to bytes: inout [UInt8],
        _ layout: Layout, _ level: Int, appendElement: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: opening))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendLineBreak(layout, level + 1, to: &bytes)
            appendElement(element, &bytes)
        }
        if !elements.isEmpty { appendLineBreak(layout, level, to: &bytes) }
        bytes.append(UInt8(ascii: closing))
    }

    private static func appendLineBreak(_ layout: Layout, _ level: Int, to bytes: inout [UInt8]) {
        guard layout == .pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            let hexadecimal = Array("0123456789abcdef".utf8)
            bytes.append(hexadecimal[Int(byte >> 4)])
            bytes.append(hexadecimal[Int(byte & 0x0F)])
        default: bytes.append(byte)
        }
    }
}

extension JSONValue: CustomStringConvertible {
    package var description: String { JSONWriter.text(of: self) }
}
