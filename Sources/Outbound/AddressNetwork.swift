#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A block of internet addresses, as in `10.0.0.0/8` or `fd00::/8`.
package struct AddressNetwork: Hashable, Sendable {
    /// The first address: 4 bytes or 16, in network order.
    private let first: [UInt8]
    /// How many of its bits an address must share.
    private let bits: Int

    /// Nil unless it is an address, or an address and the count of bits behind a slash. What stands behind those bits
    /// does not count.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ Self.address(String($0)) }) else { return nil }
        first = address
        guard parts.count == 2 else {
            bits = address.count * 8
            return
        }
        let isNumber = (1...3).contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let bits = Int(parts[1]), bits <= address.count * 8 else { return nil }
        self.bits = bits
    }

    /// - Parameters:
    ///   - leading: the bytes that are not zero.
    ///   - count: 4 or 16.
    init(_ leading: [UInt8], count: Int, bits: Int) {
        first = leading + [UInt8](repeating: 0, count: max(0, count - leading.count))
        self.bits = bits
    }

    /// Whether an address of 4 or 16 bytes lies in it; one of the other length never does.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == first.count else { return false }
        let whole = bits / 8
        guard address[..<whole] == first[..<whole] else { return false }
        let rest = bits % 8
        return rest == 0 || (address[whole] ^ first[whole]) >> (8 - rest) == 0
    }

    /// The bytes of an address in its usual form, of version 4 or 6.
    package static func address(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
