import EventModel
import Testing

@Suite struct TimestampTests {
    private func berlin() throws -> Zone { try #require(Zone(identifier: "Europe/Berlin")) }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("2026-03-15T12:00:00.000Z", "2026-03-15T12:00:00.000Z"),
        ("2026-03-15T12:00Z", "2026-03-15T12:00:00.000Z"),
        ("2026-03-15 12:00:00Z", "2026-03-15T12:00:00.000Z"),
        ("2026-03-15t12:00:00z", "2026-03-15T12:00:00.000Z"),
        ("2026-03-15T12:00:00.1Z", "2026-03-15T12:00:00.100Z"),
        ("2026-03-15T12:00:00.12Z", "2026-03-15T12:00:00.120Z"),
        ("2026-03-15T12:00:00.1239999999Z", "2026-03-15T12:00:00.123Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("2026-03-15T12:00:00+02:00", "2026-03-15T10:00:00.000Z"),
        ("2026-03-15T12:00:00-0330", "2026-03-15T15:30:00.000Z"),
        ("2026-03-15T12:00:00+05", "2026-03-15T07:00:00.000Z"),
        ("2026-03-15T12:00+23:59", "2026-03-14T12:01:00.000Z"),
        ("2026-03-15T12:00-00:00", "2026-03-15T12:00:00.000Z"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"),
        ("2026-12-31T23:59:60.75Z", "2027-01-01T00:00:00.000Z"),
        ("2027-01-01T00:59:60+01:00", "2027-01-01T00:00:00.000Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("2026-03-15", "2026-03-14T23:00:00.000Z"),
        ("2026-07-15", "2026-07-14T22:00:00.000Z"),
        ("2026-07-15T10:30", "2026-07-15T08:30:00.000Z"),
        ("2026-07-15 10:30:01.5", "2026-07-15T08:30:01.500Z"),
    ])
    func `ISO 8601 reads as the instant it names`(text: String, instant: String) throws {
        #expect(Timestamp(iso8601: text, zone: try berlin())?.iso8601 == instant)
    }

    @Test(arguments: [
        "", "2026", "2026-03", "2026-3-15", "26-03-15", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00",
        "0000-01-01", "10000-01-01", "+2026-03-15", "-2026-03-15", "2026-03-15T", "2026-03-15T12", "2026-03-15T12Z",
        "2026-03-15T12:0", "2026-03-15T24:00", "2026-03-15T12:60", "2026-03-15T12:00:60Z", "2026-03-15T12:00:61Z",
        "2026-03-15T12:00:00.", "2026-03-15T12:00:00.Z", "2026-03-15T12:00:00,5Z", "2026-03-15T12:00:00 Z",
        "2026-03-15T12:00:00 +0200", "2026-03-15T12:00:00+2", "2026-03-15T12:00:00+24:00", "2026-03-15T12:00:00+02:60",
        "2026-03-15T12:00:00+02:0", "2026-03-15T12:00:00+02:", "2026-03-15T12:00:00ZZ", "2026-03-15T12:00:00Z ",
        " 2026-03-15", "2026-03-15 ", "2026-03-15Z", "2026-03-15+02:00", "2026/03/15", "20260315", "2026-W11-7",
        "2026-03-15  12:00", "2026-03-15T1200", "２026-03-15", "2026-03-15T23:59:60.Z", "1773576000", "2026-03-1\u{E9}",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func `a text of another form is no time`(text: String) {
        #expect(Timestamp(iso8601: text, zone: .utc) == nil)
    }

    @Test func `a date is told apart from a time`() {
        #expect(Timestamp.parse("2026-11-27", zone: .utc)?.form == .date)
        #expect(Timestamp.parse("2026-11-27T00:00", zone: .utc)?.form == .dateTime)
        #expect(TimeText("2026-11-27")?.day.iso8601 == "2026-11-27")
        #expect(TimeText("2026-11-27T00:00")?.offsetMilliseconds == nil)
        #expect(TimeText("2026-11-27T00:00-01:30")?.offsetMilliseconds == -5_400_000)
        #expect(TimeText("2026-11-27T23:59:59.999")?.millisecondOfDay == 86_399_999)
    }

    @Test func `a space before the offset is taken only where it is asked for`() {
        let shopify: Text = "2025-10-02 17:09:34 -0300"
        #expect(TimeText(shopify) == nil)
        #expect(TimeText(shopify, spaceBeforeOffset: true)?.instant(in: .utc)?.iso8601 == "2025-10-02T20:09:34.000Z")
        #expect(TimeText("2025-10-02 17:09:34 ", spaceBeforeOffset: true) == nil)
        #expect(TimeText("2025-10-02 17:09:34  -0300", spaceBeforeOffset: true) == nil)
    }

    @Test func `any instant of the readable years prints and reads back`() {
        var random = SeededRandom(seed: 11)
        let range = Timestamp.latest.milliseconds - Timestamp.earliest.milliseconds
        for _ in 0..<5_000 {
            let instant = Timestamp.earliest.adding(milliseconds: Int64(random.int(below: Int(range))))
            if Timestamp(iso8601: instant.iso8601, zone: .utc) != instant { Issue.record("\(instant)") }
        }
        #expect(Timestamp(iso8601: Timestamp.earliest.iso8601, zone: .utc) == .earliest)
        #expect(Timestamp(iso8601: Timestamp.latest.iso8601, zone: .utc) == .latest)
    }

    @Test func `arithmetic stops at the ends`() {
        #expect(Timestamp.distantFuture.adding(milliseconds: 1) == .distantFuture)
        #expect(Timestamp.distantPast.adding(milliseconds: -1) == .distantPast)
        #expect(Timestamp(milliseconds: 5).adding(milliseconds: .max) == .distantFuture)
        #expect(Timestamp.distantFuture.milliseconds(since: .distantPast) == .max)
        #expect(Timestamp.distantPast.milliseconds(since: .distantFuture) == .min)
        #expect(!Timestamp.distantPast.iso8601.isEmpty && !Timestamp.distantFuture.iso8601.isEmpty)
    }

    @Test func `every change of one character is refused or read, never a trap`() {
        let text = Array("2026-03-15T12:34:56.789+02:00".utf8)
        for position in text.indices {
            for byte in UInt8(0)..<128 {
                var changed = text
                changed[position] = byte
                for cut in [changed[...], changed[..<position]] {
                    if let text = Text(utf8: cut) { _ = Timestamp(iso8601: text, zone: .utc) }
                }
            }
        }
    }
}
