import Columns

/// The times of a block: of each run the first one, and how long after the one before each other row came.
///
/// ```
/// for each section of the block, in order (16):
///    0  8  smallest first time of a run
///    8  1  width of a packed first time in bits
///    9  3  zero
///   12  4  bytes of the section
/// then for each section the first times less the smallest, packed (`BitPacking`, without padding), and the differences
/// between neighbours in a run (`PatchedFrames`)
/// ```
struct TimesCoding {
    private struct Section {
        let smallest: Int64
        let width: Int
        let firsts: UnsafeRawBufferPointer
        let frames: UnsafeRawBufferPointer
    }

    private static let entrySize = 16

    private let sections: [Section]
    private let directory: BlockDirectory

    static func encode(_ times: [Int64], _ sections: [HistoryBlock.Section]) -> [UInt8] {
        var header: [UInt8] = []
        var body: [UInt8] = []
        for section in sections {
            var firsts: [Int64] = []
            var differences: [UInt64] = []
            firsts.reserveCapacity(section.profiles.count)
            differences.reserveCapacity(section.rows.count)
            for run in section.profiles.indices {
                let rows = Int(section.starts[run])..<Int(section.starts[run + 1])
                firsts.append(times[rows.lowerBound])
                for row in rows.dropFirst() {
                    differences.append(UInt64(bitPattern: times[row] &- times[row - 1]))
                }
            }
            let smallest = firsts.min() ?? 0
            let packed = firsts.map { UInt64(bitPattern: $0 &- smallest) }
            let width = BitPacking.width(of: packed.max() ?? 0)
            let before = body.count
            packed.withUnsafeBufferPointer { BitPacking.appendBits($0, width: width, to: &body) }
            PatchedFrames.append(differences, to: &body)
            header.appendLittleEndian(smallest)
            header.append(contentsOf: [UInt8(width), 0, 0, 0])
            header.appendLittleEndian(UInt32(body.count - before))
        }
        return header + body
    }

    init(_ bytes: UnsafeRawBufferPointer, _ directory: BlockDirectory) throws(ColumnError) {
        var reader = ByteReader(bytes)
        var sections: [Section] = []
        sections.reserveCapacity(directory.sections.count)
        var offset = directory.sections.count * Self.entrySize
        for section in directory.sections {
            let smallest = try reader.readInt64()
            let width = Int(try reader.readUInt8())
            guard width <= 64 else { throw .inconsistent(.widthTooLarge) }
            try reader.skip(3)
            let size = try reader.readCount()
            let firsts = BitPacking.bareByteCount(count: section.profiles.count, width: width)
            guard offset <= bytes.count, size <= bytes.count - offset, firsts + BitPacking.padding <= size else {
                throw .truncated(offset: offset, needed: size, available: max(0, bytes.count - offset))
            }
            sections.append(
                Section(
                    smallest: smallest, width: width,
                    firsts: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)]),
                    frames: UnsafeRawBufferPointer(rebasing: bytes[(offset + firsts)..<(offset + size)])))
            offset += size
        }
        guard offset == bytes.count else { throw .inconsistent(.trailingBytes) }
        self.sections = sections
        self.directory = directory
    }

    /// Where the frames of a section begin.
    func frameOffsets(_ section: Int) throws(ColumnError) -> [Int] {
        let stored = directory.sections[section]
        return try PatchedFrames.offsets(sections[section].frames, count: stored.rows.count - stored.profiles.count)
    }

    /// The times of some rows; the ranges of the selection are made of whole runs.
    ///
    /// - Parameter offsets: per piece of the selection what `frameOffsets` gave for its section.
    func times(of selection: RowSelection, offsets: [[Int]]) -> [Int64] {
        [Int64](unsafeUninitializedCapacity: selection.count) { buffer, initialized in
            initialized = selection.count
            guard let output = buffer.baseAddress else { return }
            for (piece, offsets) in zip(selection.pieces, offsets) {
                var start = piece.start
                for range in piece.ranges {
                    decode(piece.section, range, offsets, to: output + start)
                    start += range.count
                }
            }
        }
    }

    private func decode(
        _ number: Int, _ rows: Range<Int>, _ offsets: [Int], to output: UnsafeMutablePointer<Int64>
    ) {
        let section = sections[number]
        let stored = directory.sections[number]
        let count = stored.rows.count - stored.profiles.count
        stored.starts.withUnsafeBufferPointer { starts in
            let firstRow = starts[0]
            let first = Self.run(at: rows.lowerBound, starts)
            let end = Self.run(at: rows.upperBound, starts)
            let runs = end - first
            // The differences go behind the place of the firsts; summing up from the front never overtakes them.
            PatchedFrames.unpack(
                section.frames, offsets, count: count, (rows.lowerBound - first)..<(rows.upperBound - end),
                to: output + runs)
            withUnsafeTemporaryAllocation(of: Int64.self, capacity: max(runs, 1)) { firsts in
                guard let firstTimes = firsts.baseAddress else { return }
                BitPacking.unpack(
                    section.firsts, from: first, count: runs, width: section.width, base: section.smallest, factor: 1,
                    to: firstTimes)
                var row = 0
                var next = runs
                for run in 0..<runs {
                    var time = firstTimes[run]
                    output[row] = time
                    row &+= 1
                    let last = Int(starts[first &+ run &+ 1] &- firstRow) &- rows.lowerBound
                    while row < last {
                        time = time &+ output[next]
                        output[row] = time
                        row &+= 1
                        next &+= 1
                    }
                }
            }
        }
    }

    /// The run that begins at a row of the section, or the count of runs at its end.
    private static func run(at row: Int, _ starts: UnsafeBufferPointer<UInt32>) -> Int {
        let wanted = starts[0] + UInt32(row)
        var (lower, upper) = (0, starts.count - 1)
        while lower < upper {
            let middle = (lower + upper) / 2
            if starts[middle] < wanted { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
