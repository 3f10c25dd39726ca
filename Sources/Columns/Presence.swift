/// Which rows of a block have a value in a column.
///
/// ```
/// offset  size  field
///      0     1  form: 0 = all rows, 1 = bitmap, 2 = list of rows
///      1     3  zero
///      4     4  how many rows have a value
///      8     …  form 1: one bit per row, lowest first, in 64-bit words; form 2: `IntegerChunk` of ascending rows
/// ```
///
/// The form is whichever is the shortest. Values stand in the column in the order of the rows that have one.
package enum Presence: Hashable, Sendable {
    case all(rows: Int)
    case bitmap(words: [UInt64], rows: Int, present: Int)
    case list([UInt32], rows: Int)

    private enum Form {
        static let all: UInt8 = 0
        static let bitmap: UInt8 = 1
        static let list: UInt8 = 2
    }

    /// How many rows have a value.
    package var count: Int {
        switch self {
        case .all(let rows): rows
        case .bitmap(_, _, let present): present
        case .list(let list, _): list.count
        }
    }

    // MARK: - Writing

    /// Appends the presence of the ascending `present` rows among `rows`.
    package static func append(_ present: [UInt32], rows: Int, to bytes: inout [UInt8]) {
        let form: UInt8
        let bitmapBytes = (rows + 63) / 64 * 8
        if present.count == rows {
            form = Form.all
        } else if present.count * 2 + 40 < bitmapBytes {
            form = Form.list
        } else {
            form = Form.bitmap
        }
        bytes.append(form)
        bytes.append(contentsOf: [0, 0, 0])
        bytes.appendLittleEndian(UInt32(present.count))
        switch form {
        case Form.bitmap:
            var words = [UInt64](repeating: 0, count: (rows + 63) / 64)
            for row in present { words[Int(row >> 6)] |= 1 << UInt64(row & 63) }
            for word in words { bytes.appendLittleEndian(word) }
        case Form.list:
            IntegerChunk.appendDifferences(present.map { Int64($0) }, to: &bytes)
        default:
            break
        }
    }

    // MARK: - Reading

    package init(_ reader: inout ByteReader, rows: Int) throws(ColumnError) {
        let start = reader.offset
        let form = try reader.read(UInt8.self)
        try reader.skip(3)
        let present = try reader.readCount()
        guard present <= rows else { throw .inconsistent(.presenceCount) }
        switch form {
        case Form.all:
            guard present == rows else { throw .inconsistent(.presenceCount) }
            self = .all(rows: rows)
        case Form.bitmap:
            let wordCount = (rows + 63) / 64
            let raw = try reader.slice(wordCount * 8)
            let words = (0..<wordCount).map {
                UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
            }
            let bits = words.reduce(0) { $0 + $1.nonzeroBitCount }
            let beyond = rows % 64 == 0 ? 0 : (words.last ?? 0) >> UInt64(rows % 64)
            guard bits == present, beyond == 0 else { throw .inconsistent(.presenceCount) }
            self = .bitmap(words: words, rows: rows, present: present)
        case Form.list:
            let chunk = try IntegerChunk(&reader, atMost: rows)
            guard chunk.count == present else { throw .inconsistent(.presenceCount) }
            let list = try chunk.indexes(below: rows)
            var previous = -1
            for row in list {
                guard Int(row) > previous else { throw .inconsistent(.rowsNotAscending) }
                previous = Int(row)
            }
            self = .list(list, rows: rows)
        default:
            throw .unknownEncoding(offset: start, found: Int(form))
        }
    }

    /// Which values belong to the rows of `range`: their positions among the values, and their rows counted from the
    /// start of the range.
    package func slice(_ range: Range<Int>) -> (values: Range<Int>, rows: Presence) {
        switch self {
        case .all:
            return (range, .all(rows: range.count))
        case .list(let list, _):
            let lower = partition(list) { Int($0) >= range.lowerBound }
            let upper = partition(list) { Int($0) >= range.upperBound }
            let rows = list[lower..<upper].map { $0 - UInt32(range.lowerBound) }
            return (lower..<upper, .list(rows, rows: range.count))
        case .bitmap(let words, _, _):
            var before = 0
            for word in 0..<(range.lowerBound / 64) { before += words[word].nonzeroBitCount }
            if range.lowerBound % 64 != 0 {
                let mask = (UInt64(1) << UInt64(range.lowerBound % 64)) - 1
                before += (words[range.lowerBound / 64] & mask).nonzeroBitCount
            }
            var rows: [UInt32] = []
            for row in range where words[row / 64] & (1 << UInt64(row % 64)) != 0 {
                rows.append(UInt32(row - range.lowerBound))
            }
            return (before..<(before + rows.count), .list(rows, rows: range.count))
        }
    }

    /// Calls `body` with each row that has a value, ascending.
    @inline(__always)
    package func forEachRow(_ body: (Int) -> Void) {
        switch self {
        case .all(let rows):
            for row in 0..<rows { body(row) }
        case .list(let list, _):
            for row in list { body(Int(row)) }
        case .bitmap(let words, _, _):
            for (index, word) in words.enumerated() {
                var rest = word
                while rest != 0 {
                    body(index &* 64 &+ rest.trailingZeroBitCount)
                    rest &= rest &- 1
                }
            }
        }
    }

    /// The first position of `list` that satisfies `predicate`; all after it do too.
    private func partition(_ list: [UInt32], where predicate: (UInt32) -> Bool) -> Int {
        var (lower, upper) = (0, list.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if predicate(list[middle]) { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}
