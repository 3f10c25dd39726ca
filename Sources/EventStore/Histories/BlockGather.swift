import Columns
import EventModel

/// Copies the columns of chosen rows of several blocks into columns of one.
struct BlockGather {
    private let blocks: [HistoryBlock]
    private let rows: Selection
    private let items: Selection
    /// Those of the new block, as in `HistoryBlock`.
    let itemOffsets: [UInt32]

    /// Rows, or items, of several blocks that lie one after the other.
    private struct Selection {
        /// The first one of each block.
        var firsts: [Int]
        /// How many there are in all blocks together.
        var count: Int
        /// Those chosen, in their new order.
        var order: [UInt32]
    }

    /// - Parameters:
    ///   - firstRows: the first row of each block when all lie one after the other.
    ///   - order: the rows of the new block by that count, in its order.
    init(_ blocks: [HistoryBlock], firstRows: [Int], order: [UInt32]) {
        self.blocks = blocks
        rows = Selection(
            firsts: firstRows, count: (firstRows.last ?? 0) + (blocks.last?.rowCount ?? 0), order: order)
        guard blocks.contains(where: { $0.itemCount > 0 }) else {
            items = Selection(firsts: Array(repeating: 0, count: blocks.count), count: 0, order: [])
            itemOffsets = Array(repeating: 0, count: order.count + 1)
            return
        }
        var items = Selection(firsts: [], count: 0, order: [])
        var starts: [UInt32] = []
        starts.reserveCapacity(rows.count + 1)
        for block in blocks {
            let shift = UInt32(items.count)
            items.firsts.append(items.count)
            for offset in block.itemOffsets.prefix(block.rowCount) { starts.append(offset + shift) }
            items.count += block.itemCount
        }
        starts.append(UInt32(items.count))
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(order.count + 1)
        for row in order {
            items.order.append(contentsOf: starts[Int(row)]..<starts[Int(row) + 1])
            offsets.append(UInt32(items.order.count))
        }
        self.items = items
        itemOffsets = offsets
    }

    /// - Parameter unions: of dictionaries that were joined before.
    func columns(_ unions: Unions) -> [PropertyPath: Column] {
        var paths: Set<PropertyPath> = []
        for block in blocks { paths.formUnion(block.allColumns.keys) }
        var columns: [PropertyPath: Column] = [:]
        for path in paths {
            let selection = path.scope == .items ? items : rows
            let sources = blocks.map { $0.column(path) }
            let column = decimals(sources, selection) ?? coded(sources, selection, unions, path)
            if let column { columns[path] = column }
        }
        return columns
    }

    // MARK: - Scaled numbers

    /// More numbers than these in the dictionaries of a block are joined as numbers, not one by one.
    private static let joinedNumbersMax = 64

    /// The column as scaled numbers, when every block that has it keeps it so, or has nothing but numbers in its
    /// dictionary; nil otherwise, when numbers do not fit one scale, and when no row has a cell.
    private func decimals(_ sources: [Column?], _ selection: Selection) -> Column? {
        var exponent: Int32 = 0
        var areNumbers = false
        // Nothing but small dictionaries stay dictionaries.
        for case let source? in sources {
            switch source.storage {
            case .decimals(_, let own, _):
                exponent = min(exponent, own)
                areNumbers = true
            case .dictionary, .sparse:
                guard let numbers = source.dictionaryNumbers, numbers.kinds.dropFirst().allSatisfy({ $0 == .number })
                else { return nil }
                exponent = min(exponent, numbers.exponent)
                areNumbers = areNumbers || numbers.kinds.count > Self.joinedNumbersMax
            }
        }
        guard areNumbers, exponent >= -12 else { return nil }
        var scaled = [Int64](repeating: 0, count: selection.count)
        var isPresent = [Bool](repeating: false, count: selection.count)
        for (number, source) in sources.enumerated() {
            guard let source else { continue }
            let first = selection.firsts[number]
            switch source.storage {
            case .decimals(let values, let own, let present):
                guard Self.copy(values, times: exponent - own, to: &scaled, from: first) else { return nil }
                for row in present { isPresent[first + row] = true }
            case .dictionary(let codes, _):
                guard let numbers = Self.rescaled(source, to: exponent) else { return nil }
                for (index, code) in codes.numbers.enumerated() where code != 0 {
                    scaled[first + codes.first + index] = numbers[Int(code)]
                    isPresent[first + codes.first + index] = true
                }
            case .sparse(let places, let codes, _):
                guard let numbers = Self.rescaled(source, to: exponent) else { return nil }
                for (place, code) in zip(places, codes) where code != 0 {
                    scaled[first + Int(place)] = numbers[Int(code)]
                    isPresent[first + Int(place)] = true
                }
            }
        }
        var words = [UInt64](repeating: 0, count: (selection.order.count + 63) / 64)
        var any: UInt64 = 0
        for (row, place) in selection.order.enumerated() where isPresent[Int(place)] {
            words[row >> 6] |= 1 << UInt64(row & 63)
            any = 1
        }
        guard any != 0 else { return nil }
        return Column(
            .decimals(
                scaled: ColumnSlice(scaled.picking(selection.order)), exponent: exponent, present: Bitmap(words: words))
        )
    }

    /// Copies numbers, multiplied with ten to the power `-difference`; false when one gets too large.
    private static func copy(
        _ values: ColumnSlice<Int64>, times difference: Int32, to target: inout [Int64], from first: Int
    ) -> Bool {
        var factor: Int64 = 1
        for _ in 0..<(-difference) { factor *= 10 }
        var fits = true
        for (index, value) in values.numbers.enumerated() {
            let (product, overflow) = value.multipliedReportingOverflow(by: factor)
            fits = fits && !overflow
            target[first + values.first + index] = product
        }
        return fits
    }

    /// The numbers of a dictionary by code.
    private static func rescaled(_ column: Column, to exponent: Int32) -> [Int64]? {
        guard let numbers = column.dictionaryNumbers else { return nil }
        var target = [Int64](repeating: 0, count: numbers.numbers.count)
        let fits = copy(ColumnSlice(numbers.numbers), times: exponent - numbers.exponent, to: &target, from: 0)
        return fits ? target : nil
    }

    // MARK: - Dictionaries

    /// The column as codes of one dictionary; nil when no row has a cell.
    private func coded(
        _ sources: [Column?], _ selection: Selection, _ unions: Unions, _ path: PropertyPath
    ) -> Column? {
        let sources = sources.map { $0?.withDictionary() }
        let union = unions.dictionary(of: sources, at: path, rows: selection.order.count)
        var codes = [UInt32](repeating: 0, count: selection.count)
        var isSparse = true
        for (number, source) in sources.enumerated() {
            guard let source else { continue }
            let first = selection.firsts[number]
            let newCodes = union.codes[number]
            switch source.storage {
            case .dictionary(let old, _):
                isSparse = false
                for (index, code) in old.numbers.enumerated() { codes[first + old.first + index] = newCodes[Int(code)] }
            case .sparse(let places, let old, _):
                for (place, code) in zip(places, old) { codes[first + Int(place)] = newCodes[Int(code)] }
            case .decimals: break
            }
        }
        let picked = codes.picking(selection.order)
        let count = picked.count { $0 != 0 }
        guard count > 0 else { return nil }
        guard isSparse, count * 8 < picked.count else {
            return Column(
                .dictionary(codes: ColumnSlice(picked), values: union.dictionary.cells),
                numbers: union.dictionary.numbers)
        }
        let rows = picked.indices.filter { picked[$0] != 0 }
        return Column(
            .sparse(rows: rows.map { UInt32($0) }, codes: rows.map { picked[$0] }, values: union.dictionary.cells),
            numbers: union.dictionary.numbers)
    }
}

extension Column {
    /// The same cells under codes, when they are scaled numbers.
    fileprivate func withDictionary() -> Column {
        guard case .decimals(let scaled, let exponent, let present) = storage else { return self }
        var values: [Cell] = [.missing]
        var codeOfNumber: [Int64: UInt32] = [:]
        var codes = [UInt32](repeating: 0, count: scaled.numbers.count)
        for (index, number) in scaled.numbers.enumerated() where present.contains(scaled.first + index) {
            if let code = codeOfNumber[number] {
                codes[index] = code
                continue
            }
            codes[index] = UInt32(values.count)
            codeOfNumber[number] = codes[index]
            values.append(.number(Decimal128(scaled: number, exponent: exponent)))
        }
        return Column(.dictionary(codes: ColumnSlice(codes, first: scaled.first), values: values))
    }
}
