import EventModel
import Foundation
import SegmentEngine
import Testing

@testable import shoal

/// A small store made by `shoal import`, asked by every reading command.
@Suite(.serialized) struct WorkspaceCommandTests {
    /// Made once: an order list of four customers, and a file of segments of our own.
    private static let folder: Result<Program.Folder, any Error> = Result {
        let folder = try Program.Folder()
        try folder.write(orders, to: "orders.csv")
        try folder.write(customers, to: "customers.csv")
        let outcome = try Program.run("import", "customers.csv", "orders.csv", "--zone", "Europe/Berlin", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        try folder.write(
            """
            # Those who came back.
            segment returned "Came back": did "Order Completed" at least 2 times
            segment recent: did "Order Completed" in last 30 days
            metric spent "Spent": sum(revenue of "Order Completed")

            """, to: "shoal-data/segments/own/ours.shoal")
        return folder
    }

    private static let orders = """
        customer_id,order_id,date,amount
        ann,1,2026-01-05 10:00,20.00
        ann,2,2026-02-20 11:30,30.50
        ben,3,2026-02-01 09:00,5.00
        cem,4,2025-11-11 20:15,100.00
        =dee,5,2026-02-27 20:15,7.25
        nobody,6,not a date,1.00

        """

    private static let customers = """
        customer_id,email,created_at
        ann,ann@example.com,2025-10-01
        ben,ben@example.com,2025-10-01
        cem,cem@example.com,2025-10-01
        =dee,dee@example.com,2025-10-01

        """

    private func ask(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(arguments, in: Self.folder.get())
    }

    private let asOf = ["--as-of", "2026-03-01"]

    // MARK: - Import

    @Test func `a store whose making was broken off is made anew, with its zone and all ready segments`() throws {
        let folder = try Program.Folder()
        try folder.write(Self.orders, to: "orders.csv")
        // What a kill leaves: an empty database, empty folders, and some of the ready segments in their draft.
        try folder.write("", to: "shoal-data/shoal.db")
        try folder.write("segment half: did", to: "shoal-data/segments.new/base.shoal")
        try FileManager.default.createDirectory(
            atPath: folder.path + "/shoal-data/segments", withIntermediateDirectories: true)
        let outcome = try Program.run("import", "orders.csv", "--zone", "Europe/Berlin", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("new data directory shoal-data, zone Europe/Berlin"))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/shoal-data/segments")
        #expect(files.count >= ReadySegments.files.count)
        #expect(try folder.read("shoal-data/segments/base.shoal").contains("segment buyers"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/shoal-data/segments.new"))
    }

    @Test func `an import says what it took, what it refused and what comes next`() throws {
        let folder = try Program.Folder()
        try folder.write(Self.orders, to: "orders.csv")
        let first = try Program.run("import", "orders.csv", "--json", in: folder)
        #expect(first.status == 0, "\(first.errors)")
        let file = first.json?.object?["files"]?.elements?.first?.object
        #expect(file?["outcome"] == "complete")
        #expect(file?["rows"] == 6)
        #expect(file?["orders"] == 5)
        #expect(file?["rejected"]?.object?["bad-time"] == 1)
        #expect(first.errors.contains("next: shoal segments"))
        let rejects = try folder.read("shoal-data/rejects/orders.csv.jsonl")
        #expect(rejects.contains("\"line\":7"))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/shoal-data/segments/base.shoal"))

        let again = try Program.run("import", "orders.csv", "--json", in: folder)
        #expect(again.json?.object?["files"]?.elements?.first?.object?["stored"] == 0)
    }

    @Test func `a later zone is that of the files only, and the import says how to change the workspace's`() throws {
        let folder = try Program.Folder()
        try folder.write(Self.orders, to: "orders.csv")
        let first = try Program.run("import", "orders.csv", "--zone", "Europe/Berlin", in: folder)
        #expect(!first.errors.contains("note: --zone"))
        let later = try Program.run("import", "orders.csv", "--zone", "America/New_York", in: folder)
        #expect(later.status == 0)
        #expect(later.errors.contains("the workspace's own zone stays Europe/Berlin"))
        #expect(later.errors.contains("--data NEW --zone America/New_York"))
        #expect(try Program.run("info", "--json", in: folder).json?.object?["zone"] == "Europe/Berlin")
    }

    @Test func `a dry run stores nothing`() throws {
        let folder = try Program.Folder()
        try folder.write(Self.orders, to: "orders.csv")
        let outcome = try Program.run("import", "orders.csv", "--dry-run", in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("nothing was stored"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/shoal-data"))
    }

    @Test func `a file that is not what it is said to be stores nothing`() throws {
        let folder = try Program.Folder()
        try folder.write("colour,shape\nred,round\n", to: "odd.csv")
        try folder.write(Self.orders, to: "orders.csv")
        let outcome = try Program.run("import", "orders.csv", "odd.csv", in: folder)
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("[unknown-header]"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/shoal-data"))
    }

    // MARK: - Segments

    @Test func `the board counts members, orders and revenue`() throws {
        let outcome = try ask("segments", "--as-of", "2026-03-01", "--json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let board = try #require(outcome.json?.object)
        #expect(board["profiles"] == 4)
        #expect(board["asOf"] == "2026-02-28T23:00:00.000Z")
        let rows = board["segments"]?.elements?.compactMap(\.object) ?? []
        let returned = try #require(rows.first { $0["name"] == "returned" })
        #expect(returned["title"] == "Came back")
        #expect(returned["file"] == "own/ours.shoal")
        #expect(returned["size"] == 1)
        #expect(returned["share"]?.decimal?.description == "0.25")
        #expect(returned["netOrders"] == 2)
        #expect(returned["netRevenue"]?.decimal?.description == "50.5")
        #expect(returned["trend"]?.elements?.count == 7)
        #expect(returned["entered"] == 1)
        #expect(returned["left"] == 0)
        let base = rows.filter { ReadySegmentNames.base.contains($0["name"]?.text ?? "") }
        #expect(base.compactMap { $0["size"]?.decimal?.asInt() }.reduce(0, +) == 4)
    }

    @Test func `the board lines up`() throws {
        let lines = try ask("segments", "--as-of", "2026-03-01", "--no-trend").output.components(separatedBy: "\n")
        #expect(lines[0] == "Segments of 4 profiles as of 1 Mar 2026, 00:00 (Europe/Berlin)")
        let header = try #require(lines.first { $0.hasPrefix("segment ") })
        let row = try #require(lines.first { $0.hasPrefix("returned ") })
        #expect(header.count == row.count)
        #expect(row.hasSuffix("1   25.0 %       2    50.50"))
    }

    @Test func `a segment is shown with its definition, history and members`() throws {
        let outcome = try ask("segments", "show", "returned", "--as-of", "2026-03-01", "--json")
        let shown = try #require(outcome.json?.object)
        #expect(shown["definition"] == "segment returned \"Came back\": did \"Order Completed\" at least 2 times")
        #expect(shown["description"] == ["Those who came back."])
        #expect(shown["size"] == 1)
        #expect(shown["history"]?.elements?.count == 13)
        #expect(shown["sample"]?.elements?.first?.object?["id"] == "ann")
        let text = try ask("segments", "show", "returned", "--as-of", "2026-03-01").output
        #expect(text.contains("net revenue 50.50 (31.0 % of all) from 2 net orders"))
    }

    @Test func `members come as a list that no spreadsheet runs`() throws {
        let csv = try ask("members", "recent", "--as-of", "2026-03-01")
        #expect(
            csv.output == """
                profile_id,email,net_orders,net_revenue,last_seen\r
                "'=dee",dee@example.com,1,7.25,2026-02-27T19:15:00.000Z\r
                ann,ann@example.com,2,50.5,2026-02-20T10:30:00.000Z\r
                ben,ben@example.com,1,5,2026-02-01T08:00:00.000Z\r

                """)
        #expect(csv.errors.contains("3 members of recent"))
        let ids = try ask("members", "recent", "--as-of", "2026-03-01", "--format", "ids")
        #expect(ids.output == "=dee\nann\nben\n")
        let lines = try ask("members", "returned", "--as-of", "2026-03-01", "--json")
        #expect(lines.json?.object?["netRevenue"]?.decimal?.description == "50.5")
    }

    @Test func `overlap counts every two segments`() throws {
        let outcome = try ask("overlap", "returned", "recent", "buyers", "--as-of", "2026-03-01", "--json")
        let pair = try #require(outcome.json?.object?["pairs"]?.elements?.first?.object)
        #expect(pair["both"] == 1)
        #expect(pair["shareOfFirst"] == 1)
        #expect(pair["jaccard"]?.decimal?.description == "0.3333")
    }

    // MARK: - One profile

    @Test func `a profile is found by id and by e-mail address`() throws {
        let byID = try ask("profile", "ann", "--as-of", "2026-03-01", "--json")
        let profile = try #require(byID.json?.object, "\(byID.errors)")
        #expect(profile["id"] == "ann")
        #expect(profile["netOrders"] == 2)
        #expect(profile["orders"]?.elements?.count == 2)
        #expect(profile["traits"]?.object?["email"] == "ann@example.com")
        let returned = try #require(
            profile["segments"]?.elements?.compactMap(\.object).first { $0["name"] == "returned" })
        #expect(returned["since"] == "2026-02-20T10:30:00.000Z")
        #expect(returned["helper"] == nil && returned["sinceOrEarlier"] == nil)
        let byMail = try ask("profile", "ANN@example.com", "--as-of", "2026-03-01", "--json")
        #expect(byMail.json?.object?["id"] == "ann")
    }

    @Test func `an explanation says what is missing and when it changes`() throws {
        let outcome = try ask("explain", "returned", "ben", "--as-of", "2026-03-01", "--json")
        let answer = try #require(outcome.json?.object, "\(outcome.errors)")
        #expect(answer["member"] == false)
        #expect(answer["explanation"]?.object?["distance"] == "1 more order")
        let recent = try ask("explain", "recent", "ben", "--as-of", "2026-03-01", "--json")
        #expect(recent.json?.object?["validUntil"] == "2026-03-03T08:00:00.000Z")
        let metric = try ask("explain", "spent", "ann", "--as-of", "2026-03-01")
        #expect(metric.output.hasPrefix("spent  \"Spent\" of ann is 50.5 "))
    }

    // MARK: - Care

    @Test func `the data is verified against the plain evaluator`() throws {
        let outcome = try ask("verify", "--json")
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.json?.object?["sound"] == true)
        #expect(try ask("info", "--json").json?.object?["profiles"] == 4)
        #expect(try ask("compact").status == 0)
        #expect(try ask("rebuild").status == 0)
    }

    @Test func `old data comes with a hint to look back`() throws {
        let outcome = try ask("members", "returned")
        #expect(outcome.errors.contains("the latest event is of 27 Feb 2026; use --as-of 2026-02-28"))
        #expect(try !ask("members", "returned", "--as-of", "2026-03-01").errors.contains("latest event"))
    }

    @Test func `names that do not exist suggest the nearest`() throws {
        let segment = try ask("members", "retruned")
        #expect(segment.status == 64)
        #expect(segment.errors.contains("did you mean \"returned\"?"))
        #expect(try ask("profile", "nobody").errors.contains("[unknown-profile]"))
        #expect(try ask("members", "spent").errors.contains("[wrong-kind]"))
        #expect(try ask("segments", "--as-of", "soon").errors.contains("[invalid-instant]"))
    }

    @Test func `a broken file disables only itself and says so`() throws {
        let folder = try Program.Folder()
        try folder.write(Self.orders, to: "orders.csv")
        #expect(try Program.run("import", "orders.csv", in: folder).status == 0)
        try folder.write(
            "segment fine: did \"Order Completed\"\nsegment bad: did nothing\n", to: "shoal-data/segments/x.shoal")
        try folder.write("segment user: in segment fine\n", to: "shoal-data/segments/y.shoal")
        let board = try Program.run("segments", "--as-of", "2026-03-01", "--no-trend", "--json", in: folder)
        #expect(board.status == 0)
        let broken = board.json?.object?["broken"]?.elements?.compactMap { $0.object?["file"]?.text } ?? []
        #expect(broken == ["x.shoal", "y.shoal"])
        let names = board.json?.object?["segments"]?.elements?.compactMap { $0.object?["name"]?.text } ?? []
        #expect(names.contains("buyers") && !names.contains("fine") && !names.contains("user"))
        let text = try Program.run("segments", "--as-of", "2026-03-01", "--no-trend", in: folder).output
        #expect(text.contains("left out: segments/x.shoal, until it is mended\n  2:"))
        let asked = try Program.run("members", "fine", in: folder)
        #expect(asked.status == 65)
        #expect(asked.errors.contains("[broken-definition]"))
    }

    @Test func `a definition is checked beside the data`() throws {
        try Self.folder.get().write("segment x: did \"Order Compleated\" and in segment returned\n", to: "new.shoal")
        let outcome = try ask("check", "new.shoal", "--data", "shoal-data")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("did you mean \"Order Completed\"?"))
        #expect(try ask("check", "new.shoal").status == 65)
    }

    @Test(arguments: [["segments"], ["info"], ["verify"], ["rebuild"], ["members", "x"], ["profile", "x"]])
    func `without a data directory there is a clear answer`(arguments: [String]) throws {
        let outcome = try Program.run(arguments, in: Program.Folder())
        #expect(outcome.status == 66)
        #expect(outcome.errors.contains("[store-missing]"))
    }
}

private enum ReadySegmentNames {
    static let base: Set<Text> = [
        "visitors", "new_customers", "active_customers", "loyal_customers", "lapsed_customers",
    ]
}
