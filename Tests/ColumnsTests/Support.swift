import Columns

/// Lends a reader over `bytes` to `body`.
func withReader<Result>(
    _ bytes: [UInt8], _ body: (inout ByteReader) throws(ColumnError) -> Result
) throws(ColumnError) -> Result {
    // The buffer must outlive the error, so the result is carried out of the closure as a value.
    let answer: Swift.Result<Result, ColumnError> = bytes.withUnsafeBytes { buffer in
        var reader = ByteReader(buffer)
        do throws(ColumnError) {
            return .success(try body(&reader))
        } catch {
            return .failure(error)
        }
    }
    return try answer.get()
}

/// SplitMix64, so that a test's seed makes the same numbers everywhere.
struct SplitMix {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
