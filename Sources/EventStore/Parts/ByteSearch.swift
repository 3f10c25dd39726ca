import Glibc

/// Whether `bytes` contain `part`.
func contains(_ bytes: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress, let wanted = part.baseAddress, part.count <= bytes.count else {
        return part.isEmpty
    }
    return memmem(start, bytes.count, wanted, part.count) != nil
}
