/// Brings the rows of an order together, wherever in the file they stand.
///
/// Rows are kept as their bytes. Beyond `budgetBytes` they move to temporary files, each for a part of all keys, and
/// come back one file at a time: memory stays bounded, and no order is cut in two.
final class RowGrouper {
    private let budgetBytes: Int
    private let folder: String
    private var table = GroupTable()
    private var spills: [SpillFile] = []
    private static let spillCount = 128

    init(budgetBytes: Int, folder: String) {
        self.budgetBytes = budgetBytes
        self.folder = folder
    }

    /// Adds a good row. Throws when there is no room for a temporary file.
    func add(key: [UInt8], row: CSVRow) throws(ImportError) {
        if spills.isEmpty {
            table.add(key: key, line: row.line, raw: row.raw)
            if table.bytes > budgetBytes { try spillAll() }
        } else {
            try spill(key: key[...], line: row.line, raw: row.raw)
        }
    }

    /// Whether temporary files are in use.
    var hasSpilled: Bool { !spills.isEmpty }

    /// All groups, some at a time; each call of `next` gives rows and where each group's rows end among them.
    ///
    /// Groups come in the order of their first rows as long as they all fit in memory.
    func drain(dialect: CSVDialect) -> GroupDrain {
        GroupDrain(tables: spills.isEmpty ? [.table(table)] : spills.map { .spill($0) }, dialect: dialect)
    }

    private func spillAll() throws(ImportError) {
        for _ in 0..<Self.spillCount { spills.append(try SpillFile(folder: folder)) }
        let full = table
        table = GroupTable()
        for row in full.rowsInOrder {
            try spill(key: full.key(ofRow: row), line: full.line(ofRow: row), raw: full.raw(ofRow: row))
        }
    }

    private func spill(key: ArraySlice<UInt8>, line: Int, raw: ArraySlice<UInt8>) throws(ImportError) {
        // FNV-1a (Fowler, Noll, Vo), 64 bits.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let file = spills[Int(truncatingIfNeeded: (hash ^ (hash >> 32)) % UInt64(spills.count))]
        var record: [UInt8] = []
        record.reserveCapacity(16 + key.count + raw.count)
        for number in [UInt64(key.count) << 32 | UInt64(raw.count), UInt64(line)] {
            withUnsafeBytes(of: number.littleEndian) { record.append(contentsOf: $0) }
        }
        record.append(contentsOf: key)
        record.append(contentsOf: raw)
        try file.append(record)
    }
}

/// Groups handed out a few at a time, so that whoever takes them may pause in between.
struct GroupDrain {
    enum Source {
        case table(GroupTable)
        case spill(SpillFile)
    }

    private var sources: [Source]
    private let dialect: CSVDialect
    private var table: GroupTable?
    private var nextGroup = 0
    private var order: [[Int]] = []

    init(tables: [Source], dialect: CSVDialect) {
        self.sources = tables.reversed()
        self.dialect = dialect
    }

    /// Rows of whole groups, and behind which row each group ends; nil when there are no more.
    mutating func next() throws(ImportError) -> (batch: CSVBatch, ends: [Int])? {
        while true {
            if let table, nextGroup < order.count { return gather(from: table) }
            guard let source = sources.popLast() else {
                table = nil
                return nil
            }
            switch source {
            case .table(let whole): table = whole
            case .spill(let file): table = try GroupTable(spilled: file.contents())
            }
            order = table?.groups ?? []
            nextGroup = 0
        }
    }

    private mutating func gather(from table: GroupTable) -> (batch: CSVBatch, ends: [Int]) {
        var bytes: [UInt8] = []
        var lines: [Int] = []
        var ends: [Int] = []
        repeat {
            for row in order[nextGroup] {
                bytes.append(contentsOf: table.raw(ofRow: row))
                bytes.append(0x0A)
                lines.append(table.line(ofRow: row))
            }
            ends.append(lines.count)
            nextGroup += 1
        } while nextGroup < order.count && bytes.count < 128 * 1024
        var splitter = CSVSplitter(dialect: dialect)
        let batch = splitter.split(bytes, isLast: true).batch
        return (batch.withLines(lines), ends)
    }
}

/// Rows in memory, with the group each belongs to.
struct GroupTable {
    private var arena: [UInt8] = []
    private var rows: [Row] = []
    private var numbers: [[UInt8]: Int] = [:]
    private var keys: [[UInt8]] = []
    private var lastKey: [UInt8] = []
    private var lastGroup = -1

    private struct Row {
        var offset: Int
        var line: Int
        var length: UInt32
        var group: UInt32
    }

    init() {}

    /// Reads back what `RowGrouper` wrote.
    init(spilled bytes: [UInt8]) {
        func number(at offset: Int) -> UInt64 {
            bytes[offset..<(offset + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        var offset = 0
        while offset + 16 <= bytes.count {
            let lengths = number(at: offset)
            let line = Int(truncatingIfNeeded: number(at: offset + 8))
            let keyEnd = offset + 16 + Int(lengths >> 32)
            let end = keyEnd + Int(lengths & 0xFFFF_FFFF)
            guard end <= bytes.count else { break }
            add(key: Array(bytes[(offset + 16)..<keyEnd]), line: line, raw: bytes[keyEnd..<end])
            offset = end
        }
    }

    mutating func add(key: [UInt8], line: Int, raw: ArraySlice<UInt8>) {
        // Rows of an order nearly always follow each other.
        if lastGroup < 0 || key != lastKey {
            if let known = numbers[key] {
                lastGroup = known
            } else {
                lastGroup = keys.count
                numbers[key] = lastGroup
                keys.append(key)
            }
            lastKey = key
        }
        rows.append(
            Row(
                offset: arena.count, line: line, length: UInt32(truncatingIfNeeded: raw.count),
                group: UInt32(truncatingIfNeeded: lastGroup)))
        arena.append(contentsOf: raw)
    }

    /// About how much memory this takes.
    var bytes: Int { arena.count + rows.count * MemoryLayout<Row>.stride + keys.count * 128 }

    var rowsInOrder: Range<Int> { rows.indices }
    func key(ofRow row: Int) -> ArraySlice<UInt8> { keys[Int(rows[row].group)][...] }
    func line(ofRow row: Int) -> Int { rows[row].line }
    func raw(ofRow row: Int) -> ArraySlice<UInt8> {
        arena[rows[row].offset..<(rows[row].offset + Int(rows[row].length))]
    }

    /// The rows of each group, groups by first row, rows as they came.
    var groups: [[Int]] {
        var groups = [[Int]](repeating: [], count: keys.count)
        for (index, row) in rows.enumerated() { groups[Int(row.group)].append(index) }
        return groups
    }
}

extension CSVBatch {
    /// The same records, on other lines; as many lines as records.
    func withLines(_ lines: [Int]) -> CSVBatch {
        var records = self.records
        for index in records.indices where index < lines.count { records[index].line = lines[index] }
        return CSVBatch(bytes: bytes, unescaped: unescaped, starts: starts, lengths: lengths, records: records)
    }
}
