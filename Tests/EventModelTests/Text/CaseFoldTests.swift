import EventModel
import Testing

@Suite struct CaseFoldTests {
    /// Scalars whose folding is younger than the RE2 and the table at hand; U+1FD3, U+1FE3 and U+FB05 got theirs in
    /// Unicode 15.1, Garay and a few Latin letters in 16.0.
    private static let youngerThanTable: Set<UInt32> = [
        0x1FD3, 0x1FE3, 0xFB05, 0xA7CB, 0xA7CC, 0xA7CE, 0xA7D2, 0xA7D4, 0xA7DA, 0xA7DC,
    ]

    @Test func `ASCII letters fold to lower case and nothing else does`() {
        for value in UInt32(0)..<0x80 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isUpper = ("A"..."Z").contains(scalar)
            #expect(simpleCaseFold(scalar).value == (isUpper ? value + 32 : value))
        }
    }

    @Test(arguments: [
        ("Straße", "straße"), ("STRASSE", "strasse"), ("ẞ", "ß"), ("ÀÉÎ", "àéî"), ("Σίσυφος", "σίσυφοσ"), ("ſ", "s"),
        ("\u{212A}", "k"), ("\u{212B}", "å"), ("İ", "İ"), ("ı", "ı"), ("I", "i"), ("Ǆǅǆ", "ǆǆǆ"), ("ΩΩ", "ωω"),
        ("ЖЁ", "жё"),
        ("Ꭰ", "Ꭰ"), ("ꭰ", "Ꭰ"), ("𐐀", "𐐨"), ("ﬁ", "ﬁ"), ("漢字", "漢字"), ("", ""),
    ])
    func `scalars fold one by one`(text: String, folded: String) {
        #expect(simpleCaseFold(Text(text)) == Text(folded))
    }

    @Test func `folding twice is folding once`() {
        for value in UInt32(0)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = simpleCaseFold(scalar)
            if simpleCaseFold(once) != once { Issue.record("\(value)") }
        }
    }

    @Test func `scalars that the standard library knows to differ in case only fold together`() {
        for value in UInt32(0)...0x1FFFF where !Self.youngerThanTable.contains(value) {
            guard let scalar = Unicode.Scalar(value), let age = scalar.properties.age, age <= (14, 0) else { continue }
            let lower = scalar.properties.lowercaseMapping.unicodeScalars
            guard let first = lower.first, lower.count == 1, first != scalar else { continue }
            if simpleCaseFold(scalar) != simpleCaseFold(first) { Issue.record("\(String(value, radix: 16))") }
        }
    }

    @Test func `RE2 ignoring case and folding agree on every scalar that has case`() throws {
        var disagreements: [String] = []
        var checked = 0
        for value in UInt32(0x20)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value), let age = scalar.properties.age, age <= (13, 0) else { continue }
            let folded = simpleCaseFold(scalar)
            guard folded != scalar || scalar.properties.isCased else { continue }
            let pattern = try Regex2(pattern: Text("^\\x{\(String(value, radix: 16))}$"), ignoringCase: true)
            checked += 1
            var candidates: Set<Unicode.Scalar> = [scalar, folded]
            for mapping in [
                scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping,
                scalar.properties.titlecaseMapping,
            ]
            where mapping.unicodeScalars.count == 1 {
                candidates.formUnion(mapping.unicodeScalars)
            }
            for candidate in candidates {
                let isSame = simpleCaseFold(candidate) == folded
                if pattern.matches(Text(String(Character(candidate)))) != isSame {
                    disagreements.append("\(String(value, radix: 16))-\(String(candidate.value, radix: 16))")
                }
            }
        }
        #expect(disagreements.isEmpty)
        #expect(checked > 2_500)
    }
}
