internal import CBytes

/// Whether `part` occurs in `bytes`; nothing occurs everywhere.
package func contains(_ bytes: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer) -> Bool {
    guard let wanted = part.baseAddress, part.count > 0 else { return true }
    guard let start = bytes.baseAddress else { return false }
    return shoal_contains(start, bytes.count, wanted, part.count)
}
