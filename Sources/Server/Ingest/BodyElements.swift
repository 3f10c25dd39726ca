/// Where the elements of an array of JSON lie in its bytes.
///
/// For JSON that was read before: what is not JSON gives nothing of use, but nothing is read outside of the bytes.
struct BodyElements {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The elements of the array under a key of the outermost object; nil when there is no such array.
    ///
    /// - Parameter key: of letters alone. Where it occurs more than once, the last counts, as everywhere.
    func elements(ofArray key: StaticString) -> [Range<Int>]? {
        var found: [Range<Int>]?
        var index = skipSpace(0)
        guard index < bytes.count, bytes[index] == UInt8(ascii: "{") else { return nil }
        index = skipSpace(index + 1)
        while index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
            let nameEnd = endOfString(index)
            let isKey = key.withUTF8Buffer { bytes[(index + 1)..<max(nameEnd - 1, index + 1)].elementsEqual($0) }
            index = skipSpace(nameEnd)
            guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
            index = skipSpace(index + 1)
            let end = endOfValue(index)
            if isKey { found = index < bytes.count && bytes[index] == UInt8(ascii: "[") ? elements(index..<end) : nil }
            index = skipSpace(end)
            guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else { break }
            index = skipSpace(index + 1)
        }
        return found
    }

    private func elements(_ array: Range<Int>) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        var index = skipSpace(array.lowerBound + 1)
        while index < array.upperBound - 1 {
            let end = endOfValue(index)
            guard end > index else { break }
            elements.append(index..<end)
            index = skipSpace(end)
            guard index < array.upperBound - 1, bytes[index] == UInt8(ascii: ",") else { break }
            index = skipSpace(index + 1)
        }
        return elements
    }

    private func skipSpace(_ start: Int) -> Int {
        var index = start
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
        return index
    }

    /// The end of a string that begins at an index.
    private func endOfString(_ start: Int) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.count)
    }

    private func endOfValue(_ start: Int) -> Int {
        var index = start
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): index = endOfString(index)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return index }
                depth -= 1
                index += 1
            case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return index }
                index += 1
            default: index += 1
            }
            if depth == 0, index < bytes.count, index > start,
                [UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "\"")].contains(bytes[index - 1])
            {
                return index
            }
        }
        return index
    }
}
