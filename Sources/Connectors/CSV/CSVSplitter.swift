import Columns

/// Finds records and cells in a piece of a CSV file (RFC 4180, with any line ending, and quotes in the middle of an
/// unquoted cell taken as they are).
///
/// What it finds depends on the bytes alone, never on how they were cut into pieces.
/// When a record is beyond repair only its first physical line is given up; splitting goes on behind that line.
struct CSVSplitter {
    let dialect: CSVDialect
    /// How many cells a good record has; the first record decides when nil.
    var cellCount: Int?
    /// The physical line the next record starts on.
    var line = 1
    /// Inside a record that is too long: everything up to the next line break is passed over.
    var isSkipping = false

    // What the batch under construction holds.
    var starts: [UInt32] = []
    var lengths: [UInt32] = []
    var records: [CSVBatch.Record] = []
    var unescaped: [UInt8] = []
    /// Whether the bytes up to here are nothing but rows without quotes, each with its line feed.
    private var isBare = true
    /// For the rows that need no thought, which are nearly all.
    private let quick: TableSplitter?

    /// As much of a record that is too long as is kept for the person to see.
    static let keptBytesOfLongRecord = 4096

    /// - Parameter takesSimpleRowsQuickly: false for tests of the way that can do everything.
    init(dialect: CSVDialect, cellCount: Int? = nil, line: Int = 1, takesSimpleRowsQuickly: Bool = true) {
        quick = takesSimpleRowsQuickly ? TableSplitter(rowsMax: 4_096) : nil
        self.dialect = dialect
        self.cellCount = cellCount
        self.line = line
    }

    /// How one attempt to find a record ended.
    enum Step {
        /// The next record starts here.
        case next(Int)
        /// The bytes end before the record does.
        case needMore
    }

    /// Takes all whole records from the front of `bytes` and says how many bytes they were.
    ///
    /// - Parameter isLast: nothing follows these bytes, so the last record needs no line break.
    /// - Complexity: O(bytes); a record that has to be given up may be looked at twice.
    mutating func split(_ bytes: [UInt8], isLast: Bool) -> (batch: CSVBatch, consumed: Int) {
        starts.reserveCapacity(bytes.count / 6)
        lengths.reserveCapacity(bytes.count / 6)
        var offset = 0
        isBare = true
        bytes.withUnsafeBufferPointer { pointer in
            while offset < pointer.count {
                offset = takeSimpleRecords(pointer, from: offset)
                guard offset < pointer.count else { break }
                guard case .next(let next) = takeRecord(pointer, from: offset, isLast: isLast) else { break }
                isBare = false
                offset = next
            }
        }
        let batch = CSVBatch(
            bytes: bytes, unescaped: unescaped, starts: starts, lengths: lengths, records: records, isBare: isBare)
        (starts, lengths, records, unescaped) = ([], [], [], [])
        return (batch, offset)
    }

    /// Takes records up to the first that needs a closer look, and answers where that one starts.
    private mutating func takeSimpleRecords(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let quick, let cellCount, cellCount > 0, !isSkipping else { return start }
        let form = TableSplitter.Form(
            delimiter: dialect.delimiter, quote: dialect.quote, cells: cellCount, rowBytesMax: dialect.recordBytesMax)
        var offset = start
        while offset < bytes.count {
            let found = quick.split(UnsafeBufferPointer(rebasing: bytes[offset...]), form)
            let base = UInt32(truncatingIfNeeded: offset)
            isBare = isBare && (found.isBare || found.consumed == 0)
            records.reserveCapacity(records.count + found.rows)
            for index in 0..<found.rows {
                let row = quick.row(index)
                let range = (offset + row.start)..<(offset + row.end)
                let isBad = row.mayBeHigh && !isValidUTF8(UnsafeBufferPointer(rebasing: bytes[range]))
                records.append(
                    CSVBatch.Record(
                        line: line + row.line, rawStart: range.lowerBound, rawEnd: range.upperBound,
                        firstCell: starts.count + index * cellCount, cellCount: cellCount,
                        problem: isBad ? .invalidUTF8 : nil))
            }
            let firstCell = starts.count
            starts.append(contentsOf: quick.starts(found.rows * cellCount))
            if base > 0 {
                starts.withUnsafeMutableBufferPointer { starts in
                    for cell in firstCell..<starts.count { starts[cell] = starts[cell] &+ base }
                }
            }
            lengths.append(contentsOf: quick.lengths(found.rows * cellCount))
            line += found.lines
            offset += found.consumed
            if found.consumed == 0 || found.rows == 0 { break }
        }
        return offset
    }

    // MARK: - One record

    /// Where a record starts, in the bytes and in the batch, so that it can be taken back.
    struct Mark {
        var start: Int
        var firstCell: Int
        var firstUnescaped: Int
        /// Behind the byte after the longest record, which may be the line break; or the end of the bytes.
        var scanEnd: Int
    }

    /// What has been seen of a record so far.
    struct Scan {
        var offset: Int
        var seen: UInt8 = 0
        var hasNul = false
        var lineBreaks = 0
    }

    private mutating func takeRecord(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isLast: Bool) -> Step {
        if isSkipping { return skipLine(bytes, from: start, isLast: isLast) }
        let mark = Mark(
            start: start, firstCell: starts.count, firstUnescaped: unescaped.count,
            scanEnd: min(bytes.count, start + dialect.recordBytesMax + 1))
        var scan = Scan(offset: start)
        while true {
            if let quote = dialect.quote, scan.offset < mark.scanEnd, bytes[scan.offset] == quote {
                guard takeQuotedCell(bytes, &scan, quote, mark.scanEnd, isLast: isLast) else {
                    return outOfBytes(bytes, at: scan.offset, mark, inQuotes: true, isLast: isLast)
                }
            } else {
                takePlainCell(bytes, &scan, mark.scanEnd)
            }
            guard scan.offset < mark.scanEnd else {
                if isLast, scan.offset == bytes.count, !isTooLong(scan.offset, mark) {
                    return finish(bytes, mark, scan, next: scan.offset)
                }
                return outOfBytes(bytes, at: scan.offset, mark, inQuotes: false, isLast: isLast)
            }
            switch bytes[scan.offset] {
            case 0x0A:
                scan.lineBreaks += 1
                return finish(bytes, mark, scan, next: scan.offset + 1)
            case 0x0D:
                let next = scan.offset + 1
                if next == bytes.count, !isLast { return takeBack(mark) }
                scan.lineBreaks += 1
                return finish(bytes, mark, scan, next: next < bytes.count && bytes[next] == 0x0A ? next + 1 : next)
            case dialect.delimiter:
                scan.offset += 1
            default:
                _ = takeBack(mark)
                return giveUp(.malformedQuote, bytes, from: start, isLast: isLast)
            }
        }
    }

    /// Leaves the offset at the delimiter or line break behind the cell, or at the end.
    @inline(__always)
    private mutating func takePlainCell(_ bytes: UnsafeBufferPointer<UInt8>, _ scan: inout Scan, _ scanEnd: Int) {
        let delimiter = dialect.delimiter
        // Nearly every byte of a cell is above all bytes that mean something.
        let highestSpecial = max(delimiter, 0x0D)
        let start = scan.offset
        var i = start
        var seen = scan.seen
        while i < scanEnd {
            let byte = bytes[i]
            seen |= byte
            if byte <= highestSpecial {
                if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
                if byte == 0 { scan.hasNul = true }
            }
            i += 1
        }
        scan.seen = seen
        scan.offset = i
        appendCell(from: start, to: i)
    }

    /// Like `takePlainCell`, from an opening quote; false when the closing quote is not in sight.
    private mutating func takeQuotedCell(
        _ bytes: UnsafeBufferPointer<UInt8>, _ scan: inout Scan, _ quote: UInt8, _ scanEnd: Int, isLast: Bool
    ) -> Bool {
        var isDoubled = false
        var i = scan.offset + 1
        let start = i
        defer { scan.offset = i }
        while true {
            guard i < scanEnd else { return false }
            let byte = bytes[i]
            if byte == quote {
                let next = i + 1
                if next == bytes.count {
                    if isLast { break }
                    return false
                }
                guard bytes[next] == quote else { break }
                isDoubled = true
                i += 2
                continue
            }
            if byte <= 0x0D {
                if byte == 0x0A {
                    scan.lineBreaks += 1
                } else if byte == 0x0D {
                    if i + 1 < bytes.count, bytes[i + 1] != 0x0A { scan.lineBreaks += 1 }
                } else if byte == 0 {
                    scan.hasNul = true
                }
            }
            scan.seen |= byte
            i += 1
        }
        if isDoubled {
            appendUnescaped(bytes, from: start, to: i, quote: quote)
        } else {
            appendCell(from: start, to: i)
        }
        i += 1
        while i < scanEnd, bytes[i] == 0x20 { i += 1 }
        return true
    }

    func isTooLong(_ offset: Int, _ mark: Mark) -> Bool { offset > mark.start + dialect.recordBytesMax }

    /// The scan has come to its end inside the record.
    private mutating func outOfBytes(
        _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, _ mark: Mark, inQuotes: Bool, isLast: Bool
    ) -> Step {
        _ = takeBack(mark)
        guard isTooLong(offset, mark) || isLast else { return .needMore }
        return giveUp(inQuotes ? .unterminatedQuote : .recordTooLong, bytes, from: mark.start, isLast: isLast)
    }

    mutating func takeBack(_ mark: Mark) -> Step {
        starts.removeSubrange(mark.firstCell...)
        lengths.removeSubrange(mark.firstCell...)
        unescaped.removeSubrange(mark.firstUnescaped...)
        return .needMore
    }

    private mutating func appendCell(from start: Int, to end: Int) {
        starts.append(UInt32(truncatingIfNeeded: start))
        lengths.append(UInt32(truncatingIfNeeded: end - start))
    }

    private mutating func appendUnescaped(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, quote: UInt8
    ) {
        let offset = unescaped.count
        var i = start
        while i < end {
            unescaped.append(bytes[i])
            i += bytes[i] == quote ? 2 : 1
        }
        starts.append(UInt32(truncatingIfNeeded: offset) | CSVBatch.unescapedMark)
        lengths.append(UInt32(truncatingIfNeeded: unescaped.count - offset))
    }
}
