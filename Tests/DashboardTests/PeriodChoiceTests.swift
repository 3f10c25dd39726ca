import Analytics
import EventModel
import SegmentLanguage
import Testing

@testable import Dashboard

@Suite struct PeriodChoiceTests {
    private static let berlin = Zone(identifier: "Europe/Berlin") ?? .utc
    /// A Sunday evening in Berlin, the day on which clocks went forward.
    private let now = Timestamp(iso8601: "2026-03-29T20:30:00Z", zone: berlin) ?? .distantPast

    private func read(_ values: (String, String)..., mayBeEverything: Bool = true) -> (PeriodChoice, ReportFields) {
        var fields = ReportFields(values.map { (name: $0.0, value: $0.1) })
        let choice = PeriodChoice(&fields, usual: .last(days: 30), mayBeEverything: mayBeEverything)
        return (choice, fields)
    }

    @Test(arguments: [
        ("", "2026-02-26T23:00:00Z", "2026-03-29T20:30:00Z", "on or after 2026-02-27"),
        ("7-days", "2026-03-21T23:00:00Z", "2026-03-29T20:30:00Z", "on or after 2026-03-22"),
        ("this-month", "2026-02-28T23:00:00Z", "2026-03-29T20:30:00Z", "on or after 2026-03-01"),
        ("last-month", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z", "from 2026-02-01 to 2026-03-01"),
        ("2025-10", "2025-09-30T22:00:00Z", "2025-10-31T23:00:00Z", "from 2025-10-01 to 2025-11-01"),
    ])
    func `a period is days of the workspace's zone`(word: String, from: String, to: String, window: String) throws {
        let (choice, fields) = read(("period", word))
        #expect(fields.wrong.isEmpty)
        let period = try #require(choice.period(at: now, in: Self.berlin))
        #expect(period.from == Timestamp(iso8601: Text(from), zone: .utc))
        #expect(period.to == Timestamp(iso8601: Text(to), zone: .utc))
        #expect(try Printer.text(of: #require(choice.window(at: now, in: Self.berlin))) == window)
    }

    @Test func `own days belong to the period, the last one too`() throws {
        let (choice, fields) = read(("period", "days"), ("from", "2026-03-28"), ("through", "2026-03-29"))
        #expect(fields.wrong.isEmpty && choice.spoken(at: now, in: Self.berlin) == "28 Mar 2026 – 29 Mar 2026")
        let period = try #require(choice.period(at: now, in: Self.berlin))
        // One of the two days has 23 hours.
        #expect(period.to.milliseconds(since: period.from) == 47 * 3_600_000)
        #expect(
            try Printer.text(of: #require(choice.window(at: now, in: Self.berlin))) == "from 2026-03-28 to 2026-03-30")
        let (open, _) = read(("period", "days"), ("from", "2026-03-28"))
        #expect(open.period(at: now, in: Self.berlin)?.to == now)
        #expect(read(("period", "all")).0.period(at: now, in: Self.berlin) == nil)
    }

    @Test(arguments: [
        ("x", "", "", "period"), ("2026-13", "", "", "period"), ("99999-01", "", "", "period"),
        ("days", "", "", "from"), ("days", "2026-02-30", "", "from"), ("days", "26-2-3", "", "from"),
        ("days", "2026-02-03", "x", "through"), ("days", "2026-02-03", "2026-02-02", "through"),
    ])
    func `what is no period is told at its field, and stays as it was typed`(
        period: String, from: String, through: String, wrong: String
    ) {
        let (choice, fields) = read(("period", period), ("from", from), ("through", through))
        #expect(choice == .last(days: 30) && Array(fields.wrong.keys) == [wrong])
        let html = choice.inputs(fields, mayBeEverything: true).text
        #expect(html.contains("id=\"\(wrong)-wrong\"") && html.contains("aria-describedby=\"\(wrong)-wrong\""))
        #expect(html.contains("value=\"\(period)\" selected") && html.contains("value=\"\(from)\""))
    }

    @Test func `a page about a period cannot be asked for all time`() {
        let (choice, fields) = read(("period", "all"), mayBeEverything: false)
        #expect(choice == .last(days: 30) && fields.wrong["period"] != nil)
    }

    @Test func `an address has what was asked, and nothing empty`() {
        let fields = ReportFields([("a", "x y"), ("b", ""), ("c", "&<"), ("d", "1"), ("d", "2")])
        #expect(fields.address("/p") == "/p?a=x%20y&c=%26%3C&d=1&d=2")
        #expect(fields.address("/p", changing: [("a", nil), ("d", "3")]) == "/p?c=%26%3C&d=3")
        #expect(ReportFields().address("/p") == "/p")
    }
}
