import EventModel
import EventStore
import Testing

@testable import Connectors

@Suite struct TimeReaderTests {
    private let berlin = Zone(identifier: "Europe/Berlin") ?? .utc

    @Test(
        arguments: [
            ("2025-10-02 17:09:34 -0300", nil, "2025-10-02T20:09:34.000Z"),
            ("2025-10-02T17:09:34.123456Z", nil, "2025-10-02T17:09:34.123Z"),
            ("2025-07-02", nil, "2025-07-01T22:00:00.000Z"),
            ("2025-01-02 10:00", nil, "2025-01-02T09:00:00.000Z"),
            ("10/02/2025 5:09 PM", DayOrder.monthDayYear, "2025-10-02T15:09:00.000Z"),
            ("10/02/2025 17:09:34", .dayMonthYear, "2025-02-10T16:09:34.000Z"),
            ("12/1/2010 8:26", .monthDayYear, "2010-12-01T07:26:00.000Z"),
            ("31.12.25, 23:59", .dayMonthYear, "2025-12-31T22:59:00.000Z"),
            ("2025/12/31 23:59:59", nil, "2025-12-31T22:59:59.000Z"),
            ("Dec 8, 2024", nil, "2024-12-07T23:00:00.000Z"),
            ("8 Dec 2024 12:00 AM", nil, "2024-12-07T23:00:00.000Z"),
            ("8-Dec-2024 12:00 pm", nil, "2024-12-08T11:00:00.000Z"),
            ("Sunday, December 8th, 2024 at 9:15 a.m.", nil, "2024-12-08T08:15:00.000Z"),
            ("8. Dezember 2024, 9:15 Uhr", nil, "2024-12-08T08:15:00.000Z"),
            ("8 de diciembre de 2024", nil, "2024-12-07T23:00:00.000Z"),
            ("8 août 2024 9:15:00 +0000", nil, "2024-08-08T09:15:00.000Z"),
            ("05/05/2025", nil, "2025-05-04T22:00:00.000Z"),
        ] as [(String, DayOrder?, String)]) func `times of shops and spreadsheets are read`(
            text: String, order: DayOrder?, expected: String
        )
    {
        let reader = TimeReader(form: .text(order), zone: berlin)
        #expect(reader.time(Text(text))?.iso8601 == expected)
    }

    @Test(arguments: [
        "", "soon", "2025", "13/13/2025", "31/02/2025", "2025-02-30", "10:00", "03/04/2025 x", "99999999999999999999",
        "12/12/2025 25:00", "12/12/2025 0:00 PM", "1/2/3/4", "Foo 3, 2025", "12:00 12:00 1/1/2020", "-1", "1700000000",
    ]) func `what is no time is none`(text: String) {
        let reader = TimeReader(form: .text(.dayMonthYear), zone: .utc)
        #expect(reader.time(Text(text)) == nil)
    }

    @Test func `an order of day and month that is not known is not guessed`() {
        #expect(TimeReader(form: .text(nil), zone: .utc).time("03/04/2025") == nil)
    }

    @Test func `a time of day in a cell of its own belongs to the date`() {
        let reader = TimeReader(form: .text(.dayMonthYear), zone: .utc)
        #expect(reader.time("08/12/2024", clock: "9:15:51 PM")?.iso8601 == "2024-12-08T21:15:51.000Z")
        #expect(reader.time("2024-12-08", clock: "21:15")?.iso8601 == "2024-12-08T21:15:00.000Z")
        #expect(reader.time("2024-12-08", clock: "late") == nil)
        #expect(reader.time("2024-12-08", clock: "")?.iso8601 == "2024-12-08T00:00:00.000Z")
    }

    @Test func `the dates of a column decide about day and month`() {
        func verdict(_ texts: String...) -> DayOrderEvidence.Verdict {
            var evidence = DayOrderEvidence()
            for text in texts { evidence.look(at: text) }
            return evidence.verdict
        }
        #expect(verdict("03/04/2025", "13/04/2025") == .decided(.dayMonthYear))
        #expect(verdict("03/04/2025", "04/13/2025 10:00") == .decided(.monthDayYear))
        #expect(verdict("03/04/2025") == .ambiguous)
        #expect(verdict("03.04.2025") == .decided(.dayMonthYear))
        #expect(verdict("13/04/2025", "04/13/2025") == .contradictory)
        #expect(verdict("2025-03-04", "Mar 4, 2025", "05/05/2025", "") == .notNeeded)
    }

    @Test(arguments: 0..<20) func `no text traps the reader`(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let pieces = [
            "1", "12", "2025", "99999999999", "/", "-", ".", ":", " ", "Dec", "pm", "a.m.", "+", "T", "Z", ",", "é",
            "de", "8th",
        ]
        for _ in 0..<500 {
            let text = (0..<random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
            for order in [nil] + DayOrder.allCases.map(Optional.some) {
                let time = TimeReader(form: .text(order), zone: berlin).time(Text(text))
                #expect(time.map { $0 >= .earliest && $0 <= .latest } ?? true)
            }
        }
    }
}

@Suite struct NumberReaderTests {
    @Test(arguments: [
        ("12.50", DecimalMark.point, "12.5"), ("-12.5", .point, "-12.5"), ("1,234.50", .point, "1234.5"),
        ("1.234,50", .comma, "1234.5"), ("1 234,50 €", .comma, "1234.5"), ("US$ 12", .point, "12"),
        ("$1,234", .point, "1234"),
        ("(3.00)", .point, "-3"), ("-$3.00", .point, "-3"), ("1'000.5", .point, "1000.5"),
        ("12,00,000", .point, "1200000"),
        (".5", .point, "0.5"), ("5.", .point, "5"), ("−4", .point, "-4"), ("4-", .point, "-4"), ("007", .point, "7"),
        ("1.5e3", .point, "1500"), ("8.881784e-16", .point, "0"), ("0", .comma, "0"), ("12.50 EUR", .point, "12.5"),
        ("123456789012345678901234567890.1234", .point, "123456789012345678901234567890.1234"),
    ]) func `amounts are read exactly`(text: String, mark: DecimalMark, expected: String) {
        #expect(NumberReader(mark: mark).number(ArraySlice(text.utf8))?.description == expected)
    }

    @Test(arguments: [
        "", " ", "-", ".", "abc", "1.2.3", "1,23", "1,2345", "--1", "1-2", "€", "12a4", "1,,000", "NaN", "Infinity",
    ])
    func `what is no number is none`(text: String) {
        #expect(NumberReader().number(ArraySlice(text.utf8)) == nil)
    }

    @Test func `the amounts of a file decide about the decimal mark`() {
        func mark(_ texts: String...) -> DecimalMark {
            var evidence = DecimalMarkEvidence()
            for text in texts { evidence.look(at: text) }
            return evidence.mark
        }
        #expect(mark("1,50", "20") == .comma)
        #expect(mark("1,500", "20") == .point)
        #expect(mark("1.234,50 €") == .comma)
        #expect(mark("1,234.50") == .point)
        #expect(mark("1.234.567") == .comma)
        #expect(mark("12.5", "17") == .point)
    }

    @Test func `a price is worked out only where it is exact`() {
        #expect(Item.exactPrice(amount: 1, quantity: 4)?.description == "0.25")
        #expect(Item.exactPrice(amount: 1, quantity: 3) == nil)
        #expect(Item.exactPrice(amount: 1, quantity: 0) == nil)
    }
}

@Suite struct OccurrenceTests {
    @Test func `occurrences are counted exactly, in memory and on disk`() throws {
        var random = SplitMix(seed: 3)
        let digests = (0..<2_000).map { _ in RowDigest(parts: [Text(String(random.below(700)))]) }
        let small = OccurrenceCounter(folder: "/tmp", tableRowsMax: 50)
        var counts: [RowDigest: Int] = [:]
        for digest in digests {
            counts[digest, default: 0] += 1
            #expect(try small.count(digest) == counts[digest])
        }
    }
}
