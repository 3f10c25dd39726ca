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
        guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
        self.string = string
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
        if let result = string.utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(string.utf8).withUnsafeBufferPointer(body)
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

    @usableFromInline
    func hasSameBytes(as other: Text) -> Bool {
        withBytes { left in
            other.withBytes { right in
                guard left.count == right.count else { return false }
                guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else { return true }
                return leftStart == rightStart || memcmp(leftStart, rightStart, left.count) == 0
            }
        }
    }
}

extension Text: Hashable, Comparable {
    @inlinable
    package static func == (left: Text, right: Text) -> Bool {
        left.string.utf8.count == right.string.utf8.count && left.hasSameBytes(as: right)
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
