/// A column of a block whose rows are cut into sections: each section has its own presence, base and width.
///
/// ```
/// offset  size  field
///      0     4  how many sections have values
///      4     8  factor: every packed number is multiplied with it
///     12    24  for each of those sections, ascending:
///                 0  4  which section
///                 4  1  presence: 0 = all rows, 1 = bitmap, 2 = list of rows
///                 5  1  0 = a value for each row that has one, 1 = one for each run of rows, all of them alike
///                 6  1  width of a packed value in bits, 0…64
///                 7  1  zero
///                 8  4  how many rows have a value
///                12  4  bytes of its presence and values
///                16  8  base
///      …     …  the sections' presence (bitmap: a bit per row, lowest first; list: rows packed in as many bits as the
///               largest row of the section needs), then `base + factor * packed`, each beginning at a full byte
///      …     8  zero
/// ```
///
/// Rows count from 0 in each section. A section that is not named has no values.
package struct SectionedValues {
    enum Form {
        static let all: UInt8 = 0
        static let bitmap: UInt8 = 1
        static let list: UInt8 = 2
    }

    static let headerSize = 12
    static let entrySize = 24

    /// How many rows a section has, and in how many runs.
    package struct Shape {
        package let rows: Int
        package let runs: Int

        package init(rows: Int, runs: Int) {
            self.rows = rows
            self.runs = runs
        }
    }

    /// The values of one section, checked as far as that goes without reading them.
    package struct Section {
        package let section: Int
        /// How many rows have a value.
        package let count: Int
        package let rows: Int
        let form: UInt8
        let isPerRun: Bool
        let width: Int
        let base: Int64
        let factor: Int64
        /// Presence, then values; with the padding.
        let presence: UnsafeRawBufferPointer
        let values: UnsafeRawBufferPointer

        var rowWidth: Int { BitPacking.width(of: UInt64(max(rows - 1, 0))) }
    }

    /// Ascending by section.
    package let sections: [Section]

    /// Reads the headers; nothing may follow the values.
    package init(_ bytes: UnsafeRawBufferPointer, shapes: [Shape]) throws(ColumnError) {
        var reader = ByteReader(bytes)
        let count = try reader.readCount()
        guard count <= shapes.count else { throw .inconsistent(.countTooLarge) }
        let factor = try reader.read(Int64.self)
        var sections: [Section] = []
        sections.reserveCapacity(count)
        var offset = Self.headerSize + count * Self.entrySize
        var previous = -1
        for _ in 0..<count {
            let section = try reader.readCount()
            guard section > previous, section < shapes.count else { throw .inconsistent(.rowsNotAscending) }
            previous = section
            sections.append(try Self.section(&reader, bytes, section, shapes[section], factor, &offset))
        }
        guard offset + BitPacking.padding == bytes.count else { throw .inconsistent(.trailingBytes) }
        self.sections = sections
    }

    private static func section(
        _ reader: inout ByteReader, _ bytes: UnsafeRawBufferPointer, _ section: Int, _ shape: Shape, _ factor: Int64,
        _ offset: inout Int
    ) throws(ColumnError) -> Section {
        let start = reader.offset
        let (form, perRun) = (try reader.read(UInt8.self), try reader.read(UInt8.self))
        let width = Int(try reader.read(UInt8.self))
        guard form <= Form.list, perRun <= 1, try reader.read(UInt8.self) == 0 else {
            throw .unknownEncoding(offset: start, found: Int(form))
        }
        let count = try reader.readCount()
        let size = try reader.readCount()
        let base = try reader.read(Int64.self)
        guard width <= 64 else { throw .inconsistent(.widthTooLarge) }
        guard count <= shape.rows, form != Form.all || count == shape.rows, perRun == 0 || form == Form.all else {
            throw .inconsistent(.presenceCount)
        }
        let rowWidth = BitPacking.width(of: UInt64(max(shape.rows - 1, 0)))
        let presence =
            form == Form.bitmap
            ? (shape.rows + 7) / 8
            : form == Form.list ? BitPacking.bareByteCount(count: count, width: rowWidth) : 0
        let values = BitPacking.bareByteCount(count: perRun == 1 ? shape.runs : count, width: width)
        guard size == presence + values else { throw .inconsistent(.presenceCount) }
        guard size <= bytes.count - BitPacking.padding - offset else {
            throw .truncated(offset: offset, needed: size, available: bytes.count - BitPacking.padding - offset)
        }
        defer { offset += size }
        return Section(
            section: section, count: count, rows: shape.rows, form: form, isPerRun: perRun == 1, width: width,
            base: base, factor: factor, presence: UnsafeRawBufferPointer(rebasing: bytes[offset...]),
            values: UnsafeRawBufferPointer(rebasing: bytes[(offset + presence)...]))
    }

    /// The values of a section; nil when it has none.
    package func section(_ number: Int) -> Section? {
        var (lower, upper) = (0, sections.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if sections[middle].section < number { lower = middle + 1 } else { upper = middle }
        }
        return lower < sections.count && sections[lower].section == number ? sections[lower] : nil
    }
}

extension SectionedValues.Section {
    /// Writes the codes of `range`'s rows, each plus one, from `output` on; 0 for a row without one.
    ///
    /// - Parameters:
    ///   - starts: the row at which each run of the section begins, and their end; counted from `starts[0]`.
    ///   - limit: codes must lie below it.
    package func codes(
        _ range: Range<Int>, runs starts: [UInt32], below limit: Int, to output: UnsafeMutablePointer<UInt32>
    ) throws(ColumnError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        guard base >= 0, base < Int64(limit), limit < 1 << 28, factor == 1, width <= 30 else {
            throw .inconsistent(.codeOutOfRange)
        }
        let shift = UInt32(truncatingIfNeeded: base) &+ 1
        if isPerRun {
            forEachRun(range, starts) { value, rows in
                let code = UInt32(truncatingIfNeeded: value) &+ shift
                (output + rows.lowerBound).update(repeating: code, count: rows.count)
            }
        } else if form == SectionedValues.Form.all {
            // Some at a time, which are quick to reach when they are checked.
            var done = 0
            while done < range.count {
                let count = min(range.count - done, 1_024)
                BitPacking.unpack(
                    values, from: range.lowerBound + done, count: count, width: width, adding: shift, to: output + done)
                try check(output + done, count, below: limit)
                done += count
            }
            return
        } else {
            output.update(repeating: 0, count: range.count)
            try forEachPresent(range) { value, row in
                output[row] = UInt32(truncatingIfNeeded: value) &+ shift
            }
        }
        try check(output, range.count, below: limit)
    }

    /// - Parameter codes: each plus one.
    private func check(_ codes: UnsafeMutablePointer<UInt32>, _ count: Int, below limit: Int) throws(ColumnError) {
        // Some widths hold no code beyond the limit.
        if base + 1 << Int64(width) <= Int64(limit) { return }
        // A code beyond the limit, which is below 2^31, leaves the highest bit.
        let largest = UInt32(truncatingIfNeeded: limit)
        var bits: UInt32 = 0
        for place in 0..<count { bits |= largest &- codes[place] }
        guard bits < 1 << 31 else { throw .inconsistent(.codeOutOfRange) }
    }

    /// Writes the numbers of `range`'s rows from `output` on; 0 for a row without one.
    package func numbers(
        _ range: Range<Int>, runs starts: [UInt32], to output: UnsafeMutablePointer<Int64>
    ) throws(ColumnError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        let (base, factor) = (base, factor)
        if isPerRun {
            forEachRun(range, starts) { value, rows in
                let number = base &+ factor &* Int64(bitPattern: value)
                (output + rows.lowerBound).update(repeating: number, count: rows.count)
            }
        } else if form == SectionedValues.Form.all {
            BitPacking.unpack(
                values, from: range.lowerBound, count: range.count, width: width, base: base, factor: factor,
                to: output)
        } else {
            output.update(repeating: 0, count: range.count)
            try forEachPresent(range) { value, row in output[row] = base &+ factor &* Int64(bitPattern: value) }
        }
    }

    /// Whether every row has a value.
    package var hasAll: Bool { form == SectionedValues.Form.all }

    /// Calls `body` with each row of `range` that has a value, counted from the start of the range, and its number.
    package func forEachNumber(
        _ range: Range<Int>, runs starts: [UInt32], _ body: (Int64, Int) -> Void
    ) throws(ColumnError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        if isPerRun {
            forEachRun(range, starts) { value, rows in
                for row in rows { body(base &+ factor &* Int64(bitPattern: value), row) }
            }
        } else if hasAll {
            for row in range {
                let value = BitPacking.value(at: row, width: width, in: values)
                body(base &+ factor &* Int64(bitPattern: value), row - range.lowerBound)
            }
        } else {
            try forEachPresent(range) { value, row in body(base &+ factor &* Int64(bitPattern: value), row) }
        }
    }

    /// Calls `body` with the packed value of each run that has rows in `range`, and which rows of the range these are.
    @inline(__always)
    private func forEachRun(_ range: Range<Int>, _ starts: [UInt32], _ body: (UInt64, Range<Int>) -> Void) {
        guard !range.isEmpty else { return }
        let first = Int(starts[0])
        // The last run that begins at or before the range.
        var (lower, upper) = (0, starts.count - 1)
        while lower < upper {
            let middle = (lower + upper + 1) / 2
            if Int(starts[middle]) - first <= range.lowerBound { lower = middle } else { upper = middle - 1 }
        }
        starts.withUnsafeBufferPointer { starts in
            var run = lower
            var row = range.lowerBound
            while row < range.upperBound, run + 1 < starts.count {
                let end = min(Int(starts[run + 1]) &- first, range.upperBound)
                let value = BitPacking.value(at: run, width: width, in: values)
                body(value, (row &- range.lowerBound)..<(end &- range.lowerBound))
                row = end
                run &+= 1
            }
        }
    }

    /// Calls `body` with the packed value of each row of `range` that has one, and the row counted from the range's.
    @inline(__always)
    private func forEachPresent(_ range: Range<Int>, _ body: (UInt64, Int) -> Void) throws(ColumnError) {
        if form == SectionedValues.Form.list { return try forEachListed(range, body) }
        var place = 0
        for byte in 0..<(range.lowerBound >> 3) { place &+= presence[byte].nonzeroBitCount }
        if range.lowerBound & 7 != 0 {
            let before = (UInt8(1) << UInt8(range.lowerBound & 7)) &- 1
            place &+= (presence[range.lowerBound >> 3] & before).nonzeroBitCount
        }
        for row in range where presence[row >> 3] & (1 << UInt8(truncatingIfNeeded: row & 7)) != 0 {
            guard place < count else { throw .inconsistent(.presenceCount) }
            body(BitPacking.value(at: place, width: width, in: values), row &- range.lowerBound)
            place &+= 1
        }
        guard range.upperBound < rows || place == count else { throw .inconsistent(.presenceCount) }
    }

    @inline(__always)
    private func forEachListed(_ range: Range<Int>, _ body: (UInt64, Int) -> Void) throws(ColumnError) {
        let rowWidth = rowWidth
        var (lower, upper) = (0, count)
        while lower < upper {
            let middle = (lower + upper) / 2
            let row = Int(truncatingIfNeeded: BitPacking.value(at: middle, width: rowWidth, in: presence))
            if row < range.lowerBound { lower = middle + 1 } else { upper = middle }
        }
        var previous = range.lowerBound - 1
        for place in lower..<count {
            let row = Int(truncatingIfNeeded: BitPacking.value(at: place, width: rowWidth, in: presence))
            guard row > previous, row < rows else { throw .inconsistent(.rowsNotAscending) }
            if row >= range.upperBound { return }
            previous = row
            body(BitPacking.value(at: place, width: width, in: values), row &- range.lowerBound)
        }
    }
}
