package import EventModel
import Glibc

/// The file of rejected rows: JSON Lines with `line`, `code`, `message` and the row itself.
///
/// The file is made when the first row is rejected. Only the last few kilobytes are in memory.
package final class RejectLog {
    package let path: String
    /// How many rows were rejected, by code.
    package private(set) var counts: [Text: Int] = [:]
    private var descriptor: Int32 = -1
    private var buffer: [UInt8] = []
    private static let rowBytesMax = 64 * 1024

    /// `path` is overwritten if it exists.
    package init(path: String) {
        self.path = path
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// How many rows were rejected in all.
    package var count: Int { counts.values.reduce(0, +) }

    /// Throws `ImportError.cannotCreate` or `.cannotWrite`.
    package func add(line: Int, problem: RowProblem, raw: ArraySlice<UInt8>) throws(ImportError) {
        counts[problem.code, default: 0] += 1
        if descriptor < 0 {
            // The folder may be new; if it can't be made, opening the file says why.
            if let slash = path.lastIndex(of: "/"), slash > path.startIndex { mkdir(String(path[..<slash]), 0o700) }
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: systemReason(errno)) }
        }
        // Bytes that are not UTF-8 are shown as replacement characters; the line number finds the row itself.
        let row = String(decoding: raw.prefix(Self.rowBytesMax), as: UTF8.self)
        let record = JSONObject([
            ("line", .number(Decimal128(line))), ("code", .string(problem.code)),
            ("message", .string(Text(problem.words))), ("row", .string(Text(row))),
        ])
        JSONWriter.append(.object(record), to: &buffer)
        buffer.append(0x0A)
        if buffer.count >= 64 * 1024 { try flush() }
    }

    /// Writes what is still in memory.
    package func flush() throws(ImportError) {
        guard descriptor >= 0, !buffer.isEmpty else { return }
        try writeAll(buffer, to: descriptor, path: path)
        buffer.removeAll(keepingCapacity: true)
    }
}
