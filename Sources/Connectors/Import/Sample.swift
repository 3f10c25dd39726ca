/// The beginning of a file, looked at before anything is decided.
struct Sample {
    enum Content {
        case table(CSVDialect)
        case jsonLines
    }

    let path: String
    let isGzip: Bool
    /// On disk.
    let fileBytes: Int64
    /// Decompressed, without a byte order mark; ends with the last whole line unless the file is one line.
    let bytes: [UInt8]
    /// Whether this is all of it.
    let isWhole: Bool

    /// Reads the first `count` bytes. Throws for files that can't be read or can't be text.
    init(path: String, count: Int) throws(ImportError) {
        self.path = path
        let (source, isGzip, size) = try Self.open(path)
        self.isGzip = isGzip
        fileBytes = size
        var bytes: [UInt8] = []
        var hasEnded = false
        while bytes.count < count, !hasEnded {
            do throws(ImportError) {
                hasEnded = try source.read(into: &bytes, limit: min(256 * 1024, count - bytes.count + 1)) == 0
            } catch .damagedGzip where !bytes.isEmpty {
                // What is there may be imported; the damage is reported when it is reached.
                break
            }
        }
        isWhole = hasEnded
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        try Self.checkText(bytes, path: path)
        guard bytes.contains(where: { $0 > 0x20 }) else { throw .empty(path: path) }
        if !hasEnded, let lastBreak = bytes.lastIndex(where: { $0 == 0x0A || $0 == 0x0D }), lastBreak > 0 {
            bytes.removeSubrange((lastBreak + 1)...)
        }
        self.bytes = bytes
    }

    /// Opens a file, through zlib when it starts as gzip does.
    static func open(_ path: String) throws(ImportError) -> (source: any ByteSource, isGzip: Bool, size: Int64) {
        let probe = try FileSource(path: path)
        var magic: [UInt8] = []
        _ = try probe.read(into: &magic, limit: 2)
        let file = try FileSource(path: path)
        guard magic == [0x1F, 0x8B] else { return (file, false, file.size) }
        return (try GzipSource(file, path: path), true, file.size)
    }

    private static func checkText(_ bytes: [UInt8], path: String) throws(ImportError) {
        let saveAs = "save it as CSV in UTF-8 and import that"
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw .notText(path: path, what: "text in UTF-16", advice: "save it as CSV in UTF-8 and import that")
        }
        if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            throw .notText(path: path, what: "a zip archive or a workbook", advice: "unpack it, or " + saveAs)
        }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw .notText(path: path, what: "an old workbook", advice: saveAs)
        }
        let start = bytes.prefix(4096)
        if start.filter({ $0 == 0 }).count * 10 > start.count {
            throw .notText(path: path, what: "binary data or text in UTF-16", advice: saveAs)
        }
    }

    /// A JSON object first means JSON Lines; else the delimiter that makes most known column names of the first line.
    func content(knownKeys: Set<String>) throws(ImportError) -> Content {
        let first = bytes.first { $0 > 0x20 }
        if first == UInt8(ascii: "{") { return .jsonLines }
        if first == UInt8(ascii: "[") {
            throw .badHeader(path: path, reason: "it is one JSON array; write one JSON object a line instead")
        }
        var best: (known: Int, cells: Int, dialect: CSVDialect)?
        for dialect in CSVDialect.candidates {
            guard let header = try? header(dialect) else { continue }
            let known = header.keys.filter { knownKeys.contains($0) }.count
            if (known, header.count) > (best?.known ?? -1, best?.cells ?? -1) { best = (known, header.count, dialect) }
        }
        return .table(best?.dialect ?? .comma)
    }

    /// The first record, read as the names of columns.
    func header(_ dialect: CSVDialect) throws(ImportError) -> Header {
        var reader = CSVReader(MemorySource(bytes), dialect: dialect)
        guard let row = try reader.next()?[0] else { throw .empty(path: path) }
        if let problem = row.problem {
            throw .badHeader(path: path, reason: "\(problem.rawValue) on line \(row.line)")
        }
        let header = Header(row.strings)
        guard header.keys.contains(where: { !$0.isEmpty }) else {
            throw .badHeader(path: path, reason: "its first line names no columns")
        }
        return header
    }

    /// The good rows behind the header, at most `limit`.
    func rows(_ dialect: CSVDialect, limit: Int) throws(ImportError) -> [CSVRow] {
        var reader = CSVReader(MemorySource(bytes), dialect: dialect)
        var rows: [CSVRow] = []
        var isHeader = true
        while rows.count < limit, let batch = try reader.next() {
            for row in batch.rows {
                if isHeader {
                    isHeader = false
                } else if row.problem == nil, rows.count < limit {
                    rows.append(row)
                }
            }
        }
        return rows
    }
}
