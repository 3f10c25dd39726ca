import Columns
import EventModel
import Testing

@testable import EventStore

/// Rows kept by columns come back byte by byte, and whatever else lies there instead is refused.
@Suite struct RowColumnsTests {
    private static let recipe: RowRecipe = {
        var recipe = RowRecipe(
            delimiter: UInt8(ascii: ","), quote: UInt8(ascii: "\""), cells: 5,
            digester: RowDigester(namespace: "events", keys: ["a", "b", "c", "d", "e"]), event: 2, time: 1)
        recipe.customer = 0
        return recipe
    }()

    /// The rows by columns: the same whether it is known that no cell is quoted or not.
    private func encoded(_ text: String) -> [UInt8]? {
        let careful = encoded(text, trustsSplitter: false)
        #expect(careful == encoded(text, trustsSplitter: true))
        return careful
    }

    private func encoded(_ text: String, trustsSplitter: Bool) -> [UInt8]? {
        let bytes = Array((text + "\n").utf8)
        let splitter = TableSplitter(rowsMax: 100_000)
        let form = TableSplitter.Form(
            delimiter: Self.recipe.delimiter, quote: Self.recipe.quote, cells: 5, rowBytesMax: 1 << 20)
        return bytes.withUnsafeBufferPointer { bytes in
            var (starts, lengths): ([UInt32], [UInt32]) = ([], [])
            var (rows, offset) = (0, 0)
            var isBare = trustsSplitter
            while offset < bytes.count {
                let found = splitter.split(UnsafeBufferPointer(rebasing: bytes[offset...]), form)
                guard found.rows > 0 else { break }
                isBare = isBare && found.isBare
                starts += splitter.starts(found.rows * 5).map { $0 + UInt32(offset) }
                lengths += splitter.lengths(found.rows * 5)
                rows += found.rows
                offset += found.consumed
            }
            let table = Table(
                bytes: Array(bytes), undone: [], starts: starts, lengths: lengths,
                firstCells: (0..<rows).map { $0 * 5 }, isBare: isBare)
            return table.withCells { cells in
                let coder = cells.coder
                let columns = coder.codes(of: Array(0..<5)).enumerated().map { column, coded in
                    TableColumn(column: column, coded)
                }
                let times = cells.times(1)
                let known = RowColumns.Rows(cells: cells, rows: 0..<rows, columns: columns, times: times[...])
                guard let start = cells.cell(0, 0).baseAddress else { return nil }
                // The first cell may stand in quotes.
                let first = bytes[0] == UInt8(ascii: "\"") ? start - 1 : start
                return RowColumns.encode(
                    known, UnsafeRawBufferPointer(start: first, count: bytes.count - 1), Self.recipe)
            }
        }
    }

    private func log(rows: Int, _ row: (Int) -> String) -> String { (0..<rows).map(row).joined(separator: "\n") }

    private func time(_ row: Int) -> String {
        let text = Timestamp(milliseconds: 1_750_000_000_000 + Int64(row * row % 90_000) * 17).iso8601
        return String(text.dropLast()).replacing("T", with: " ")
    }

    @Test(arguments: [1, 3, 400, 3_000]) func `rows come back byte by byte`(rows: Int) throws {
        let logs = [
            log(rows: rows) { "\($0 * 37),\(time($0)),\"Page Viewed\",,\"x\($0 % 7)\"" },
            log(rows: rows) { "\"u\($0)\",\"\(time($0))\",\($0 % 3 == 0 ? "" : "\"Cart, Viewed\""),0\($0),é" },
            log(rows: rows) { "\"\",\(time($0)),a,\($0 % 2 == 0 ? "" : "\($0)"),\"\"" },
            log(rows: rows) { "u\($0),\(time($0)),a,\($0 % 2 == 0 ? "" : "\($0)"),é" },
        ]
        for text in logs {
            let columns = try #require(encoded(text))
            let back = try columns.withUnsafeBytes { try RowColumns.rows($0, count: rows, Self.recipe) }
            #expect(String(decoding: back, as: UTF8.self) == text)
        }
    }

    @Test func `rows that are not all written alike are left as they are`() {
        let good = "1,\(time(1)),a,b,c"
        #expect(encoded(good + "\n" + good) != nil)
        for other in [
            "\"1\",\(time(1)),a,b,c", "1,\(time(1).dropLast(4)),a,b,c", "1,\(time(1).replacing(" ", with: "T")),a,b,c",
            "1,1950-01-01 00:00:00.000,a,b,c", "1,2345-01-01 00:00:00.000,a,b,c",
        ] {
            #expect(encoded(good + "\n" + other) == nil, "\(other)")
        }
        #expect(encoded(good + "\r\n" + good) == nil)
        #expect(encoded(good + "\n\n" + good) == nil)
    }

    @Test func `damaged columns are refused or give no more than they promise`() throws {
        let rows = 60
        let text = log(rows: rows) { "\($0),\(time($0)),\"Page Viewed\",,\"x\($0 % 7)\"" }
        let columns = try #require(encoded(text))
        var random = SplitMix64(seed: 3)
        for _ in 0..<4_000 {
            var damaged = columns
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random)) }
            let count = Int.random(in: 0..<100, using: &random)
            let back = damaged.withUnsafeBytes { try? RowColumns.rows($0, count: count, Self.recipe) }
            #expect((back?.count ?? 0) <= RowColumns.bytesMax)
        }
    }
}
