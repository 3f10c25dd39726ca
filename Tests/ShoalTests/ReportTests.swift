import ArgumentParser
import EventModel
import SegmentEngine
import SegmentLanguage
import Testing

@testable import shoal

/// Reports made by hand, as text and as JSON.
@Suite struct ReportTests {
    private let asOf = Timestamp(milliseconds: 1_772_323_200_000)  // 2026-03-01T00:00:00Z

    private func row(
        _ name: String, _ title: String?, file: String = "base.shoal", isHelper: Bool = false, size: Int,
        trend: [Int] = []
    ) -> BoardReport.Row {
        BoardReport.Row(
            name: name, title: title, file: file, isHelper: isHelper, size: size, orders: Decimal128(size * 2),
            revenue: Decimal128(size * 1_000),
            trend: trend, entered: trend.isEmpty ? nil : 3, left: trend.isEmpty ? nil : 1)
    }

    private func board(_ rows: [BoardReport.Row], broken: [BrokenFile] = []) -> BoardReport {
        BoardReport(
            asOf: asOf, zone: .utc, currency: "EUR", profileCount: 2_000,
            trendInstants: rows.contains { !$0.trend.isEmpty } ? [asOf] : [], rows: rows, broken: broken)
    }

    @Test func `the board lines up, under the names of its files`() {
        let report = board([
            row("buyers", "Buyers", size: 1_234, trend: [1_000, 1_100, 1_234]),
            row("vip", nil, file: "value.shoal", size: 20, trend: [18, 18, 20]),
        ])
        #expect(
            report.text(width: nil, style: .plain) == """
                Segments of 2,000 profiles as of 1 Mar 2026, 00:00 (UTC)

                segment      title    size   share  orders  revenue, EUR  last 30 days  in, out
                base.shoal
                buyers       Buyers  1,234  61.7 %   2,468  1,234,000.00  ▁▄█           +3 −1

                value.shoal
                vip                     20   1.0 %      40     20,000.00  ▁▁█           +3 −1

                """)
    }

    @Test func `helpers are counted below the board and shown when all are wanted`() {
        let report = board([
            row("buyers", "Buyers", size: 1_234), row("vip_base", nil, file: "value.shoal", isHelper: true, size: 20),
        ])
        let text = report.text(width: nil, style: .plain)
        #expect(!text.contains("vip_base") && !text.contains("value.shoal"))
        #expect(text.hasSuffix("\n\n1 more helper of other definitions; --all shows them\n"))
        let whole = report.text(width: nil, style: .plain, showsHelpers: true)
        #expect(whole.contains("vip_base") && !whole.contains("--all"))
        #expect(report.json.object?["segments"]?.elements?.last?.object?["helper"] == true)
    }

    @Test func `a narrow terminal shortens titles, never numbers`() {
        let report = board([row("buyers", "Everybody who has bought something", size: 1_234)])
        let text = report.text(width: 78, style: .plain)
        #expect(text.contains("buyers   Everybody who has bought someth…"))
        #expect(text.contains("1,234,000.00"))
        #expect(text.split(separator: "\n").allSatisfy { displayWidth(of: String($0)) <= 78 })
    }

    @Test func `the board in JSON leaves out what there is not`() {
        let json = board([row("vip", nil, size: 20)]).json
        #expect(
            json.description == """
                {"asOf":"2026-03-01T00:00:00.000Z","currency":"EUR","profiles":2000,"trendInstants":[],"segments":\
                [{"name":"vip","file":"base.shoal","size":20,"share":0.01,"netOrders":40,"netRevenue":20000}],"broken":[]}
                """)
    }

    @Test func `a file that is left out is told below the board`() {
        let place = SourcePosition(offset: 0, line: 3, column: 7)
        let diagnostic = Diagnostic(
            .unknownSegment, "there is no segment called `byers`", at: SourceRange(start: place, end: place))
        let broken = BrokenFile(path: "x.shoal", problems: [.diagnostic(diagnostic)])
        #expect(
            board([], broken: [broken]).text(width: nil, style: .plain).hasSuffix(
                """
                left out: segments/x.shoal, until it is mended
                  3:7  there is no segment called `byers`  [unknown-segment]

                """))
    }

    @Test func `overlap is a matrix and a list of pairs`() {
        let report = OverlapReport(asOf: asOf, zone: .utc, names: ["vip", "new"], shared: [[20, 5], [5, 10]])
        #expect(
            report.text(width: nil, style: .plain) == """
                Overlap as of 1 Mar 2026, 00:00 (UTC)
                Each row: members of that segment who are also in the segment of the column.

                segment        vip        new
                vip             20  5  25.0 %
                new      5  50.0 %         10

                pair         both  either  Jaccard
                vip and new     5      25   20.0 %

                """)
    }

    @Test func `overlap with nobody has no index`() {
        let report = OverlapReport(asOf: asOf, zone: .utc, names: ["a", "b"], shared: [[0, 0], [0, 0]])
        #expect(report.jaccard(0, 1) == nil)
        #expect(report.json.object?["pairs"]?.elements?.first?.object?["jaccard"] == .null)
    }

    @Test func `an error says what, where and what next`() {
        let error = CommandError(
            "no-such-file", .noInput, "there is no file \"a\"", at: "/tmp", advice: "check the name")
        #expect(error.text() == "error: there is no file \"a\"  [no-such-file]\n  at:   /tmp\n  next: check the name\n")
        #expect(
            error.json.description == """
                {"code":"no-such-file","message":"there is no file \\"a\\"",\
                "details":{"at":"/tmp","next":"check the name"},"status":66}
                """)
    }
}

@Suite struct OptionTests {
    @Test(
        arguments: [
            (["--data", "here"], ["SHOAL_DATA": "there"], "here"), ([], ["SHOAL_DATA": "there"], "there"),
            ([], ["SHOAL_DATA": ""], "shoal-data"), ([], [:], "shoal-data"),
        ] as [([String], [String: String], String)])
    func `the data directory is the option's, else the environment's, else shoal-data`(
        arguments: [String], environment: [String: String], path: String
    ) throws {
        #expect(try DataOptions.parse(arguments).path(in: environment) == path)
    }

    @Test func `a date is its first instant in the zone of the workspace`() throws {
        let zone = try #require(Zone(identifier: "Europe/Berlin"))
        let clock = ManualClock(Timestamp(milliseconds: 5))
        let date = try InstantOptions.parse(["--as-of", "2026-03-01"]).instant(zone: zone, clock: clock)
        #expect(date.iso8601 == "2026-02-28T23:00:00.000Z")
        #expect(try InstantOptions.parse([]).instant(zone: zone, clock: clock).milliseconds == 5)
        #expect(throws: CommandError.self) {
            try InstantOptions.parse(["--as-of", "soon"]).instant(zone: zone, clock: clock)
        }
    }

    @Test func `the board is what segments shows by itself`() throws {
        #expect(try Shoal.parseAsRoot(["segments", "--no-trend"]) is Segments.Board)
        #expect(try Shoal.parseAsRoot(["segments", "show", "vip"]) is SegmentsShow)
    }
}
