import EventModel
import Testing

@Suite struct TextTests {
    @Test func `composed and decomposed accents are different texts`() {
        #expect(Text("\u{E9}") != Text("e\u{301}"))
        #expect("\u{E9}" == "e\u{301}")
    }
}
