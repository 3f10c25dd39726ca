import Testing

@testable import Connectors

@Suite struct CSVReaderTests {
    /// All records of a text; bad ones as `!code`.
    private func read(
        _ text: String, dialect: CSVDialect = .comma, cells: Int? = nil, piece: Int = .max
    ) throws -> [[String]] {
        try records(Array(text.utf8), dialect: dialect, cells: cells, piece: piece).map(\.cells)
    }

    struct Seen: Equatable {
        var line: Int
        var cells: [String]
        var raw: [UInt8]
    }

    private func records(
        _ bytes: [UInt8], dialect: CSVDialect = .comma, cells: Int? = nil, piece: Int = .max
    ) throws -> [Seen] {
        var reader = CSVReader(
            MemorySource(bytes, pieceBytes: piece), dialect: dialect, cellCount: cells, pieceBytes: min(piece, 1 << 20))
        var result: [Seen] = []
        while let batch = try reader.next() {
            for row in batch.rows {
                let cells = row.problem.map { ["!" + $0.rawValue] } ?? row.strings
                result.append(Seen(line: row.line, cells: cells, raw: Array(row.raw)))
            }
        }
        return result
    }

    @Test func `cells are separated by the delimiter and records by any line ending`() throws {
        #expect(try read("a,b\n1,2\r\n3,4\r5,6") == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]])
        #expect(try read("a;b\n1;2,5\n", dialect: .semicolon) == [["a", "b"], ["1", "2,5"]])
        #expect(try read("a\tb\r\n1\t2\r\n", dialect: .tab) == [["a", "b"], ["1", "2"]])
    }

    @Test func `quotes hold delimiters, line breaks and doubled quotes`() throws {
        #expect(try read("a,b\n\"x,\"\"y\"\"\r\nz\",\"\"\n") == [["a", "b"], ["x,\"y\"\r\nz", ""]])
        #expect(try read("a,b\n\"\"\"\",2") == [["a", "b"], ["\"", "2"]])
    }

    @Test func `a quote inside an unquoted cell is an ordinary character`() throws {
        #expect(try read("a,b\n5\" pipe,2\n") == [["a", "b"], ["5\" pipe", "2"]])
    }

    @Test func `blanks after a closing quote are passed over`() throws {
        #expect(try read("a,b\n\"x\" ,\"y\"  \n") == [["a", "b"], ["x", "y"]])
    }

    @Test func `empty lines are no records, and a byte order mark is no part of the header`() throws {
        #expect(try read("\u{FEFF}a,b\n\n1,2\n\r\n\n3,4\n\n") == [["a", "b"], ["1", "2"], ["3", "4"]])
        #expect(try read("\u{FEFF}\"a\",b\n", piece: 1) == [["a", "b"]])
        #expect(try read("") == [])
        #expect(try read("\n\n") == [])
    }

    @Test func `empty cells at the ends are cells`() throws {
        #expect(try read("a,b,c\n,,\n,2,") == [["a", "b", "c"], ["", "", ""], ["", "2", ""]])
    }

    @Test func `a record starts on the physical line it stands on`() throws {
        let seen = try records(Array("a,b\r\n\"x\r\ny\rz\nw\",2\r\n\r3,4\n".utf8))
        #expect(seen.map(\.line) == [1, 2, 7])
    }

    @Test func `a row with another number of cells than the header is a bad row`() throws {
        #expect(
            try read("a,b\n1\n1,2,3\n4,5\n")
                == [["a", "b"], ["!too-few-cells"], ["!too-many-cells"], ["4", "5"]])
    }

    @Test func `a row that is not UTF-8 or holds a NUL is a bad row and the next one is good`() throws {
        let bytes = Array("a,b\n1,".utf8) + [0xFF] + Array("\n2,é\n3,".utf8) + [0] + Array("\n4,x\n".utf8)
        #expect(
            try records(bytes).map(\.cells)
                == [["a", "b"], ["!invalid-utf8"], ["2", "é"], ["!nul-byte"], ["4", "x"]])
    }

    @Test func `a cell that goes on after its closing quote spoils its line only`() throws {
        #expect(
            try read("a,b\n\"x\"y,2\n3,4\n") == [["a", "b"], ["!malformed-quote"], ["3", "4"]])
        // The second line would close the quote of the first.
        let seen = try records(Array("a,b\n\"x,1\n\"y\",2\n3,4\n".utf8))
        #expect(seen.map(\.cells) == [["a", "b"], ["!malformed-quote"], ["y", "2"], ["3", "4"]])
        #expect(seen.map(\.line) == [1, 2, 3, 4])
        #expect(seen[1].raw == Array("\"x,1".utf8))
    }

    @Test func `a quote never closed spoils its line only`() throws {
        let seen = try records(Array("a,b\n1,\"x\n2,y\n3,z\n".utf8))
        #expect(seen.map(\.cells) == [["a", "b"], ["!unterminated-quote"], ["2", "y"], ["3", "z"]])
        #expect(seen.map(\.line) == [1, 2, 3, 4])
    }

    @Test func `a record longer than the limit is rejected and reading goes on behind its line`() throws {
        var dialect = CSVDialect.comma
        dialect.recordBytesMax = 10
        let long = String(repeating: "x", count: 30)
        for piece in [1, 3, 1000] {
            #expect(
                try read("a,b\n\(long),1\n2,3\n", dialect: dialect, piece: piece)
                    == [["a", "b"], ["!record-too-long"], ["2", "3"]])
            #expect(
                try read("a,b\n1,\"u\n2,3\n4,5\n6,7\n", dialect: dialect, piece: piece)
                    == [["a", "b"], ["!unterminated-quote"], ["2", "3"], ["4", "5"], ["6", "7"]])
            #expect(
                try read("a,b\n12345,7890\n12345,78901\r\n2,3", dialect: dialect, piece: piece)
                    == [["a", "b"], ["12345", "7890"], ["!record-too-long"], ["2", "3"]])
        }
    }

    @Test(arguments: 0..<40) func `any cutting into pieces gives the same records`(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        let alphabet: [[UInt8]] =
            ["a", "1", ",", ";", "\"", "\"\"", "\n", "\r", "\r\n", "é", " ", "\u{0}", "\u{1F41F}", "\t"].map {
                Array($0.utf8)
            }
            + [[0xFF], [0xC3]]
        for _ in 0..<40 {
            var bytes = Array("a,b\n".utf8)
            for _ in 0..<random.below(80) { bytes += alphabet[random.below(alphabet.count)] }
            var dialect = [CSVDialect.comma, .semicolon, .tab, .lines][random.below(4)]
            dialect.recordBytesMax = 3 + random.below(40)
            let whole = try records(bytes, dialect: dialect)
            for piece in [1, 2, 3, 7] {
                #expect(try records(bytes, dialect: dialect, piece: piece) == whole, "\(bytes) by \(piece)")
            }
            // No physical line is counted twice or forgotten.
            for (one, other) in zip(whole, whole.dropFirst()) { #expect(one.line < other.line) }
        }
    }

    @Test(arguments: 0..<20) func `what is written reads back`(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) &+ 1_000)
        let alphabet = ["a", "b", " ", ",", ";", "\"", "\n", "\r\n", "\r", "é", "日本", "\t", "🐟", "'", "="]
        for _ in 0..<20 {
            let columns = 1 + random.below(5)
            let table = (0..<(1 + random.below(8))).map { _ in
                (0..<columns).map { _ in
                    (0..<random.below(6)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
                }
            }
            let dialect = CSVDialect.candidates[random.below(3)]
            var writer = CSVWriter(delimiter: dialect.delimiter, lineBreak: ["\n", "\r\n", "\r"][random.below(3)])
            for row in table { writer.append(row) }
            let piece = [1, 5, 4096][random.below(3)]
            #expect(try records(writer.bytes, dialect: dialect, piece: piece).map(\.cells) == table)
        }
    }

    @Test(arguments: 0..<20) func `damaged bytes never trap the reader`(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) &+ 2_000)
        let original = Array("id,name,note\n1,\"Bo\",\"two\nlines\"\n2,Ann,\"say \"\"hi\"\"\"\r\n3,Cid,x\n".utf8)
        for _ in 0..<200 {
            var bytes = original
            for _ in 0..<(1 + random.below(6)) where !bytes.isEmpty {
                let at = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                default: bytes.insert(bytes[random.below(bytes.count)], at: at)
                }
            }
            let seen = try records(bytes, piece: 1 + random.below(20))
            #expect(seen.count <= bytes.count)
        }
    }

    /// Pieces whose combinations mean every kind of row there is.
    private static let pieces = [
        ",", "\"", "\n", "\r\n", "\r", "a", "bc", " ", "é", "\"\"", "\"x\"", "\"x,y\",", "1,2,3\n", ",,\n", "\"q\" ,",
        "\u{0}",
    ]

    @Test(arguments: 0..<200) func `rows that need no thought are found like all others`(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var bytes = Array("a,b,c\n".utf8)
        for _ in 0..<random.below(400) {
            let isPlain = random.below(3) > 0
            let plain = seed % 2 == 0 ? "1,\"x y\",3\n" : "1,,\(random.next() >> UInt64(random.below(64)))\n"
            bytes += Array((isPlain ? plain : Self.pieces[random.below(Self.pieces.count)]).utf8)
            if random.below(60) == 0 { bytes.append(0xFF) }
            if seed % 5 == 1, isPlain { bytes += Array(plain.utf8) + Array(plain.utf8) }
        }
        for (dialect, isLast) in [
            (CSVDialect.comma, true), (CSVDialect(delimiter: 0x2C, recordBytesMax: 12), true), (.comma, false),
            (CSVDialect(delimiter: 0x2C, quote: nil), true), (.lines, true),
        ] {
            var quick = CSVSplitter(dialect: dialect)
            var careful = CSVSplitter(dialect: dialect, takesSimpleRowsQuickly: false)
            let (found, consumed) = quick.split(bytes, isLast: isLast)
            let (expected, expectedConsumed) = careful.split(bytes, isLast: isLast)
            #expect(consumed == expectedConsumed)
            #expect(found.rows.map(\.line) == expected.rows.map(\.line))
            #expect(found.rows.map(\.problem) == expected.rows.map(\.problem))
            #expect(found.rows.map(\.strings) == expected.rows.map(\.strings))
            #expect(found.rows.map { Array($0.raw) } == expected.rows.map { Array($0.raw) })
            if found.isBare {
                #expect(found.rows.flatMap { Array($0.raw) + [0x0A] } == Array(bytes[..<consumed]))
                #expect(dialect.quote.map { !bytes[..<consumed].contains($0) } ?? true)
            }
        }
    }

    @Test(arguments: [1, 2, 14]) func `rows without quotes are known for what they are`(cells: Int) {
        let rows = (0..<9_000).map { row in (0..<cells).map { "\(row &* $0 % 1_000_003)" }.joined(separator: ",") }
        let text = rows.joined(separator: "\n") + "\n"
        for (bytes, isBare) in [
            (text, true), (text + "1,", true), (text.replacing("\n", with: "\r\n", maxReplacements: 1), false),
            (text.replacing("\n", with: "\n\n", maxReplacements: 1), false), ("\"0\"" + text.dropFirst(), false),
        ] {
            var splitter = CSVSplitter(dialect: .comma, cellCount: cells)
            let (found, consumed) = splitter.split(Array(bytes.utf8), isLast: false)
            #expect(found.count == rows.count)
            #expect(consumed == bytes.utf8.count - (bytes.hasSuffix(",") ? 2 : 0))
            #expect(found[found.count - 1].strings.joined(separator: ",") == rows[rows.count - 1])
            #if arch(x86_64)
                #expect(found.isBare == isBare)
            #else
                #expect(!found.isBare || isBare)
            #endif
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed everywhere.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}
