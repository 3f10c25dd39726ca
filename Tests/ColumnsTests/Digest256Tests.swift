import Columns
import Testing

@Suite struct Digest256Tests {
    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// FIPS 180-4, the examples of its appendix.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `digests are those of the standard`(text: String, digest: String) {
        let bytes = Array(text.utf8)
        let quick: [UInt8] = bytes.withUnsafeBytes { Digest256.bytes($0) }
        let plain: [UInt8] = bytes.withUnsafeBytes { Digest256.bytesWithoutInstructions($0) }
        #expect(hexadecimal(quick) == digest)
        #expect(hexadecimal(plain) == digest)
    }

    @Test func `both ways agree at every length`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        for count in 0..<bytes.count {
            bytes[..<count].withUnsafeBytes { piece in
                #expect(Digest256.bytes(piece) == Digest256.bytesWithoutInstructions(piece))
                let (high, low) = Digest256.first128(piece)
                let first = Digest256.bytes(piece).prefix(16)
                #expect(first.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } == high)
                #expect(first.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } == low)
            }
        }
    }

    @Test(arguments: [0, 1, 2, 33, 5_000, 100_000]) func `words are sorted by their upper bits`(count: Int) {
        var state: UInt64 = 9
        var words = (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Some prefixes are shared.
            return (state >> UInt64(index % 3 == 0 ? 40 : 12)) << 26 | UInt64(index)
        }
        let expected = words.sorted { ($0 >> 26, $0) < ($1 >> 26, $1) }
        var scratch = words
        words.withUnsafeMutableBufferPointer { words in
            scratch.withUnsafeMutableBufferPointer { WordOrder.sort(words, from: 26, scratch: $0) }
        }
        #expect(words == expected)
    }

    @Test(arguments: [1, 40, 400, 5_000])
    func `cells have the same code exactly when they have the same bytes`(kinds: Int) {
        var state: UInt64 = 7
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var bytes: [UInt8] = []
        var undone: [UInt8] = []
        var (starts, lengths, firstCells): ([UInt32], [UInt32], [Int]) = ([], [], [])
        var texts: [String?] = []
        for row in 0..<6_000 {
            if row % 50 == 49 {
                firstCells.append(-1)
                texts.append(nil)
                continue
            }
            let kind = random(kinds)
            let isLeftEmpty = kinds == 400 && row % 1_024 > 30
            let text = isLeftEmpty ? "" : String(repeating: "w\(kind)", count: kind % 9) + "\(kind % 2)"
            firstCells.append(starts.count)
            texts.append(text)
            let isUndone = row % 11 == 0
            starts.append(isUndone ? UInt32(undone.count) | 1 << 31 : UInt32(bytes.count))
            lengths.append(UInt32(text.utf8.count))
            if isUndone { undone += text.utf8 } else { bytes += text.utf8 }
        }
        let (codes, firstRows) = both(bytes, undone, starts, lengths, firstCells)
        var codeOfText: [String: UInt32] = [:]
        for (row, text) in texts.enumerated() {
            guard let text else {
                #expect(codes[row] == CellCoder.noCode)
                continue
            }
            if codeOfText[text] == nil {
                #expect(firstRows[codeOfText.count] == UInt32(row))
                codeOfText[text] = UInt32(codeOfText.count)
            }
            #expect(codes[row] == codeOfText[text])
        }
        #expect(firstRows.count == codeOfText.count)
    }

    /// The codes of the only column, asked for together with itself.
    private func both(
        _ bytes: [UInt8], _ undone: [UInt8], _ starts: [UInt32], _ lengths: [UInt32], _ firstCells: [Int]
    ) -> (codes: [UInt32], firstRows: [UInt32]) {
        bytes.withUnsafeBufferPointer { bytes in
            undone.withUnsafeBufferPointer { undone in
                starts.withUnsafeBufferPointer { starts in
                    lengths.withUnsafeBufferPointer { lengths in
                        firstCells.withUnsafeBufferPointer { firstCells in
                            let cells = CellCoder.Cells(
                                bytes: bytes, undone: undone, starts: starts, lengths: lengths, firstCells: firstCells)
                            let coded = CellCoder(cells).codes(of: [0, 0])
                            #expect(coded[0].codes == coded[1].codes && coded[0].firstRows == coded[1].firstRows)
                            return (coded[0].codes, coded[0].firstRows)
                        }
                    }
                }
            }
        }
    }

    /// The codes of a column with these cells; nil for rows without any.
    private func coded(_ texts: [String?]) -> CellCoder.Coded {
        var bytes: [UInt8] = []
        var (starts, lengths, firstCells): ([UInt32], [UInt32], [Int]) = ([], [], [])
        for text in texts {
            firstCells.append(text == nil ? -1 : starts.count)
            guard let text else { continue }
            starts.append(UInt32(bytes.count))
            lengths.append(UInt32(text.utf8.count))
            bytes += text.utf8
        }
        return bytes.withUnsafeBufferPointer { bytes in
            starts.withUnsafeBufferPointer { starts in
                lengths.withUnsafeBufferPointer { lengths in
                    firstCells.withUnsafeBufferPointer { firstCells in
                        let cells = CellCoder.Cells(
                            bytes: bytes, undone: UnsafeBufferPointer(start: nil, count: 0), starts: starts,
                            lengths: lengths, firstCells: firstCells)
                        return CellCoder(cells).codes(of: [0])[0]
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<20) func `whole numbers have codes like all cells, and are known as numbers`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let limit = [3, 200, 5_000, 4_194_304][Int(seed % 4)]
        var texts: [String?] = (0..<random(4_000)).map { _ in
            random(9) == 0 ? "" : random(60) == 0 ? nil : "\(random(limit))"
        }
        // One cell of these makes the column another one.
        let others = ["007", "1.5", "-1", "4194304", "12345678", "123456789", "x", "1 ", "/", ":", "1234567x", "\u{0}"]
        let hasOther = seed >= 10
        if hasOther { texts.insert(others[random(others.count)], at: random(texts.count + 1)) }
        let found = coded(texts)
        var codeOfText: [String: UInt32] = [:]
        for (row, text) in texts.enumerated() {
            guard let text else {
                #expect(found.codes[row] == CellCoder.noCode)
                continue
            }
            if codeOfText[text] == nil {
                #expect(found.firstRows[codeOfText.count] == UInt32(row))
                if !hasOther { #expect(found.numbers?[codeOfText.count] == (UInt32(text).map { $0 + 1 } ?? 0)) }
                codeOfText[text] = UInt32(codeOfText.count)
            }
            #expect(found.codes[row] == codeOfText[text])
        }
        #expect(found.firstRows.count == codeOfText.count)
        #expect((found.numbers == nil) == hasOther)
    }

    @Test func `more rows than there are codes for numbers are coded as texts`() {
        let found = coded((0..<70_000).map { "\($0 % 66_000)" })
        #expect(found.numbers == nil && found.firstRows.count == 66_000)
        #expect(found.codes[65_999] == 65_999 && found.codes[66_000] == 0)
    }
}
