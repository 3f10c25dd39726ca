import Columns
import EventModel

/// Columns as chunks: which rows have a value, and the values packed.
///
/// ```
/// column chunk                                       dictionary chunk
/// 0  1  layout: 0 = codes into a dictionary,         ByteTable of cells (`CellCoding`), sorted, so that
///       1 = scaled whole numbers                     the first and last of a kind are its bounds
/// 1  3  zero
/// 4  4  exponent (layout 1): value = number * 10^exponent
/// 8  8  smallest number (layout 1)
/// 16 8  largest number (layout 1)
/// 24 …  Presence, then IntegerChunk of the codes or numbers of the rows that have a value
/// ```
enum ColumnCoding {
    private enum Layout {
        static let dictionary: UInt8 = 0
        static let decimals: UInt8 = 1
    }

    /// The chunks of a column of `rows` rows under the code of its path; none when no row has a value.
    static func encode(_ column: Column, rows: Int, path: UInt32) -> [ChunkDraft] {
        switch column.storage {
        case .dictionary(let codes, let values):
            var present: [UInt32] = []
            var used: [UInt32] = []
            for (row, code) in codes.enumerated() where code != 0 {
                present.append(UInt32(row))
                used.append(code)
            }
            return encode(present, used, values, rows: rows, path: path)
        case .sparse(let present, let codes, let values):
            return encode(present, codes, values, rows: rows, path: path)
        case .decimals(let scaled, let exponent, let present):
            let list = present.map { UInt32($0) }
            return [decimals(list, list.map { scaled[Int($0)] }, exponent: exponent, rows: rows, path: path)]
        }
    }

    private static func encode(
        _ present: [UInt32], _ codes: [UInt32], _ values: [Cell], rows: Int, path: UInt32
    ) -> [ChunkDraft] {
        guard !present.isEmpty else { return [] }
        var isUsed = [Bool](repeating: false, count: values.count)
        for code in codes { isUsed[Int(code)] = true }
        let used = values.indices.filter { isUsed[$0] && values[$0] != .missing }
        if used.count > 64, used.count * 4 > present.count, let numbers = scaledNumbers(used, values) {
            return [
                decimals(
                    present, codes.map { numbers.scaled[Int($0)] }, exponent: numbers.exponent, rows: rows, path: path)
            ]
        }
        let sorted = used.sorted { CellCoding.precedes(values[$0], values[$1]) }
        var place = [Int64](repeating: 0, count: values.count)
        for (position, code) in sorted.enumerated() { place[code] = Int64(position) }
        var table: [UInt8] = []
        ByteTable.append(sorted.map { CellCoding.encode(values[$0]) }, to: &table)
        return dictionary(codes.map { place[Int($0)] }, table, present, rows, path: path)
    }

    /// - Parameters:
    ///   - codes: places in the sorted dictionary, one for each row in `present`.
    ///   - table: the dictionary, a `ByteTable`.
    static func dictionary(
        _ codes: [Int64], _ table: [UInt8], _ present: [UInt32], _ rows: Int, path: UInt32 = 0
    ) -> [ChunkDraft] {
        var bytes: [UInt8] = [Layout.dictionary, 0, 0, 0]
        bytes.append(contentsOf: repeatElement(0, count: 20))
        Presence.append(present, rows: rows, to: &bytes)
        IntegerChunk.append(codes, to: &bytes)
        return [
            ChunkDraft(kind: .column, id: path, bytes: bytes),
            ChunkDraft(kind: .dictionary, id: path, bytes: table, compressible: true),
        ]
    }

    static func decimals(
        _ present: [UInt32], _ scaled: [Int64], exponent: Int32, rows: Int, path: UInt32
    ) -> ChunkDraft {
        var bytes: [UInt8] = [Layout.decimals, 0, 0, 0]
        bytes.appendLittleEndian(exponent)
        bytes.appendLittleEndian(scaled.min() ?? 0)
        bytes.appendLittleEndian(scaled.max() ?? 0)
        Presence.append(present, rows: rows, to: &bytes)
        IntegerChunk.append(scaled, to: &bytes)
        return ChunkDraft(kind: .column, id: path, bytes: bytes)
    }

    /// The used values as whole numbers of one scale, by code; nil when they are not all numbers or do not fit.
    private static func scaledNumbers(_ used: [Int], _ values: [Cell]) -> (scaled: [Int64], exponent: Int32)? {
        var exponent: Int32 = 0
        for code in used {
            guard case .number(let number) = values[code] else { return nil }
            exponent = min(exponent, number.exponent)
        }
        guard exponent >= -12 else { return nil }
        var scaled = [Int64](repeating: 0, count: values.count)
        for code in used {
            guard case .number(let number) = values[code], let value = number.scaled(exponent: exponent) else {
                return nil
            }
            scaled[code] = value
        }
        return (scaled, exponent)
    }

    // MARK: - Reading

    /// Reads the rows of `selection` out of a column chunk; nil when none of them has a value.
    static func decode(
        _ chunk: UnsafeRawBufferPointer, rows: Int, selection: RowSelection,
        dictionary: () throws(EventStoreError) -> [Cell],
        failing: (ColumnError) -> EventStoreError
    ) throws(EventStoreError) -> Column? {
        let parsed: (layout: UInt8, exponent: Int32, presence: Presence, values: IntegerChunk)
        do throws(ColumnError) { parsed = try parse(chunk, rows: rows) } catch { throw failing(error) }
        let picked = selection.pick(parsed.presence)
        guard !picked.rows.isEmpty else { return nil }
        let isSparse = picked.rows.count * 8 < selection.count
        if parsed.layout == Layout.decimals {
            let scaled = picked.take(parsed.values)
            if isSparse {
                let cells = [.missing] + scaled.map { Cell.number(Decimal128(scaled: $0, exponent: parsed.exponent)) }
                return Column(.sparse(rows: picked.rows, codes: Array(1...UInt32(scaled.count)), values: cells))
            }
            return Column(decimals(scaled, at: picked.rows, of: selection.count, exponent: parsed.exponent))
        }
        let values = try dictionary()
        let codes: [UInt32]
        do throws(ColumnError) { codes = try picked.takeCodes(parsed.values, below: values.count - 1) } catch {
            throw failing(error)
        }
        if isSparse { return Column(.sparse(rows: picked.rows, codes: codes, values: values)) }
        if codes.count == selection.count { return Column(.dictionary(codes: codes, values: values)) }
        var dense = [UInt32](repeating: 0, count: selection.count)
        for (row, code) in zip(picked.rows, codes) { dense[Int(row)] = code }
        return Column(.dictionary(codes: dense, values: values))
    }

    private static func decimals(
        _ scaled: [Int64], at rows: [UInt32], of count: Int, exponent: Int32
    ) -> Column.Storage {
        if scaled.count == count {
            return .decimals(scaled: scaled, exponent: exponent, present: Bitmap(full: count))
        }
        var dense = [Int64](repeating: 0, count: count)
        var words = [UInt64](repeating: 0, count: (count + 63) / 64)
        for (row, value) in zip(rows, scaled) {
            dense[Int(row)] = value
            words[Int(row >> 6)] |= 1 << UInt64(row & 63)
        }
        return .decimals(scaled: dense, exponent: exponent, present: Bitmap(words: words))
    }

    private static func parse(
        _ chunk: UnsafeRawBufferPointer, rows: Int
    ) throws(ColumnError) -> (layout: UInt8, exponent: Int32, presence: Presence, values: IntegerChunk) {
        var reader = ByteReader(chunk)
        let layout = try reader.read(UInt8.self)
        guard layout == Layout.dictionary || layout == Layout.decimals else {
            throw .unknownEncoding(offset: 0, found: Int(layout))
        }
        try reader.skip(3)
        let exponent = try reader.read(Int32.self)
        guard (-12...0).contains(exponent) else { throw .unknownEncoding(offset: 4, found: Int(exponent)) }
        try reader.skip(16)
        let presence = try Presence(&reader, rows: rows)
        let values = try IntegerChunk(&reader, atMost: rows)
        guard values.count == presence.count else { throw .inconsistent(.presenceCount) }
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        return (layout, exponent, presence, values)
    }

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
