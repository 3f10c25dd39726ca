import EventModel

/// The columns of a part, handed out block by block.
struct PartColumns {
    private struct Source {
        let path: PropertyPath
        var cells: BlockCells
    }

    private var sources: [Source]
    private var item = 0

    init(_ stage: MessageStage, _ order: RowOrder) {
        let places = order.places(count: stage.count)
        let (itemPlaces, itemCount) = Self.itemPlaces(stage, order)
        let paths = stage.columns.paths
        // In the order of their bytes, so that codes do not depend on the order of arrival.
        let sorted = paths.indices.map { (bytes: PathCoding.encode(paths[$0]), index: $0) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        let all = (positions: Array(0..<UInt32(order.messages.count)), rows: order.messages)
        sources = sorted.map { _, index in
            let isItems = paths[index].scope == .items
            return Source(
                path: paths[index],
                cells: BlockCells(
                    stage.columns.columns[index], places: isItems ? itemPlaces : places,
                    count: isItems ? itemCount : order.messages.count, all: isItems ? nil : all))
        }
    }

    /// Where each staged item stands among those of the part, and how many the part has.
    private static func itemPlaces(_ stage: MessageStage, _ order: RowOrder) -> ([UInt32], Int) {
        var places = [UInt32](repeating: BlockCells.leftOut, count: Int(stage.itemOffsets.last ?? 0))
        guard !places.isEmpty else { return ([], 0) }
        var next: UInt32 = 0
        for message in order.messages {
            for item in stage.itemOffsets[Int(message)]..<stage.itemOffsets[Int(message) + 1] {
                places[Int(item)] = next
                next += 1
            }
        }
        return (places, Int(next))
    }

    /// The columns of the next block, by its rows in the part; the block itself has none.
    mutating func next(rows: Range<Int>, of block: HistoryBlock) -> [EncodedColumn] {
        let itemRange = item..<(item + block.itemCount)
        item += block.itemCount
        let layout = BlockLayout(block)
        var columns: [EncodedColumn] = []
        for index in sources.indices {
            let scope = sources[index].path.scope
            let chunks = sources[index].cells.chunks(
                of: scope == .items ? itemRange : rows, sections: layout.starts(of: scope))
            if !chunks.isEmpty { columns.append(EncodedColumn(path: sources[index].path, chunks: chunks)) }
        }
        return columns
    }
}
