import EventModel
import Foundation
import Testing

/// `shoal board`, `rfm`, `paths` and `satisfaction`, and funnels by group, over a small store made by `shoal import`.
@Suite(.serialized) struct DashboardCommandTests {
    /// Made once.
    private static let folder: Result<Program.Folder, any Error> = Result {
        let folder = try Program.Folder()
        try folder.write(events, to: "events.csv")
        let outcome = try Program.run("import", "events.csv", "--zone", "Europe/Berlin", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return folder
    }

    private static let events = """
        user_id,timestamp,event,product_id,category,price,quantity,revenue,order_id,survey,score,comment,channel
        ann,2026-01-20 10:00,Order Completed,7,hats,20,1,20,o1,,,,
        ann,2026-02-02 10:00,Product Viewed,7,hats,20,,,,,,,mail
        ann,2026-02-02 10:01,Product Added,7,hats,20,1,,,,,,
        ann,2026-02-02 10:05,Order Completed,7,hats,20,2,40.50,o2,,,,
        ann,2026-02-03 10:00,Survey Answered,,,,,,,NPS,9,lovely,
        ben,2026-02-02 11:00,Product Viewed,7,hats,20,,,,,,,
        ben,2026-02-02 11:10,Product Added,7,hats,20,1,,,,,,
        ben,2026-02-03 09:00,Survey Answered,,,,,,,NPS,3,,
        cem,2026-02-10 09:00,Product Viewed,10,shoes,5,,,,,,,mail
        cem,2026-02-10 09:10,Order Completed,10,shoes,5,1,5,o3,,,,
        dee,2026-01-11 09:00,Order Completed,10,shoes,5,1,5,o4,,,,

        """

    private func ask(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(arguments + ["--as-of", "2026-03-01"], in: Self.folder.get())
    }

    private func object(_ outcome: Program.Outcome) throws -> JSONObject {
        try #require(outcome.json?.object, "\(outcome.errors)")
    }

    @Test func `the board tells a month beside the month before`() throws {
        let board = try object(try ask("board", "--month", "2026-02", "--json"))
        let period = try #require(board["period"]?.object)
        let before = try #require(board["before"]?.object)
        #expect(period["from"] == "2026-01-31T23:00:00.000Z" && before["from"] == "2025-12-31T23:00:00.000Z")
        let half = try #require(Decimal128(jsonNumber: "45.5"))
        #expect(period["revenue"] == .number(half) && period["orders"] == 2)
        #expect(before["revenue"] == 25 && before["orders"] == 2)
        #expect(period["buyers"] == 2 && period["newBuyers"] == 1 && period["retainedBuyers"] == 1)
        #expect(period["visits"] == 3 && period["visitsWithOrder"] == 2)
        #expect(period["cartProfiles"] == 2 && period["abandonedCarts"] == 1)
        #expect(board["products"]?.elements?.map { $0.object?["id"] } == ["7", "10"])
        #expect(board["products"]?.elements?.map { $0.object?["revenue"] } == [40, 5])
        #expect(board["channels"]?.elements?.map { $0.object?["name"] } == ["mail", "direct"])
        #expect(board["series"]?.elements?.count == 28)
        let shown = try ask("board", "--month", "2026-02").output
        for words in ["1 Feb 2026 – 28 Feb 2026", "66.7 %", "+82.0 %", "cart abandonment", "hats", "mail"] {
            #expect(shown.contains(words), "\(words) in \(shown)")
        }
    }

    @Test func `a cell of the RFM grid comes out as a segment with its members`() throws {
        for flags in [[], ["--by-day"]] {
            let arguments = ["rfm", "--json", "--as-of", "2026-03-01"] + flags
            let report = try object(try Program.run(arguments, in: Self.folder.get()))
            #expect(report["profiles"] == 3)
            let cells = try #require(report["cells"]?.elements)
            for cell in cells {
                let name = try #require(cell.object?["cell"]?.text)
                let text = try Program.run(["rfm", "--cell", name.string] + flags, in: Self.folder.get()).output
                try Self.folder.get().write(text, to: "shoal-data/segments/cell.shoal")
                let members = try ask("members", "rfm_cell_\(name)", "--format", "ids").output.split(separator: "\n")
                #expect(JSONValue.number(Decimal128(members.count)) == cell.object?["profiles"], "\(text)")
            }
            try FileManager.default.removeItem(atPath: Self.folder.get().path + "/shoal-data/segments/cell.shoal")
        }
        #expect(try ask("rfm").output.contains("frequency 5"))
        #expect(try ask("rfm", "--segment", "visitors").output.contains("Nobody has all three scores"))
    }

    @Test func `paths show what comes next, and what came before`() throws {
        let after = try object(try ask("paths", "Product Viewed", "--json"))
        #expect(after["paths"] == 3 && after["profiles"] == 3 && after["ended"] == 0)
        let next = try #require(after["next"]?.elements)
        #expect(next.map { $0.object?["event"] } == ["Product Added", "Order Completed"])
        #expect(next.first?.object?["ended"] == 1)
        let before = try ask("paths", "Order Completed", "--before", "--within", "1 day")
        #expect(before.output.contains("└ "), "\(before.errors)")
        #expect(before.output.contains("4 paths of 3 profiles"), "\(before.output)")
        #expect(try ask("paths", "Order Completed").output.contains("2 such events outside any visit"))
    }

    @Test func `satisfaction shows scores, comments and rates`() throws {
        let report = try object(try ask("satisfaction", "--per", "buyers", "--json"))
        let nps = try #require(report["surveys"]?.elements?.first?.object)
        #expect(nps["scores"]?.object?["value"] == 0 && nps["scores"]?.object?["answers"] == 2)
        #expect(nps["segments"]?.elements?.first?.object?["scores"]?.object?["value"] == 100)
        #expect(report["comments"]?.elements?.map { $0.object?["comment"] } == ["lovely"])
        let rates = try #require(report["retention"]?.elements)
        #expect(rates.map { $0.object?["retained"] } == [0, 1])
        let shown = try ask("satisfaction")
        #expect(shown.output.contains("NPS 0.0") && shown.output.contains("lovely"), "\(shown.output)")
    }

    @Test func `funnels are told by value and by segment, with times`() throws {
        let values = try object(try ask("funnel", "Product Viewed", "Order Completed", "--by", "category", "--json"))
        let groups = try #require(values["groups"]?.elements).map { $0.object }
        #expect(groups.map { $0?["name"] } == ["hats", "shoes"])
        let reached = groups.map { $0?["steps"]?.elements?.map { $0.object?["profiles"] } }
        #expect(reached == [[2, 1], [1, 1]])
        let steps = try #require(values["steps"]?.elements).map { $0.object }
        #expect(steps.last??["secondsFromBefore"]?.object?["median"] == 300)
        let loose = try ask(
            "funnel", "Product Viewed", "Order Completed", "Product Added", "--loose", "--per", "buyers")
        #expect(loose.output.contains("any order") && loose.output.contains("(none of them)"), "\(loose.errors)")
    }
}
