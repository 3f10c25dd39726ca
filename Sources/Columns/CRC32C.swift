internal import CBytes

/// CRC-32C (Castagnoli), the checksum of blocks and journal entries; polynomial and check value as in RFC 3720, B.4.
package enum CRC32C {
    /// The checksum of `bytes`; pass the checksum of what came before as `previous` to continue it.
    ///
    /// Finds every single-bit error, every error of an odd number of bits and every burst of up to 32 bits.
    package static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        guard let start = bytes.baseAddress else { return previous }
        return shoal_crc32c(previous, start, bytes.count)
    }

    package static func checksum(_ bytes: [UInt8], continuing previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0, continuing: previous) }
    }

    /// The same number without the processor's own instruction, for comparison in tests.
    package static func checksumByTables(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return shoal_crc32c_by_tables(0, start, bytes.count)
        }
    }
}
