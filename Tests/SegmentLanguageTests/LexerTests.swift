import EventModel
import Testing

@testable import SegmentLanguage

@Suite struct `Texts are cut into tokens` {
    func kinds(_ text: String) -> [Token.Kind] {
        var lexer = Lexer(text)
        lexer.run()
        #expect(lexer.diagnostics.isEmpty, "\(lexer.diagnostics.map(\.message))")
        return lexer.tokens.map(\.kind)
    }

    func problems(_ text: String) -> [String] {
        var lexer = Lexer(text)
        lexer.run()
        return lexer.diagnostics.map(brief)
    }

    @Test func `strings have the escapes of JSON`() {
        #expect(kinds(#""a\"\\\/\b\f\n\r\t\u00e9""#) == [.string("a\"\\/\u{8}\u{c}\n\r\t\u{e9}")])
        #expect(kinds(#""\ud83d\uDED2""#) == [.string("🛒")])
        #expect(kinds("\"\u{7f}é😀\"") == [.string("\u{7f}é😀")])
    }

    @Test(arguments: [
        (#""\ud83d""#, "1:2 invalid-escape"), (#""\ud83dx""#, "1:2 invalid-escape"),
        (#""\udede""#, "1:2 invalid-escape"), (#""\ud83d\u0041""#, "1:2 invalid-escape"),
        (#""\x41""#, "1:2 invalid-escape"), (#""\u12""#, "1:2 invalid-escape"), (#""\u00g9""#, "1:2 invalid-escape"),
        ("\"a\tb\"", "1:3 control-character"), ("\"a\u{0}\"", "1:3 control-character"),
        ("\"open\nsegment", "1:1 unterminated-string"), ("\"open", "1:1 unterminated-string"),
        (#""open\"#, "1:1 unterminated-string"), ("'a'", "1:1 unexpected-character"),
    ])
    func `a broken string is an error`(_ text: String, _ problem: String) {
        #expect(problems(text) == [problem])
    }

    @Test func `positions count lines and scalars`() {
        var lexer = Lexer("é \"😀\" x\r\n  y\rz\n")
        lexer.run()
        #expect(lexer.diagnostics.map(brief) == ["1:1 unexpected-character"])
        let places = lexer.tokens.map { "\($0.range.start.line):\($0.range.start.column)-\($0.range.end.column)" }
        #expect(places == ["1:3-6", "1:7-8", "2:3-4", "3:1-2"])
        #expect(lexer.tokens.map(\.range.start.offset) == [3, 10, 15, 17])
    }

    @Test func `numbers and times are told apart`() throws {
        let half = try #require(Decimal128(jsonNumber: "0.5"))
        #expect(kinds("10 0.5 1e2") == [.number(10), .number(half), .number(100)])
        for text in [
            "2026-11-27", "2026-11-27T10:00", "2026-11-27T10:00:00Z", "2026-11-27T10:00:00.123+05:30",
            "2026-11-27 10:00", "2026-11-27T10:00-0800", "2026-11-27T10:00+01",
        ] {
            #expect(kinds(text) == [.time(TimeLiteral(text: Text(text), isDate: text.utf8.count == 10))])
        }
        #expect(kinds("2026 - 11") == [.number(2026), .symbol(.minus), .number(11)])
        #expect(kinds("2026-11-27 - 7").count == 3)
    }

    @Test(arguments: [
        ("2026-02-30", "1:1 invalid-time"), ("2026-13-01", "1:1 invalid-time"), ("2026-1-5", "1:1 invalid-time"),
        ("2026-11-27T25:00", "1:1 invalid-time"), ("2026-11-27T10:00x", "1:1 invalid-time"),
        ("7days", "1:1 invalid-number"), ("007", "1:1 invalid-number"), ("1e", "1:1 invalid-number"),
        ("12345678901234567890123456789012345", "1:1 number-out-of-range"), ("1e9999", "1:1 number-out-of-range"),
        ("1e99999999999999999999", "1:1 number-out-of-range"), ("== 1", "1:1 unexpected-character"),
        ("§§ x", "1:1 unexpected-character"), ("\u{201C}x", "1:1 unexpected-character"),
        ("\u{a0}x", "1:1 unexpected-character"), ("\u{0}", "1:1 unexpected-character"),
    ])
    func `what is no token is reported once`(_ text: String, _ problem: String) {
        #expect(problems(text) == [problem])
    }

    @Test func `a comment ends with its line and a byte order mark is passed over`() {
        var lexer = Lexer("\u{FEFF}# first  \n x # second \"a\" : \r\n\"# no comment\"")
        lexer.run()
        #expect(lexer.comments.map(\.text) == ["# first", "# second \"a\" :"])
        #expect(lexer.comments.map(\.standsAlone) == [true, false])
        #expect(lexer.tokens.map(\.kind) == [.word("x"), .string("# no comment")])
    }
}
