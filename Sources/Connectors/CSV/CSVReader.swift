/// Reads the records of a CSV file of any size, a batch at a time.
///
/// The memory in use is a few pieces of the file plus the longest record, whatever the file's size.
///
/// ```swift
/// var reader = CSVReader(source, dialect: .comma)
/// while let batch = try reader.next() {
///     for row in batch.rows where row.problem == nil { print(row.line, row.strings) }
/// }
/// ```
package struct CSVReader {
    private let source: any ByteSource
    private var splitter: CSVSplitter
    private var carried: [UInt8] = []
    private var isAtStart = true
    private var hasEnded = false
    private let pieceBytes: Int
    /// A failure that came behind whole records; they are handed out first.
    private var failure: ImportError?

    /// - Parameter cellCount: how many cells a good record has; the first record (the header) decides when nil.
    /// - Parameter pieceBytes: how much is read and split at a time.
    package init(
        _ source: any ByteSource, dialect: CSVDialect, cellCount: Int? = nil, pieceBytes: Int = 256 * 1024
    ) {
        self.source = source
        self.splitter = CSVSplitter(dialect: dialect, cellCount: cellCount)
        self.pieceBytes = max(1, pieceBytes)
    }

    /// The next records, at least one; nil at the end.
    ///
    /// Throws what the source throws, after the whole records before the damage have been handed out; the record
    /// the damage lies in is not.
    package mutating func next() throws(ImportError) -> CSVBatch? {
        if let failure { throw failure }
        while !hasEnded {
            var bytes = carried
            do throws(ImportError) {
                hasEnded = try source.read(into: &bytes, limit: pieceBytes) == 0
            } catch {
                failure = error
                throw error
            }
            if isAtStart {
                guard hasEnded || bytes.count >= 3 else {
                    carried = bytes
                    continue
                }
                if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
                isAtStart = false
            }
            let (batch, consumed) = splitter.split(bytes, isLast: hasEnded)
            carried = Array(bytes[consumed...])
            if batch.count > 0 { return batch }
        }
        return nil
    }

    /// How far into the file the reader is, in bytes on disk.
    package var position: Int64 { source.position }
}
