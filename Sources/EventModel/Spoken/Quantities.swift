/// A whole number with a comma after each three digits: 1,234,567.
package func grouped(_ number: Int) -> String {
    groupedDigits(String(number.magnitude), sign: number < 0 ? "−" : "")
}

/// A plain decimal text ("3399308.67", "-0.5") with groups; to so many places, halves away from zero.
///
/// - Parameter places: nil keeps the digits as they are.
/// - Returns: the text unchanged when it is no plain decimal.
package func groupedDecimal(_ text: String, places: Int? = nil) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, parts.count <= 2,
        parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return text }
    var digits = Array(whole.utf8)
    var fraction = parts.count == 2 ? Array(parts[1].utf8) : []
    if let places {
        let roundsUp = fraction.count > places && fraction[places] >= 53
        fraction = Array(fraction.prefix(places)) + [UInt8](repeating: 48, count: max(0, places - fraction.count))
        if roundsUp { increment(&digits, &fraction) }
    }
    let isZero = (digits + fraction).allSatisfy { $0 == 48 }
    let wholeText = groupedDigits(String(decoding: digits, as: UTF8.self), sign: isNegative && !isZero ? "−" : "")
    return fraction.isEmpty ? wholeText : wholeText + "." + String(decoding: fraction, as: UTF8.self)
}

/// A share of 0...1 as percent with one decimal: "12.3 %"; a share above 0 that rounds to 0.0 reads "<0.1 %".
package func percentage(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    let tenths = (share * 1000).rounded()
    guard tenths.magnitude < 1e15 else { return "–" }
    if tenths == 0, share > 0 { return "<0.1 %" }
    let whole = Int(tenths)
    return "\(grouped(whole / 10)).\((whole % 10).magnitude) %"
}

package func percentage(_ part: Int, of whole: Int) -> String {
    whole > 0 ? percentage(Double(part) / Double(whole)) : "–"
}

/// Bytes in the largest unit that leaves at least 1: "512 B", "3.4 MB" (powers of 1,000).
package func byteSize(_ bytes: Int) -> String {
    var amount = Double(bytes)
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        if amount < 999.5 || unit == "TB" {
            let tenths = Int((amount * 10).rounded())
            let isExact = unit == "B" || tenths >= 1000
            return isExact ? "\(grouped(tenths / 10)) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        amount /= 1000
    }
    return "\(grouped(bytes)) B"
}

/// A count with its noun: "1 profile", "2,469 profiles".
package func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? singular : plural ?? singular + "s")"
}

/// A length of time as people say it, in its two largest units: "3 d 4 h", "1 min 5 s", "0.4 s".
package func spokenDuration(milliseconds: Int64) -> String {
    let length = milliseconds.magnitude
    if length < 10_000 {
        let tenths = (length + 50) / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
    let units: [(String, UInt64)] = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000)]
    guard let largest = units.firstIndex(where: { length >= $0.1 }) else { return "0 s" }
    let (name, size) = units[largest]
    let head = "\(grouped(Int(length / size))) \(name)"
    guard largest + 1 < units.count else { return head }
    let (restName, restSize) = units[largest + 1]
    let rest = length % size / restSize
    return rest == 0 ? head : "\(head) \(rest) \(restName)"
}

private func groupedDigits(_ digits: String, sign: String) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.utf8.count - index) % 3 == 0 { result += "," }
        result.append(digit)
    }
    return sign + result
}

/// Adds one to the last digit of a number written as whole and fraction digits.
private func increment(_ digits: inout [UInt8], _ fraction: inout [UInt8]) {
    if carry(into: &fraction), carry(into: &digits) { digits.insert(49, at: 0) }
}

private func carry(into digits: inout [UInt8]) -> Bool {
    for index in digits.indices.reversed() {
        if digits[index] < 57 {
            digits[index] += 1
            return false
        }
        digits[index] = 48
    }
    return true
}
