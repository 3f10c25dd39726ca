internal import CRE2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A string that is the same as another only when its Unicode scalars are.
///
/// Swift's `String` calls "é" and "e" with an accent after it equal; ids and property values must not be
/// (SQLite and ClickHouse would disagree). Order is that of the scalars, which is that of the UTF-8 bytes.
/// Use it for every id, name and value; plain `String` is for words shown to people.
package struct Text: Sendable {
    package let string: String

    @inlinable
    package init(_ string: String) {
        self.string = string
    }

    /// The text of UTF-8 bytes, or nil when they are not valid UTF-8 (overlong forms and surrogates included).
    @inlinable
    package init?(utf8 bytes: some Sequence<UInt8>) {
        let quick = bytes.withContiguousStorageIfAvailable { Self.string(ofUTF8: $0) }
        guard let string = quick ?? String(validating: bytes, as: UTF8.self) else { return nil }
        self.string = string
    }

    /// Validating is slow to start, and most texts are ASCII, which is always valid.
    @usableFromInline
    static func string(ofUTF8 bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        return all < 0x80 ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
    }

    @inlinable
    package var isEmpty: Bool { string.isEmpty }

    /// The UTF-8 bytes.
    @inlinable
    package var utf8: String.UTF8View { string.utf8 }

    /// How many Unicode scalars it has. Complexity: O(bytes).
    package var scalarCount: Int { string.unicodeScalars.count }

    /// Lends the UTF-8 bytes to `body`; the pointer must not leave it.
    @inlinable
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        string.utf8Span.span.withUnsafeBufferPointer(body)
    }

    /// Below zero when `self` comes before `other`, zero when they are the same.
    @usableFromInline
    func compare(to other: Text) -> Int {
        withBytes { left in
            other.withBytes { right in
                let common = min(left.count, right.count)
                if common > 0, let leftStart = left.baseAddress, let rightStart = right.baseAddress {
                    let order = memcmp(leftStart, rightStart, common)
                    if order != 0 { return Int(order) }
                }
                return left.count - right.count
            }
        }
    }
}

extension Text: Hashable, Comparable {
    /// Whether both have the same bytes. Complexity: O(bytes), O(1) for copies and for most that differ.
    @inlinable
    package static func == (left: Text, right: Text) -> Bool {
        // One string in two places, or a short one, which is held in the value itself.
        let leftBits = unsafeBitCast(left.string, to: (UInt64, UInt64).self)
        let rightBits = unsafeBitCast(right.string, to: (UInt64, UInt64).self)
        if leftBits == rightBits { return true }
        // Same bytes are always equal as strings, which is quick to deny; what is equal may still differ in its bytes.
        return left.string.utf8.count == right.string.utf8.count && left.string == right.string
            && left.compare(to: right) == 0
    }

    @inlinable
    package static func < (left: Text, right: Text) -> Bool {
        left.compare(to: right) < 0
    }

    package func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension Text: ExpressibleByStringLiteral {
    @inlinable
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

extension Text: CustomStringConvertible {
    package var description: String { string }
}

// MARK: - Parts

extension Text {
    /// Whether the bytes of `prefix` open this text. The empty text opens every text.
    package func hasPrefix(_ prefix: Text) -> Bool {
        withBytes { whole in
            prefix.withBytes { part in
                part.count <= whole.count && sameBytes(whole[0..<part.count], part[0..<part.count])
            }
        }
    }

    /// Whether the bytes of `suffix` close this text.
    package func hasSuffix(_ suffix: Text) -> Bool {
        withBytes { whole in
            suffix.withBytes { part in
                part.count <= whole.count
                    && sameBytes(whole[(whole.count - part.count)..<whole.count], part[0..<part.count])
            }
        }
    }

    /// Whether the bytes of `part` occur in this text. Complexity: O(bytes) in practice (`memmem`).
    package func contains(_ part: Text) -> Bool {
        withBytes { whole in
            part.withBytes { wanted in
                if wanted.isEmpty { return true }
                guard wanted.count <= whole.count, let start = whole.baseAddress, let wantedStart = wanted.baseAddress
                else { return false }
                return shoal_contains_bytes(start, whole.count, wantedStart, wanted.count)
            }
        }
    }
}

private func sameBytes(_ left: Slice<UnsafeBufferPointer<UInt8>>, _ right: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let leftBytes = UnsafeBufferPointer(rebasing: left)
    let rightBytes = UnsafeBufferPointer(rebasing: right)
    guard let leftStart = leftBytes.baseAddress, let rightStart = rightBytes.baseAddress else { return true }
    return memcmp(leftStart, rightStart, leftBytes.count) == 0
}
