import EventModel
import Testing

@Suite struct IdentifiersTests {
    @Test(arguments: [
        "null", "NULL", "undefined", "anonymous", "Anonymous", "0", "00000", "-1", "-", "", " ",
        "00000000-0000-0000-0000-000000000000", "[object Object]", "NaN", "guest", " null ",
        "none", "True", "FALSE", "(null)", "\"null\"", "'undefined'", "\t0\n", "\"\"", "not_authenticated", "unknown",
    ])
    func `words for nobody are placeholders`(id: String) {
        #expect(Identifiers.isPlaceholder(Text(id)))
    }

    @Test(arguments: [
        "1", "10", "-2", "a", "nullable", "guest1", "0x", "00000000-0000-0000-0000-000000000001", "null null", "nul l",
        "none@example.com", "id1", "truely", "\"ann\"", "'", "\"null",
        "é", "anonymous@example.com",
    ])
    func `other ids are persons`(id: String) {
        #expect(!Identifiers.isPlaceholder(Text(id)))
    }

    @Test func `every listed placeholder is found`() {
        for word in Identifiers.placeholders { #expect(Identifiers.isPlaceholder(word)) }
    }
}
