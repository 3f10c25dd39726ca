import Testing

@testable import Server

struct MultipartReaderTests {
    /// Parts put together, whatever pieces their bytes came in.
    private func parts(_ pieces: [MultipartReader.Piece]) -> [(head: MultipartReader.Piece, bytes: [UInt8])] {
        var parts: [(MultipartReader.Piece, [UInt8])] = []
        for piece in pieces {
            switch piece {
            case .part: parts.append((piece, []))
            case .bytes(let bytes): parts[parts.count - 1].1 += bytes
            }
        }
        return parts
    }

    private func read(_ form: [UInt8], inPiecesOf size: Int) -> (pieces: [MultipartReader.Piece], isWhole: Bool)? {
        guard var reader = MultipartReader(contentType: "multipart/form-data; boundary=XyZ") else { return nil }
        var all: [MultipartReader.Piece] = []
        for start in stride(from: 0, to: form.count, by: size) {
            guard let pieces = reader.take(form[start..<min(start + size, form.count)]) else { return nil }
            all += pieces
        }
        return (all, reader.isWhole)
    }

    /// Bytes that look like line breaks and delimiters are most of it.
    static let bodies = [
        "", "\r\n", "a,b\r\n1,2\r\n", "--XyZ", "\r\n--Xy", "\r\n--XyY\r\n--Xy", "\r\n\r\n\r\n", "-",
        "\u{0}\r\n--\r\n--X",
    ]

    @Test(arguments: bodies) func `a file comes out as it went in, however the form is cut`(body: String) throws {
        let form =
            "preamble\r\n--XyZ\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nvalue\r\n--XyZ\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a;b.csv\"\r\nContent-Type: text/csv\r\n\r\n"
            + "\(body)\r\n--XyZ--\r\nepilogue"
        for size in [1, 2, 3, 7, 64, 4_096] {
            let (pieces, isWhole) = try #require(read(Array(form.utf8), inPiecesOf: size))
            let parts = parts(pieces)
            #expect(isWhole && parts.count == 2)
            #expect(parts.first?.head == .part(name: "other", file: nil))
            #expect(parts.first?.bytes == Array("value".utf8))
            #expect(parts.last?.head == .part(name: "file", file: "a;b.csv"))
            #expect(parts.last?.bytes == Array(body.utf8), "in pieces of \(size)")
        }
    }

    @Test func `a form that is cut anywhere is not whole`() throws {
        let form = Array("--XyZ\r\nContent-Disposition: form-data; name=file; filename=f\r\n\r\nabc\r\n--XyZ--".utf8)
        #expect(read(form, inPiecesOf: 5)?.isWhole == true)
        for count in 1..<form.count { #expect(read(Array(form.prefix(count)), inPiecesOf: 5)?.isWhole == false) }
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=x",
        "multipart/mixed; boundary=x",
        "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
    ]) func `what is no form is refused`(type: String) {
        #expect(MultipartReader(contentType: type) == nil)
    }

    @Test func `heads that are no heads, or too long, are refused`() {
        for head in ["", "Content-Type: x", "Content-Disposition: form-data", String(repeating: "x", count: 9_000)] {
            #expect(read(Array("--XyZ\r\n\(head)\r\n\r\nabc\r\n--XyZ--".utf8), inPiecesOf: 100) == nil)
        }
        #expect(read(Array("--XyZabc\r\n".utf8), inPiecesOf: 100) == nil)
    }

    @Test func `names are shown without paths and without what is not seen`() {
        #expect(UploadName.shown("C:\\fakepath\\orders.csv") == "orders.csv")
        #expect(UploadName.shown("../../etc/passwd") == "passwd")
        #expect(UploadName.shown("a\u{202E}vsc.\u{0}\r\n%0D%0Aexe%22") == "avsc.exe\"")
        #expect(UploadName.shown("/").isEmpty)
    }
}
