/// The text with each scalar replaced by its simple case folding, so that texts which differ in case only become the
/// same.
///
/// Unicode 14.0, statuses C and S: one scalar for one scalar, so "ß" is not "ss"; no language's own rules (a Turkish
/// dotless i stays itself).
package func simpleCaseFold(_ text: Text) -> Text {
    let (isASCII, hasUpper) = text.withBytes { bytes in
        var all: UInt8 = 0
        var hasUpper = false
        for byte in bytes {
            all |= byte
            hasUpper = hasUpper || byte &- 0x41 < 26
        }
        return (all < 0x80, hasUpper)
    }
    if isASCII { return hasUpper ? lowerASCII(text) : text }
    var folded = String.UnicodeScalarView()
    for scalar in text.string.unicodeScalars { folded.append(simpleCaseFold(scalar)) }
    return Text(String(folded))
}

private func lowerASCII(_ text: Text) -> Text {
    text.withBytes { bytes in
        Text(
            String(unsafeUninitializedCapacity: bytes.count) { lower in
                for index in bytes.indices {
                    let byte = bytes[index]
                    lower[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
                }
                return bytes.count
            })
    }
}

/// The simple case folding of one scalar; itself when it has none.
package func simpleCaseFold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let value = scalar.value
    if value < 0x80 { return (0x41...0x5A).contains(value) ? Unicode.Scalar(value + 32) ?? scalar : scalar }
    var low = 0
    var high = simpleCaseFoldRanges.count
    while low < high {
        let middle = (low + high) / 2
        if simpleCaseFoldRanges[middle].last < value { low = middle + 1 } else { high = middle }
    }
    guard low < simpleCaseFoldRanges.count else { return scalar }
    let range = simpleCaseFoldRanges[low]
    guard value >= range.first, (value - range.first) % range.step == 0 else { return scalar }
    return UInt32(exactly: Int64(value) + Int64(range.delta)).flatMap(Unicode.Scalar.init) ?? scalar
}
