import Columns
import EventModel

/// Reads selected rows, or items, out of a column chunk (`ColumnCoding`).
struct ColumnDecoder {
    private let isDecimals: Bool
    private let exponent: Int32
    /// Per section of the block, its values if they are wanted.
    private let sections: [SectionedValues.Section?]
    private let rows: RowSelection
    /// Per section of the block, where its runs begin.
    private let starts: [[UInt32]]

    /// - Parameters:
    ///   - shapes: of the sections of the block.
    ///   - starts: as in `BlockLayout`; of each section they may count from any number.
    ///   - isWanted: by section of the block, whether its cells are; nil: all. Others read as missing.
    init(
        _ chunk: UnsafeRawBufferPointer, shapes: [SectionedValues.Shape], starts: [[UInt32]], rows: RowSelection,
        isWanted: [Bool]? = nil
    ) throws(ColumnError) {
        var reader = ByteReader(chunk)
        let layout = try reader.readUInt8()
        guard layout == ColumnCoding.Layout.dictionary || layout == ColumnCoding.Layout.decimals else {
            throw .unknownEncoding(offset: 0, found: Int(layout))
        }
        try reader.skip(3)
        isDecimals = layout == ColumnCoding.Layout.decimals
        exponent = try reader.readInt32()
        guard (-12...0).contains(exponent) else { throw .unknownEncoding(offset: 4, found: Int(exponent)) }
        try reader.skip(16)
        let values = try SectionedValues(try reader.slice(reader.remaining), shapes: shapes)
        var sections = [SectionedValues.Section?](repeating: nil, count: shapes.count)
        for section in values.sections where isWanted?[section.section] ?? true { sections[section.section] = section }
        self.sections = sections
        self.starts = starts
        self.rows = rows
    }

    /// Whether no selected section has a value.
    var isEmpty: Bool { !rows.pieces.contains { sections[$0.section] != nil } }

    /// Few values for so many rows are kept as a list: fewer than an eighth of the rows of the sections that have some,
    /// or sections that are next to nothing beside the rows between them.
    private var isSparse: Bool {
        guard rows.count > 4_096 else { return false }
        var having = 0
        var present = 0
        for piece in rows.pieces {
            guard let section = sections[piece.section] else { continue }
            having += piece.count
            present += section.count * piece.count / max(section.rows, 1)
        }
        return present * 8 < having || having * 64 < covered.count
    }

    /// The column.
    ///
    /// - Parameter dictionary: the column's dictionary; asked for when there is one.
    func column(
        dictionary: () throws(EventStoreError) -> CellDictionary, failing: (ColumnError) -> EventStoreError
    ) throws(EventStoreError) -> Column {
        let dictionary = isDecimals ? nil : try dictionary()
        do throws(ColumnError) {
            guard let dictionary else { return isSparse ? try sparse([]) : try decimals() }
            let storage = isSparse ? try sparse(dictionary.cells).storage : try codes(dictionary.cells)
            return Column(storage, numbers: dictionary.numbers)
        } catch {
            throw failing(error)
        }
    }

    /// The selected rows from the first section that has values to the last; at least one has some.
    private var covered: Range<Int> {
        let having = rows.pieces.filter { sections[$0.section] != nil }
        guard let first = having.first, let last = having.last else { return 0..<0 }
        return first.start..<(last.start + last.count)
    }

    private func codes(_ cells: [Cell]) throws(ColumnError) -> Column.Storage {
        let codes = try numbers(covered) {
            (section, range, runs, output: UnsafeMutablePointer<UInt32>) throws(ColumnError) in
            try section.codes(range, runs: runs, below: cells.count - 1, to: output)
        }
        return .dictionary(codes: codes, values: cells)
    }

    private func decimals() throws(ColumnError) -> Column {
        var present = Bitmap(capacity: rows.count)
        for piece in rows.pieces {
            guard let section = sections[piece.section] else { continue }
            if section.hasAll {
                present.insert(piece.start..<(piece.start + piece.count))
                continue
            }
            var start = piece.start
            for range in piece.ranges {
                try section.forEachNumber(range, runs: starts[piece.section]) { _, row in present.insert(start + row) }
                start += range.count
            }
        }
        let scaled = try numbers(covered) {
            (section, range, runs, output: UnsafeMutablePointer<Int64>) throws(ColumnError) in
            try section.numbers(range, runs: runs, to: output)
        }
        return Column(.decimals(scaled: scaled, exponent: exponent, present: present))
    }

    /// The numbers of some selected rows, whole pieces of the selection; 0 for those of sections without values.
    ///
    /// - Parameter write: writes those of a range of a section's rows to a place.
    @inline(__always)
    private func numbers<Number: FixedWidthInteger>(
        _ covered: Range<Int>,
        _ write: (SectionedValues.Section, Range<Int>, [UInt32], UnsafeMutablePointer<Number>) throws(ColumnError) ->
            Void
    ) throws(ColumnError) -> ColumnSlice<Number> {
        var failure: ColumnError?
        let numbers = [Number](unsafeUninitializedCapacity: covered.count) { buffer, initialized in
            initialized = covered.count
            guard let output = buffer.baseAddress else { return }
            do throws(ColumnError) {
                for piece in rows.pieces where covered.contains(piece.start) {
                    var place = output + (piece.start - covered.lowerBound)
                    guard let section = sections[piece.section] else {
                        place.update(repeating: 0, count: piece.count)
                        continue
                    }
                    for range in piece.ranges {
                        try write(section, range, starts[piece.section], place)
                        place += range.count
                    }
                }
            } catch {
                failure = error
                output.update(repeating: 0, count: covered.count)
            }
        }
        if let failure { throw failure }
        return ColumnSlice(numbers, first: covered.lowerBound)
    }

    private func sparse(_ cells: [Cell]) throws(ColumnError) -> Column {
        var places: [UInt32] = []
        var numbers: [Int64] = []
        try rows.forEachRange { section, range, start throws(ColumnError) in
            try sections[section]?.forEachNumber(range, runs: starts[section]) { number, row in
                places.append(UInt32(start + row))
                numbers.append(number)
            }
        }
        if isDecimals {
            let values = [.missing] + numbers.map { Cell.number(Decimal128(scaled: $0, exponent: exponent)) }
            return Column(.sparse(rows: places, codes: (0..<UInt32(numbers.count)).map { $0 + 1 }, values: values))
        }
        guard numbers.allSatisfy({ $0 >= 0 && $0 < Int64(cells.count - 1) }) else {
            throw .inconsistent(.codeOutOfRange)
        }
        return Column(.sparse(rows: places, codes: numbers.map { UInt32($0) + 1 }, values: cells))
    }
}

extension ColumnCoding {
    /// The cells of a dictionary chunk; `.missing` comes first, so that code 0 means what it means in `Column`.
    static func decodeDictionary(_ chunk: UnsafeRawBufferPointer, rows: Int) throws(ColumnError) -> [Cell] {
        var reader = ByteReader(chunk)
        let table = try ByteTable(&reader, atMost: rows)
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        var cells: [Cell] = [.missing]
        cells.reserveCapacity(table.count + 1)
        for index in 0..<table.count {
            guard let cell = CellCoding.decode(table[index]) else { throw .unknownEncoding(offset: index, found: -1) }
            cells.append(cell)
        }
        return cells
    }
}
