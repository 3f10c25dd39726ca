import EventModel
import Testing

@Suite struct TextTests {
    @Test func `composed and decomposed accents are different texts`() {
        #expect(Text("\u{E9}") != Text("e\u{301}"))
        #expect("\u{E9}" == "e\u{301}")
        #expect(Set([Text("\u{E9}"), Text("e\u{301}"), Text("\u{E9}")]).count == 2)
        #expect(Text("\u{212B}") != Text("\u{C5}"))
    }

    @Test func `order is that of Unicode scalars`() {
        // UTF-16 order would put the emoji before U+FFFD, canonical order the accents together.
        let sorted: [Text] = ["", "\u{0}", "A", "B", "a", "aa", "b", "e\u{301}", "z", "\u{E9}", "\u{FFFD}", "😀"]
        for (index, left) in sorted.enumerated() {
            for (other, right) in sorted.enumerated() {
                #expect((left < right) == (index < other), "\(left) \(right)")
                #expect((left == right) == (index == other))
            }
        }
    }

    @Test func `short and long texts with the same bytes are the same, whatever their storage`() {
        for length in 0...40 {
            let whole = String(repeating: "abcdefgh", count: 6)
            let slice = Text(String(whole.prefix(length)))
            let built = Text(utf8: Array(whole.utf8.prefix(length)))
            #expect(slice == built)
            #expect(slice.hashValue == built?.hashValue)
            #expect(slice.utf8.count == length)
        }
    }

    @Test func `random texts are ordered as their bytes`() {
        var random = SeededRandom(seed: 31)
        let scalars: [Unicode.Scalar] = [
            "a", "b", "\u{0}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}",
        ]
        func text() -> Text {
            var view = String.UnicodeScalarView()
            for _ in 0..<random.int(below: 24) { view.append(scalars[random.int(below: scalars.count)]) }
            return Text(String(view))
        }
        for _ in 0..<5_000 {
            let (left, right) = (text(), text())
            let byScalars = left.string.unicodeScalars.map(\.value).lexicographicallyPrecedes(
                right.string.unicodeScalars.map(\.value))
            let isSame = Array(left.utf8) == Array(right.utf8)
            if (left < right) != byScalars || (left == right) != isSame { Issue.record("\(left) \(right)") }
        }
    }

    @Test func `parts are found by bytes`() {
        let text: Text = "Gift Card 10 \u{E9}"
        #expect(text.hasPrefix("Gift") && text.hasPrefix("") && text.hasPrefix(text))
        #expect(!text.hasPrefix("gift") && !text.hasPrefix("Gift Card 10 \u{E9}!"))
        #expect(text.hasSuffix("\u{E9}") && text.hasSuffix("") && text.hasSuffix(text))
        #expect(!text.hasSuffix("\u{301}") && !text.hasSuffix("!Gift Card 10 \u{E9}"))
        #expect(text.contains("Card") && text.contains("") && text.contains(text) && text.contains("\u{E9}"))
        #expect(!text.contains("card") && !text.contains("e") && !text.contains("Gift Card 10 \u{E9}!"))
        #expect(Text("").contains("") && !Text("").contains("a"))
        #expect(Text("a\u{0}b").contains("\u{0}b"))
        // A letter with an accent after it contains the letter: characters are not the unit.
        #expect(Text("cafe\u{301}").contains("cafe") && Text("cafe\u{301}").hasPrefix("cafe"))
    }

    @Test func `only UTF-8 makes a text`() {
        #expect(Text(utf8: [0x61, 0xC3, 0xA9]) == "a\u{E9}")
        #expect(Text(utf8: [] as [UInt8]) == "")
        #expect(Text(utf8: [0xC3] as [UInt8]) == nil)
        #expect(Text(utf8: [0xC0, 0x80] as [UInt8]) == nil)
        #expect(Text(utf8: [0xED, 0xA0, 0x80] as [UInt8]) == nil)
        #expect(Text("a\u{301}😀").scalarCount == 3)
    }
}
