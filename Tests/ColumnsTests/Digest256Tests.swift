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

    @Test func `many pieces have the digests they have one by one`() {
        let lengths = Array(0..<300) + [1_000, 63, 64, 55, 56, 4_000]
        var bytes: [UInt8] = []
        var blocks: [UInt32] = []
        var expected: [[UInt64]] = []
        for length in lengths {
            let piece = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + length) }
            let (high, low) = piece.withUnsafeBytes { Digest256.first128($0) }
            expected.append([high, low])
            blocks.append(UInt32(bytes.count / Digest256.blockSize))
            bytes += piece
            bytes += Array(repeating: 0xEE, count: Digest256.paddedCount(length) - length)
        }
        for count in [0, 1, 2, lengths.count] {
            var copy = bytes
            var found: [[UInt64]] = []
            copy.withUnsafeMutableBytes { copy in
                Digest256.first128(
                    copy, blocks: Array(blocks[..<count]), lengths: lengths[..<count].map { UInt32($0) }
                ) { found.append([$1, $2]) }
            }
            #expect(found == Array(expected[..<count]))
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

    @Test(arguments: [1, 40, 5_000]) func `cells have the same code exactly when they have the same bytes`(kinds: Int) {
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
            let text = String(repeating: "w\(kind)", count: kind % 9)
            firstCells.append(starts.count)
            texts.append(text)
            let isUndone = row % 11 == 0
            starts.append(isUndone ? UInt32(undone.count) | 1 << 31 : UInt32(bytes.count))
            lengths.append(UInt32(text.utf8.count))
            if isUndone { undone += text.utf8 } else { bytes += text.utf8 }
        }
        let (codes, firstRows) = bytes.withUnsafeBufferPointer { bytes in
            undone.withUnsafeBufferPointer { undone in
                starts.withUnsafeBufferPointer { starts in
                    lengths.withUnsafeBufferPointer { lengths in
                        firstCells.withUnsafeBufferPointer { firstCells in
                            CellCoder(
                                CellCoder.Cells(
                                    bytes: bytes, undone: undone, starts: starts, lengths: lengths,
                                    firstCells: firstCells)
                            ).codes(0)
                        }
                    }
                }
            }
        }
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
}
