/// Writes records as RFC 4180 has them.
package struct CSVWriter {
    package private(set) var bytes: [UInt8] = []
    private let delimiter: UInt8
    private let lineBreak: [UInt8]

    package init(delimiter: UInt8 = UInt8(ascii: ","), lineBreak: String = "\n") {
        self.delimiter = delimiter
        self.lineBreak = Array(lineBreak.utf8)
    }

    /// Appends one record. Cells are quoted where they must be; a record of one empty cell is written as `""`.
    package mutating func append(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(delimiter) }
            append(cell: cell, alone: cells.count == 1)
        }
        bytes.append(contentsOf: lineBreak)
    }

    private mutating func append(cell: String, alone: Bool) {
        let needsQuotes =
            cell.utf8.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            || cell.utf8.first == 0x20 || (alone && cell.isEmpty)
        guard needsQuotes else {
            bytes.append(contentsOf: cell.utf8)
            return
        }
        bytes.append(0x22)
        for byte in cell.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    /// What has been written since the last call, and starts anew.
    package mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }
}
