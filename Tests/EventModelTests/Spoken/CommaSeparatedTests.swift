import EventModel
import Testing

@Suite struct CommaSeparatedTests {
    @Test(arguments: [
        ("ann", "ann"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""),
        ("", ""),
    ])
    func `cells are quoted where they must be`(text: String, cell: String) {
        #expect(CommaSeparated.cell(text) == cell)
    }

    @Test(arguments: [
        "=1+1", "+49 30 1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{FEFF}=1", "\u{200B}=1", "＝1+1", "-",
        "+1",
    ])
    func `what could be a formula is defused`(text: String) {
        #expect(CommaSeparated.cell(text).hasPrefix("\"'"))
    }

    @Test(arguments: ["-12.50", "0", "17", "-3"])
    func `plain numbers stay numbers`(text: String) {
        #expect(CommaSeparated.cell(text) == text)
    }
}
