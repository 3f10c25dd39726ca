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
}
