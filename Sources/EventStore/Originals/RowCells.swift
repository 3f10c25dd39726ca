import EventModel

/// The cells of rows that lie one after the other, as they stood in their file.
struct RowCells {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let recipe: RowRecipe
    private var offset = 0
    /// Of the row that was read last.
    private var cells: [Range<Int>] = []
    /// Cells whose doubled quotes had to be undone; their ranges lie behind `bytes`.
    private var undone: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ recipe: RowRecipe) {
        self.bytes = bytes
        self.recipe = recipe
    }

    /// Goes to the next row, and answers where it stands without its line break; nil when there is none, or none with
    /// the right count of cells.
    mutating func next() -> Range<Int>? {
        while offset < bytes.count, bytes[offset] == 0x0A || bytes[offset] == 0x0D { offset += 1 }
        guard offset < bytes.count else { return nil }
        let start = offset
        cells.removeAll(keepingCapacity: true)
        undone.removeAll(keepingCapacity: true)
        while true {
            guard takeCell(), cells.count <= recipe.cells else { return nil }
            let end = offset
            if end < bytes.count, bytes[end] == recipe.delimiter {
                offset += 1
                continue
            }
            guard cells.count == recipe.cells else { return nil }
            return start..<end
        }
    }

    /// Leaves the offset at the delimiter or line break behind the cell, or at the end.
    private mutating func takeCell() -> Bool {
        guard let quote = recipe.quote, offset < bytes.count, bytes[offset] == quote else {
            let start = offset
            while offset < bytes.count, !isEnd(bytes[offset]) { offset += 1 }
            cells.append(start..<offset)
            return true
        }
        let first = undone.count
        offset += 1
        while true {
            guard offset < bytes.count else { return false }
            if bytes[offset] == quote {
                guard offset + 1 < bytes.count, bytes[offset + 1] == quote else { break }
                offset += 1
            }
            undone.append(bytes[offset])
            offset += 1
        }
        cells.append((bytes.count + first)..<(bytes.count + undone.count))
        offset += 1
        while offset < bytes.count, bytes[offset] == 0x20 { offset += 1 }
        return offset == bytes.count || isEnd(bytes[offset])
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == recipe.delimiter || byte == 0x0A || byte == 0x0D }

    /// Lends a cell of the row, quotes undone; an empty one for a column the row does not have.
    func withCell<Result>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        guard column < cells.count else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        let range = cells[column]
        guard range.lowerBound >= bytes.count else { return body(UnsafeBufferPointer(rebasing: bytes[range])) }
        return undone.withUnsafeBufferPointer { undone in
            let place = (range.lowerBound - bytes.count)..<(range.upperBound - bytes.count)
            return body(UnsafeBufferPointer(rebasing: undone[place]))
        }
    }

    /// A cell as text without white space at its ends; nil when that is empty.
    func text(_ column: Int) -> Text? {
        withCell(column) { cell in
            let text = trimmedCell(cell)
            return text.isEmpty ? nil : Text(String(decoding: text, as: UTF8.self))
        }
    }
}

/// A cell without white space at its ends.
@inline(__always)
package func trimmedCell(_ cell: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard let start = cell.baseAddress, cell.count > 0 else { return cell }
    let (first, last) = (start[0], start[cell.count &- 1])
    if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return cell }
    return trimmedWithThought(cell)
}

/// White space is what Unicode says, and the byte order mark.
private func trimmedWithThought(_ cell: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || scalar == "\u{FEFF}" }
    let scalars = String(decoding: cell, as: UTF8.self).unicodeScalars
    let before = scalars.prefix(while: isBlank).reduce(0) { $0 + UTF8.width($1) }
    guard before < cell.count else { return UnsafeBufferPointer(start: nil, count: 0) }
    let behind = scalars.reversed().prefix(while: isBlank).reduce(0) { $0 + UTF8.width($1) }
    return UnsafeBufferPointer(rebasing: cell[before..<(cell.count - behind)])
}
