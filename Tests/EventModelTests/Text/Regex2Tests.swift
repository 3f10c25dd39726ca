import EventModel
import Testing

@Suite struct Regex2Tests {
    private func matches(_ pattern: Text, _ text: Text, ignoringCase: Bool = false) throws -> Bool {
        try Regex2(pattern: pattern, ignoringCase: ignoringCase).matches(text)
    }

    @Test func `an expression looks anywhere in the text`() throws {
        #expect(try matches("ard", "Gift Card"))
        #expect(try matches("", ""))
        #expect(try matches("^$", ""))
        #expect(try !matches("^ard", "Gift Card"))
        #expect(try matches("^Gift.*d$", "Gift Card"))
        #expect(try matches("b$", "ab") && !matches("b$", "ab\n"))
        #expect(try matches("a\\x00b", "a\u{0}b"))
    }

    @Test func `the unit is the Unicode scalar`() throws {
        #expect(try matches("^.$", "\u{E9}") && !matches("^.$", "e\u{301}"))
        #expect(try matches("^..$", "e\u{301}") && matches("^.$", "😀"))
        #expect(try matches("^\\p{Greek}+$", "Ωμέγα") == true)
        #expect(try !matches("a.b", "a\nb") && matches("(?s)a.b", "a\nb"))
    }

    @Test func `case is ignored by simple folding when asked`() throws {
        #expect(try !matches("straße", "STRAßE") && matches("straße", "STRAßE", ignoringCase: true))
        #expect(try matches("straße", "STRAẞE", ignoringCase: true))
        #expect(try !matches("straße", "STRASSE", ignoringCase: true))
        #expect(try matches("[k]", "\u{212A}", ignoringCase: true))
    }

    @Test(arguments: ["(", "a)", "[", "[b-a]", "*", "a**b(", "\\", "\\8", "(?=a)", "a{1001}", "\\pX"])
    func `what is no expression of RE2 is an error with its words`(pattern: String) {
        let error = throwing { () throws(RegexError) in try Regex2(pattern: Text(pattern)) }
        #expect(error?.message.isEmpty == false)
    }

    @Test func `an expression too large once compiled is an error`() {
        let pattern: Text = "((((a{100}){100}){100}){100}){100}"
        #expect(throwing { () throws(RegexError) in try Regex2(pattern: pattern) } != nil)
    }

    @Test func `an expression has at most a thousand characters`() throws {
        let longest = Text(String(repeating: "é", count: Limits.regexCharacters.value))
        #expect(throws: Never.self) { try Regex2(pattern: longest) }
        #expect(throwing { () throws(RegexError) in try Regex2(pattern: Text(longest.string + "a")) } != nil)
    }

    @Test func `an expression that ruins backtracking matchers answers at once`() throws {
        let text = Text(String(repeating: "a", count: 100_000))
        let start = ContinuousClock.now
        #expect(try !matches("(a*)*b|(a|aa)+$x|(.*)(.*)(.*)c", text))
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `one expression serves several threads`() async throws {
        let expression = try Regex2(pattern: "o(r|x)der", ignoringCase: true)
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<500).filter { expression.matches($0 % 2 == 0 ? "An Order" : "A cart") }.count }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [250, 250, 250, 250])
    }
}
