import Columns
package import EventModel

/// 128 bits of SHA-256 over what a row says; two rows that say the same have the same one.
package struct RowDigest: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(bytes: UnsafeRawBufferPointer) {
        (high, low) = Digest256.first128(bytes)
    }

    package init(bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { RowDigest(bytes: $0) }
    }

    /// The digest of parts, each with its length before it, so that no two lists of parts read the same.
    package init(parts: [Text]) {
        var bytes: [UInt8] = []
        for part in parts { Self.append(part.utf8, to: &bytes) }
        self.init(bytes: bytes)
    }

    package static func < (left: RowDigest, right: RowDigest) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// Appends a part with its length before it.
    package static func append(_ part: some Collection<UInt8>, to bytes: inout [UInt8]) {
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: part.count))
        bytes.append(contentsOf: part)
    }

    /// 32 hexadecimal digits.
    package var hexadecimal: String {
        String(unsafeUninitializedCapacity: 32) { digits in
            writeHexadecimal(to: UnsafeMutableRawBufferPointer(digits))
            return 32
        }
    }

    /// The digest whose digits a text is; nil for any other text.
    init?(hexadecimal text: Text) {
        guard text.utf8.count == 32 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for byte in text.utf8 {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            words = (words.0 << 4 | words.1 >> 60, words.1 << 4 | UInt64(digit))
        }
        (high, low) = words
    }

    /// The id of a message that is known by what its row says: the digits; from the second such row of a file on with
    /// its number behind them.
    package func messageID(occurrence: Int) -> Text {
        Text(occurrence == 1 ? hexadecimal : "\(hexadecimal)-\(occurrence)")
    }

    /// Writes the 32 digits to the front of `text`, which has room for them.
    func writeHexadecimal(to text: UnsafeMutableRawBufferPointer) {
        for (part, word) in [high, low].enumerated() {
            for half in 0..<2 {
                let digits = Self.digits(of: UInt32(truncatingIfNeeded: word >> (half == 0 ? 32 : 0)))
                text.storeBytes(of: digits.littleEndian, toByteOffset: part * 16 + half * 8, as: UInt64.self)
            }
        }
    }

    /// The digits of eight nibbles, the highest in the lowest byte.
    private static func digits(of word: UInt32) -> UInt64 {
        var spread = UInt64(word.byteSwapped)
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread >> 4 | spread << 8) & 0x0F0F_0F0F_0F0F_0F0F
        // Nibbles above nine carry into the fifth bit, and become letters.
        let isLetter = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ isLetter &* 0x27
    }
}

/// Makes the digest of a row from its cells by column name, so that neither the order of the columns nor columns that
/// are empty matter, nor how a cell is quoted.
///
/// What is hashed is, for each cell that is not empty, in the order of the columns' keys: two bytes that stand for the
/// column (the first of SHA-256 over the name space, a zero byte and the key), the length (one byte below 255, else
/// 255 and four bytes), and the bytes of the cell.
package struct RowDigester: Hashable, Sendable {
    struct Column: Hashable, Sendable {
        var index: Int
        var mark: UInt16
    }

    /// In the order of their keys.
    let columns: [Column]

    /// - Parameter keys: those of all columns.
    package init(namespace: Text, keys: [String]) {
        columns = keys.enumerated()
            .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
            .map { Column(index: $0.offset, mark: Self.mark(namespace, $0.element)) }
    }

    init(columns: [Column]) {
        self.columns = columns
    }

    private static func mark(_ namespace: Text, _ key: String) -> UInt16 {
        let named = Array(namespace.utf8) + [0] + Array(key.utf8)
        return UInt16(truncatingIfNeeded: RowDigest(bytes: named).high >> 48)
    }

    /// - Parameter cell: the bytes of a column's cell, quotes undone.
    package func digest(_ cell: (Int) -> ArraySlice<UInt8>) -> RowDigest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        for column in columns { cell(column.index).withUnsafeBufferPointer { Self.append(column, $0, to: &bytes) } }
        return RowDigest(bytes: bytes)
    }

    /// The same of cells that are lent.
    func digestOfLent(_ cell: (Int) -> UnsafeBufferPointer<UInt8>) -> RowDigest {
        var bytes: [UInt8] = []
        for column in columns { Self.append(column, cell(column.index), to: &bytes) }
        return RowDigest(bytes: bytes)
    }

    /// Appends what is hashed of a cell.
    static func append(_ column: Column, _ cell: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        guard !cell.isEmpty else { return }
        bytes.appendLittleEndian(column.mark)
        if cell.count < 255 {
            bytes.append(UInt8(truncatingIfNeeded: cell.count))
        } else {
            bytes.append(255)
            bytes.appendLittleEndian(UInt32(truncatingIfNeeded: cell.count))
        }
        bytes.append(contentsOf: cell)
    }
}
