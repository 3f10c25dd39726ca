internal import Crypto
package import EventModel

/// 128 bits of SHA-256 over what a row says; two rows that say the same have the same one.
package struct RowDigest: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: RowDigest, right: RowDigest) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// The digest of parts, each with its length before it, so that no two lists of parts read the same.
    package init(parts: [Text]) {
        var bytes: [UInt8] = []
        for part in parts { Self.append(part.utf8, to: &bytes) }
        self.init(bytes: bytes)
    }

    init(bytes: [UInt8]) {
        (high, low) = SHA256.hash(data: bytes).withUnsafeBytes { digest in
            (
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    static func append(_ part: some Collection<UInt8>, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: part)
    }

    /// 32 hexadecimal digits.
    package var hexadecimal: String {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        appendHexadecimal(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the 32 digits.
    func appendHexadecimal(to text: inout [UInt8]) {
        for word in [high, low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
            }
        }
    }
}

/// Makes the digest of a row from its cells by column name, so that neither the order of the columns nor columns that
/// are empty matter, nor how a cell is quoted.
package struct RowDigester: Sendable {
    /// Columns in the order of their keys, each with its key's bytes.
    let columns: [(column: Int, key: [UInt8])]
    private let namespace: [UInt8]

    package init(namespace: Text, header: Header) {
        self.namespace = Array(namespace.utf8)
        columns = header.keys.enumerated()
            .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
            .map { ($0.offset, Array($0.element.utf8)) }
    }

    package func digest(of row: CSVRow) -> RowDigest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        RowDigest.append(namespace, to: &bytes)
        for (column, key) in columns {
            let cell = row[column]
            guard !cell.isEmpty else { continue }
            RowDigest.append(key, to: &bytes)
            RowDigest.append(cell, to: &bytes)
        }
        return RowDigest(bytes: bytes)
    }
}
