import Columns
import EventModel

/// Copies the columns of chosen rows of several blocks into columns of one.
struct BlockGather {
    let blocks: [HistoryBlock]
    /// The rows of the new block, in its order.
    let order: [RowReference]

    func itemOffsets() -> [UInt32] {
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(order.count + 1)
        var total: UInt32 = 0
        for reference in order {
            let offsetsOfBlock = blocks[reference.block].itemOffsets
            total += offsetsOfBlock[reference.row + 1] - offsetsOfBlock[reference.row]
            offsets.append(total)
        }
        return offsets
    }

    func columns() -> [PropertyPath: Column] {
        var paths: Set<PropertyPath> = []
        for block in blocks { paths.formUnion(block.allColumns.keys) }
        let items = paths.contains { $0.scope == .items } ? itemOrder() : []
        var columns: [PropertyPath: Column] = [:]
        for path in paths {
            let column = gather(path, path.scope == .items ? items : order)
            if let column { columns[path] = column }
        }
        return columns
    }

    private func itemOrder() -> [RowReference] {
        var items: [RowReference] = []
        for reference in order {
            let offsets = blocks[reference.block].itemOffsets
            for item in offsets[reference.row]..<offsets[reference.row + 1] {
                items.append(RowReference(block: reference.block, row: Int(item)))
            }
        }
        return items
    }

    /// Nil when none of the rows has the path.
    private func gather(_ path: PropertyPath, _ order: [RowReference]) -> Column? {
        let sources = blocks.map { $0.column(path) }
        if let decimals = gatherDecimals(sources, order) { return decimals }
        var builder = ColumnBuilder()
        // Codes of each source's dictionary in the new one, found at first use.
        var codes: [[UInt32?]] = sources.map { source in
            guard let source else { return [] }
            switch source.storage {
            case .dictionary(_, let values), .sparse(_, _, let values):
                return Array(repeating: nil, count: values.count)
            case .decimals: return []
            }
        }
        for (row, reference) in order.enumerated() {
            guard let source = sources[reference.block] else { continue }
            guard let old = Self.code(in: source, at: reference.row) else {
                builder.append(source.cell(at: reference.row), at: row)
                continue
            }
            if let known = codes[reference.block][old] {
                builder.append(code: known, at: row)
            } else {
                let code = builder.code(of: source.cell(at: reference.row))
                codes[reference.block][old] = code
                builder.append(code: code, at: row)
            }
        }
        return builder.isEmpty ? nil : builder.finish(rowCount: order.count)
    }

    private static func code(in column: Column, at row: Int) -> Int? {
        switch column.storage {
        case .dictionary(let codes, _): Int(codes[row])
        case .sparse(let rows, let codes, _): Column.position(of: row, in: rows).map { Int(codes[$0]) } ?? 0
        case .decimals: nil
        }
    }

    /// The direct way when every block that has the path keeps it as decimals of one exponent.
    private func gatherDecimals(_ sources: [Column?], _ order: [RowReference]) -> Column? {
        var common: Int32?
        for case .some(let source) in sources {
            guard case .decimals(_, let exponent, _) = source.storage, common == nil || common == exponent else {
                return nil
            }
            common = exponent
        }
        guard let common else { return nil }
        var scaled = [Int64](repeating: 0, count: order.count)
        var present = Bitmap(capacity: order.count)
        for (row, reference) in order.enumerated() {
            guard case .decimals(let values, _, let has) = sources[reference.block]?.storage,
                has.contains(reference.row)
            else { continue }
            scaled[row] = values[reference.row]
            present.insert(row)
        }
        return present.isEmpty
            ? nil : Column(.decimals(scaled: ColumnSlice(scaled), exponent: common, present: present))
    }
}
