import EventModel

/// The columns of a part, handed out block by block.
struct PartColumns {
    private struct Source {
        let path: PropertyPath
        var cells: BlockCells
    }

    private var sources: [Source] = []
    private let hasItems: Bool
    private var item = 0

    /// - Parameter stage: its columns are not there any longer afterwards.
    init(_ stage: inout MessageStage, _ order: RowOrder) {
        let cut = order.cut
        hasItems = stage.itemCount > 0
        let itemCut = hasItems ? order.itemCut(stage) : nil
        var columns = stage.takeColumns()
        let paths = columns.paths
        // In the order of their bytes, so that codes do not depend on the order of arrival.
        let sorted = paths.indices.map { (bytes: PathCoding.encode(paths[$0]), index: $0) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        for (_, index) in sorted {
            let isItems = paths[index].scope == .items
            guard let own = isItems ? itemCut : cut else { continue }
            sources.append(Source(path: paths[index], cells: BlockCells(columns.take(index), own)))
        }
    }

    /// The columns of the next block, by its rows in the part; the block itself has none.
    mutating func next(rows: Range<Int>, _ order: BlockOrder, of block: HistoryBlock) -> [EncodedColumn] {
        let items = item..<(item + block.itemCount)
        item = items.upperBound
        let layout = BlockLayout(block)
        var itemOrder: BlockOrder?
        if hasItems {
            var counts = [UInt32](repeating: 0, count: rows.count)
            for (place, row) in order.rows.enumerated() {
                counts[Int(row)] = block.itemOffsets[place + 1] - block.itemOffsets[place]
            }
            itemOrder = BlockOrder(items: counts, of: order)
        }
        var columns: [EncodedColumn] = []
        for index in sources.indices {
            let scope = sources[index].path.scope
            let isItems = scope == .items
            guard let own = isItems ? itemOrder : order else { continue }
            let chunks = sources[index].cells.chunks(
                of: isItems ? items : rows, own, sections: layout.starts(of: scope))
            if !chunks.isEmpty { columns.append(EncodedColumn(path: sources[index].path, chunks: chunks)) }
        }
        return columns
    }
}
