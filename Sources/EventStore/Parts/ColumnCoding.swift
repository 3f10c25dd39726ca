import Columns
import EventModel

/// How the rows of a block lie in sections, for its columns; and how its stored items do.
struct BlockLayout {
    /// Per section, the row at which each of its runs begins, and their end.
    let rows: [[UInt32]]
    /// Per section, its first item and the end of its items.
    let items: [[UInt32]]

    init(_ block: HistoryBlock) {
        rows = block.sections.map(\.starts)
        items = block.sections.map { [block.itemOffsets[$0.rows.lowerBound], block.itemOffsets[$0.rows.upperBound]] }
    }

    func starts(of scope: PropertyPath.Scope) -> [[UInt32]] { scope == .items ? items : rows }
}

/// Columns as chunks: the values of each section of the block.
///
/// ```
/// column chunk                                       dictionary chunk
/// 0  1  layout: 0 = codes into a dictionary,         ByteTable of cells (`CellCoding`), sorted, so that
///       1 = scaled whole numbers                     the first and last of a kind are its bounds
/// 1  3  zero
/// 4  4  exponent (layout 1): value = number * 10^exponent
/// 8  8  smallest number (layout 1)
/// 16 8  largest number (layout 1)
/// 24 …  SectionedValues: codes or numbers of the rows, or items, that have a value
/// ```
enum ColumnCoding {
    enum Layout {
        static let dictionary: UInt8 = 0
        static let decimals: UInt8 = 1
    }

    static let headerSize = 24

    /// How many different numbers a column may have for codes to suit it: more are shorter, and read sooner, as numbers.
    static func codedNumbersMax(of rows: Int) -> Int { max(64, rows / 16) }

    /// The chunks of a column under the code of its path; none when no row has a value.
    ///
    /// - Parameter sections: as in `BlockLayout`.
    static func encode(_ column: Column, sections: [[UInt32]], path: UInt32) -> [ChunkDraft] {
        let rows = sections.last?.last.map { Int($0) } ?? 0
        switch column.storage {
        case .dictionary(let codes, let values):
            if codes.rows == 0..<rows, !codes.numbers.contains(0) {
                return encode(nil, codes.numbers, values, sections, path: path)
            }
            let present = codes.numbers.places { $0 != 0 }
            return encode(
                present.map { $0 + UInt32(codes.first) }, codes.numbers.picking(present), values, sections, path: path)
        case .sparse(let present, let codes, let values):
            return encode(present, codes, values, sections, path: path)
        case .decimals(let scaled, let exponent, let present):
            let isFull = scaled.rows == 0..<rows && present.count == rows
            let list = isFull ? nil : present.map { UInt32($0) }
            let numbers = list.map { $0.map { scaled[Int($0)] } } ?? scaled.numbers
            return encode(numbers, exponent: exponent, at: list, sections).map { chunk in
                var chunk = chunk
                chunk.id = path
                return chunk
            }
        }
    }

    private static func encode(
        _ present: [UInt32]?, _ codes: [UInt32], _ values: [Cell], _ sections: [[UInt32]], path: UInt32
    ) -> [ChunkDraft] {
        guard !codes.isEmpty else { return [] }
        var isUsed = [Bool](repeating: false, count: values.count)
        for code in codes { isUsed[Int(code)] = true }
        let used = values.indices.filter { isUsed[$0] && values[$0] != .missing }
        if used.count > codedNumbersMax(of: codes.count), let numbers = scaledNumbers(used, values) {
            return [
                decimals(
                    present, codes.map { numbers.scaled[Int($0)] }, exponent: numbers.exponent, sections, path: path)
            ]
        }
        let sorted = used.sorted { CellCoding.precedes(values[$0], values[$1]) }
        var place = [UInt32](repeating: 0, count: values.count)
        for (position, code) in sorted.enumerated() { place[code] = UInt32(position) }
        var table: [UInt8] = []
        ByteTable.append(sorted.map { CellCoding.encode(values[$0]) }, to: &table)
        return dictionary(codes.map { place[Int($0)] }, table, present, sections, path: path)
    }

    /// - Parameters:
    ///   - codes: places in the sorted dictionary, one for each row in `present`, or for every row when that is nil.
    ///   - table: the dictionary, a `ByteTable`.
    static func dictionary(
        _ codes: [UInt32], _ table: [UInt8], _ present: [UInt32]?, _ sections: [[UInt32]], path: UInt32 = 0
    ) -> [ChunkDraft] {
        var bytes: [UInt8] = [Layout.dictionary, 0, 0, 0]
        bytes.append(contentsOf: repeatElement(0, count: 20))
        SectionedValues.append(codes: codes, at: present, sections: sections, to: &bytes)
        return [
            ChunkDraft(kind: .column, id: path, bytes: bytes),
            ChunkDraft(kind: .dictionary, id: path, bytes: table, compressible: true),
        ]
    }

    static func decimals(
        _ present: [UInt32]?, _ scaled: [Int64], exponent: Int32, _ sections: [[UInt32]], path: UInt32
    ) -> ChunkDraft {
        var bytes: [UInt8] = [Layout.decimals, 0, 0, 0]
        bytes.appendLittleEndian(exponent)
        bytes.appendLittleEndian(scaled.min() ?? 0)
        bytes.appendLittleEndian(scaled.max() ?? 0)
        SectionedValues.append(scaled, at: present, sections: sections, areCodes: false, to: &bytes)
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
}

extension [UInt32] {
    /// Where those stand for whom `holds` is true.
    fileprivate func places(_ holds: (UInt32) -> Bool) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: count) { places, kept in
            kept = 0
            for index in indices {
                places[kept] = UInt32(truncatingIfNeeded: index)
                kept &+= holds(self[index]) ? 1 : 0
            }
        }
    }
}
