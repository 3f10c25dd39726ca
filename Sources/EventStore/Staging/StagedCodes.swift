/// Codes that come by the million, in the order in which they come: each in as many bytes as the largest needs, for memory that
/// is touched for the first time costs more than the work that is done in it.
struct StagedCodes: Sendable {
    private enum Form { case bytes, halves, words }

    private var form = Form.bytes
    private var bytes = StagedArray<UInt8>()
    private var halves = StagedArray<UInt16>()
    private var words = StagedArray<UInt32>()

    init() {}

    var count: Int {
        switch form {
        case .bytes: bytes.count
        case .halves: halves.count
        case .words: words.count
        }
    }

    /// How much memory they take.
    var byteCount: Int { bytes.byteCount + halves.byteCount + words.byteCount }

    subscript(index: Int) -> UInt32 {
        switch form {
        case .bytes: UInt32(bytes[index])
        case .halves: UInt32(halves[index])
        case .words: words[index]
        }
    }

    /// All of them.
    var elements: [UInt32] {
        switch form {
        case .bytes: bytes.elements.map { UInt32($0) }
        case .halves: halves.elements.map { UInt32($0) }
        case .words: words.elements
        }
    }

    // MARK: - Appending

    mutating func append(_ code: UInt32) {
        widen(for: Int(code) + 1)
        switch form {
        case .bytes: bytes.append(UInt8(truncatingIfNeeded: code))
        case .halves: halves.append(UInt16(truncatingIfNeeded: code))
        case .words: words.append(code)
        }
    }

    /// Appends the codes of cells, all of which have one.
    ///
    /// - Parameters:
    ///   - known: per cell its code, below `limit`.
    mutating func append(
        _ cells: UnsafeBufferPointer<UInt32>, _ known: UnsafeBufferPointer<UInt32>, below limit: Int
    ) {
        widen(for: limit)
        switch form {
        case .bytes: Self.append(cells, known, to: &bytes)
        case .halves: Self.append(cells, known, to: &halves)
        case .words: Self.append(cells, known, to: &words)
        }
    }

    private static func append<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ cells: UnsafeBufferPointer<UInt32>, _ known: UnsafeBufferPointer<UInt32>, to codes: inout StagedArray<Code>
    ) {
        codes.append(count: cells.count) { target in
            for row in cells.indices { target[row] = Code(truncatingIfNeeded: known[Int(cells[row])]) }
        }
    }

    /// Appends the codes of those cells that have one, and lists their rows, the first of which is `first`.
    ///
    /// - Parameters:
    ///   - known: per cell its code, below `limit`; `TableCells.noText` for none.
    mutating func append(
        _ cells: UnsafeBufferPointer<UInt32>, _ known: UnsafeBufferPointer<UInt32>, below limit: Int,
        listing rows: inout StagedArray<UInt32>, from first: Int
    ) {
        widen(for: limit)
        switch form {
        case .bytes: Self.append(cells, known, to: &bytes, listing: &rows, from: first)
        case .halves: Self.append(cells, known, to: &halves, listing: &rows, from: first)
        case .words: Self.append(cells, known, to: &words, listing: &rows, from: first)
        }
    }

    private static func append<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ cells: UnsafeBufferPointer<UInt32>, _ known: UnsafeBufferPointer<UInt32>, to codes: inout StagedArray<Code>,
        listing rows: inout StagedArray<UInt32>, from first: Int
    ) {
        var kept = 0
        codes.append(count: cells.count) { target in
            rows.append(count: cells.count) { listed in
                for row in cells.indices {
                    let code = known[Int(cells[row])]
                    target[kept] = Code(truncatingIfNeeded: code)
                    listed[kept] = UInt32(truncatingIfNeeded: first &+ row)
                    kept &+= code == TableCells.noText ? 0 : 1
                }
            }
        }
        codes.removeLast(cells.count - kept)
        rows.removeLast(cells.count - kept)
    }

    /// Makes codes below `limit` fit.
    private mutating func widen(for limit: Int) {
        if form == .bytes, limit > 1 << 8 {
            halves = Self.widened(bytes)
            (bytes, form) = (StagedArray(), .halves)
        }
        if form == .halves, limit > 1 << 16 {
            words = Self.widened(halves)
            (halves, form) = (StagedArray(), .words)
        }
    }

    private static func widened<
        Code: FixedWidthInteger & BitwiseCopyable & Sendable, Wide: FixedWidthInteger & BitwiseCopyable & Sendable
    >(_ codes: StagedArray<Code>) -> StagedArray<Wide> {
        var wide = StagedArray<Wide>()
        wide.append(count: codes.count) { target in
            codes.withUnsafeBufferPointer { codes in
                for index in codes.indices { target[index] = Wide(truncatingIfNeeded: codes[index]) }
            }
        }
        return wide
    }

    // MARK: - Blocks

    /// The same in the order of places, as `BlockCells` cuts what there is of a column.
    func cut(_ column: StagedColumn, _ cut: BlockCut) -> (codes: StagedCodes, present: BlockCells.Present) {
        var own = StagedCodes()
        own.form = form
        let present: BlockCells.Present
        switch form {
        case .bytes: (own.bytes, present) = BlockCells.cut(bytes, column, cut)
        case .halves: (own.halves, present) = BlockCells.cut(halves, column, cut)
        case .words: (own.words, present) = BlockCells.cut(words, column, cut)
        }
        return (own, present)
    }

    /// The codes at some places above `base`.
    func gathered(_ places: [UInt32], _ base: Int) -> [UInt32] {
        switch form {
        case .bytes: BlockCells.gather(bytes, places, base)
        case .halves: BlockCells.gather(halves, places, base)
        case .words: BlockCells.gather(words, places, base)
        }
    }
}
