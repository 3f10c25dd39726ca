import EventModel
import Foundation
import Testing

/// The reports over a small store made by `shoal import`.
@Suite(.serialized) struct ReportCommandTests {
    /// Made once.
    private static let folder: Result<Program.Folder, any Error> = Result {
        let folder = try Program.Folder()
        try folder.write(events, to: "events.csv")
        let outcome = try Program.run("import", "events.csv", "--zone", "Europe/Berlin", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        try folder.write(
            "segment fans: did \"Product Viewed\" at least 2 times\n", to: "shoal-data/segments/fans.shoal")
        return folder
    }

    private static let events = """
        user_id,timestamp,event,product_id,category,revenue
        ann,2026-02-02 10:00,Product Viewed,7,hats,
        ann,2026-02-03 10:00,Product Viewed,9,hats,
        ann,2026-02-05 23:30,Order Completed,7,hats,20.50
        ben,2026-02-02 11:00,Product Viewed,7,hats,
        ben,2026-02-20 12:00,Order Completed,7,hats,5
        cem,2026-02-10 09:00,Product Viewed,10,shoes,
        cem,2026-02-11 09:00,Product Viewed,10,shoes,
        dee,2026-02-11 09:00,Order Completed,10,shoes,1.25

        """

    private func ask(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(arguments + ["--as-of", "2026-03-01"], in: Self.folder.get())
    }

    private func object(_ outcome: Program.Outcome) throws -> JSONObject {
        try #require(outcome.json?.object, "\(outcome.errors)")
    }

    @Test func `a funnel counts who reached each step within the window`() throws {
        let week = try object(try ask("funnel", "Product Viewed", "Order Completed", "--json"))
        #expect(week["steps"]?.elements?.map { $0.object?["profiles"] } == [3, 1])
        let month = try object(try ask("funnel", "Product Viewed", "Order Completed", "--within", "30 days", "--json"))
        #expect(month["steps"]?.elements?.map { $0.object?["profiles"] } == [3, 2])
        #expect(month["within"] == 2_592_000)
        let late = try object(
            try ask("funnel", "Product Viewed where category = \"shoes\"", "--from", "2026-02-11", "--json"))
        #expect(late["steps"]?.elements?.map { $0.object?["profiles"] } == [1])
    }

    @Test func `who dropped off comes out as a segment of the same size`() throws {
        let definitions = try ask("funnel", "Product Viewed", "Order Completed", "--definitions")
        try Self.folder.get().write(definitions.output, to: "shoal-data/segments/dropped.shoal")
        let members = try ask("members", "dropped_after_step_1", "--format", "ids")
        #expect(members.output == "ben\ncem\n", "\(members.errors)")
    }

    @Test func `a funnel of a segment's members is about them alone`() throws {
        let fans = try object(try ask("funnel", "any event", "Order Completed", "--segment", "fans", "--json"))
        #expect(fans["steps"]?.elements?.map { $0.object?["profiles"] } == [2, 1])
        let outcome = try ask("funnel", "any event", "--segment", "nobody_knows")
        #expect(outcome.errors.contains("[unknown-segment]"))
    }

    @Test func `a funnel is shown as a table with bars`() throws {
        let shown = try ask("funnel", "Product Viewed", "Order Completed")
        #expect(shown.output.contains("Product Viewed"))
        #expect(shown.output.contains("33.3 %"))
        #expect(shown.output.contains("████"))
    }

    @Test func `retention follows cohorts week by week in the zone of the store`() throws {
        let report = try object(try ask("retention", "--json"))
        let cohorts = try #require(report["cohorts"]?.elements).map { $0.object }
        #expect(cohorts.map { $0?["from"] } == ["2026-02-02", "2026-02-09"])
        #expect(cohorts.map { $0?["active"] } == [[2, 0, 1, 0], [2, 0, 0]])
        #expect(try ask("retention").output.contains("2026-02-02"))
    }

    @Test func `a trend sums by day`() throws {
        let report = try object(try ask("trend", "--from", "2026-02-03", "--to", "2026-02-06", "--json"))
        let points = try #require(report["points"]?.elements).map { $0.object }
        #expect(points.map { $0?["from"] } == ["2026-02-03", "2026-02-04", "2026-02-05"])
        let last = try #require(Decimal128(jsonNumber: "20.5"))
        #expect(points.map { $0?["values"] } == [[1, 0, 0], [0, 0, 0], [1, 1, .number(last)]])
        #expect(try ask("trend", "average(revenue of \"Order Completed\")", "--by", "month").output.contains("8.92"))
    }

    @Test func `the most frequent values come out by group`() throws {
        let report = try object(try ask("top", "product_id of \"Product Viewed\"", "--per", "category", "--json"))
        let lists = try #require(report["lists"]?.elements).map { $0.object }
        #expect(lists.map { $0?["group"] } == ["hats", "shoes"])
        #expect(lists.map { $0?["distinct"] } == [2, 1])
        #expect(try ask("top", "category of any event").output.contains("hats"))
    }

    @Test(arguments: [
        (["funnel", "any of (\"A\""], "bad-question"), (["funnel", "A", "--within", "soon"], "invalid-duration"),
        (["funnel", "\"A\" in last 7 days"], "bad-question"), (["trend", "sum(revenue)"], "bad-question"),
        (["top", "category"], "bad-question"),
        (["trend", "--from", "2026-02-02", "--to", "2026-02-02"], "empty-period"),
        (["retention", "--from", "monday"], "invalid-instant"), (["retention", "--by", "year"], "bad-usage"),
        (["funnel", "\"A\"\nsegment b: did \"B\""], "bad-question"),
        (["funnel", "A", "--by", "price + 1"], "bad-question"),
        (["funnel", "A", "--by", "x", "--per", "y"], "bad-usage"),
        (["funnel", "A", "--per", "nobody_knows"], "unknown-segment"), (["rfm", "--cell", "56"], "bad-question"),
        (["rfm", "--monetary", "buyers"], "wrong-kind"), (["rfm", "--monetary", "no_such"], "unknown-segment"),
        (["rfm", "--by-day", "--of", "buyers"], "bad-usage"), (["board", "--month", "2026-13"], "invalid-instant"),
        (["board", "--month", "2026"], "invalid-instant"),
        (["board", "--from", "2026-03-02", "--as-of", "2026-03-01"], "empty-period"),
        (["board", "--month", "2026-01", "--to", "2026-02-01"], "bad-usage"),
        (["paths", "A", "--depth", "21"], "bad-usage"),
        (["paths", "A", "--property", "products.price"], "bad-question"),
        (["satisfaction", "--active", "any of"], "bad-question"), (["satisfaction", "--comments", "-1"], "bad-usage"),
    ])
    func `a question that can't be read says so`(arguments: [String], code: String) throws {
        let outcome = try Program.run(arguments, in: Self.folder.get())
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
    }
}
