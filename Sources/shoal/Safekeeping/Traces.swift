import EventModel

/// What gives a person away in rows and messages that were refused: ids and addresses, as whole words.
struct Traces: Sendable {
    private let words: [[UInt8]]

    init(_ texts: some Sequence<Text>) {
        words = Set(texts).filter { !$0.isEmpty }.map { $0.utf8.map(Self.lowercased) }
    }

    /// Whether any of them stands in the bytes, also where JSON has escaped it, and whatever the case of its letters.
    func occur(in bytes: [UInt8]) -> Bool {
        var bytes = bytes
        // A message that is quoted in a file of rejects is escaped twice.
        for _ in 0..<3 {
            let lower = bytes.map(Self.lowercased)
            if words.contains(where: { Self.occurs($0, in: lower) }) { return true }
            guard bytes.contains(UInt8(ascii: "\\")) else { return false }
            bytes = Self.unescaped(bytes)
        }
        return false
    }

    private static func occurs(_ word: [UInt8], in bytes: [UInt8]) -> Bool {
        guard let first = word.first, bytes.count >= word.count else { return false }
        var start = 0
        while start + word.count <= bytes.count {
            guard let found = bytes[start...].firstIndex(of: first), found + word.count <= bytes.count else {
                return false
            }
            let end = found + word.count
            if bytes[found..<end].elementsEqual(word), found == 0 || !isWord(bytes[found - 1]),
                end == bytes.count || !isWord(bytes[end])
            {
                return true
            }
            start = found + 1
        }
        return false
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
        default: false
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }

    /// The bytes with JSON's escapes undone, also of a text that was cut short.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        var high: UInt32?
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let digits = bytes[min(index + 2, bytes.count)..<min(index + 6, bytes.count)]
            if bytes[index + 1] == UInt8(ascii: "u"), digits.count == 4,
                let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                index += 6
                if (0xD800..<0xDC00).contains(unit) {
                    high = unit
                    continue
                }
                var code = unit
                if let before = high, (0xDC00..<0xE000).contains(unit) {
                    code = 0x1_0000 + (before - 0xD800) << 10 + (unit - 0xDC00)
                }
                high = nil
                if let scalar = Unicode.Scalar(code) { result.append(contentsOf: String(scalar).utf8) }
                continue
            }
            result.append(escaped(bytes[index + 1]))
            index += 2
        }
        return result
    }

    private static func escaped(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: letter
        }
    }
}
