import EventModel
import Foundation
import SegmentEngine
import Testing

@testable import shoal

/// The store's own figure: written by the first import, brought up to date by the next, left alone when it is somebody's.
@Suite(.serialized) struct TypicalGapTests {
    private static let file = "shoal-data/segments/store.shoal"

    private func order(_ customer: String, _ days: Int...) -> String {
        days.map { "\(customer),2026-01-\($0 < 10 ? "0" : "")\($0),20.00\n" }.joined()
    }

    private func importing(_ rows: String, in folder: Program.Folder) throws -> Program.Outcome {
        try folder.write("customer_id,date,amount\n" + rows, to: "orders.csv")
        let outcome = try Program.run("import", "orders.csv", in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome
    }

    /// The metric's own lines, without the description.
    private func figure(in folder: Program.Folder) throws -> String {
        let lines = try folder.read(Self.file).split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex { $0.hasPrefix("# Computed from ") || $0.hasPrefix("metric ") })
        return lines[start...].joined(separator: "\n")
    }

    private var today: String { spokenDay(Zone.utc.day(of: SystemClock().now())) }

    private func expected(_ gap: String, of buyers: String) -> String {
        """
        # Computed from \(buyers) at the import of \(today); take this line out to keep a value of your own.
        metric typical_gap "Typical time between orders":
          \(gap)
        """
    }

    @Test func `every import brings it up to date with the orders`() throws {
        let folder = try Program.Folder()
        let first = try importing(order("ann", 1) + order("ben", 1, 11, 31) + order("cem", 4), in: folder)
        #expect(try figure(in: folder) == expected("15 days", of: "1 repeat buyer"))
        #expect(first.errors.contains("typical time between orders: 15 days, by 1 repeat buyer"))
        let second = try importing(order("ann", 4), in: folder)
        #expect(try figure(in: folder) == expected("9 days", of: "2 repeat buyers"))
        #expect(second.errors.contains("typical time between orders: 9 days, by 2 repeat buyers"))
        let board = try Program.run("segments", "--as-of", "2026-02-01", "--no-trend", "--json", in: folder)
        #expect(board.json?.object?["broken"] == [])
    }

    @Test func `an import that changes nothing leaves the file as it is`() throws {
        let folder = try Program.Folder()
        _ = try importing(order("ben", 1, 11), in: folder)
        let text = try folder.read(Self.file).replacingOccurrences(of: today, with: "1 Jan 2020")
        try folder.write(text, to: Self.file)
        let again = try importing(order("ben", 1, 11), in: folder)
        #expect(try folder.read(Self.file) == text)
        #expect(!again.errors.contains("typical time"))
    }

    @Test func `without repeat buyers it is sixty days`() throws {
        let folder = try Program.Folder()
        _ = try importing(order("ann", 1) + order("ben", 2), in: folder)
        #expect(try figure(in: folder) == expected("60 days", of: "0 repeat buyers"))
    }

    @Test func `without the line that says so the value is the person's own`() throws {
        let folder = try Program.Folder()
        _ = try importing(order("ben", 1, 11), in: folder)
        let own = "# What I say.\nmetric typical_gap \"Typical time between orders\":\n  3 weeks\n"
        try folder.write(own, to: Self.file)
        _ = try importing(order("cem", 1, 5, 9), in: folder)
        #expect(try folder.read(Self.file) == own)
    }

    @Test func `it may stand in another file, among other definitions`() throws {
        let folder = try Program.Folder()
        _ = try importing(order("ben", 1, 11), in: folder)
        let marked =
            "segment one: did \"A\"\r\n# Computed from 1 repeat buyer long ago\r\nmetric typical_gap: 2 weeks # so\r\n"
        try FileManager.default.removeItem(atPath: folder.path + "/" + Self.file)
        try folder.write(marked, to: "shoal-data/segments/own/mine.shoal")
        _ = try importing(order("ben", 15), in: folder)
        let line =
            "# Computed from 1 repeat buyer at the import of \(today); take this line out to keep a value of your own."
        #expect(
            try folder.read("shoal-data/segments/own/mine.shoal")
                == "segment one: did \"A\"\r\n\(line)\r\nmetric typical_gap: 7 days # so\r\n")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/" + Self.file))
    }

    @Test func `a command that finds definitions in need of it writes it`() throws {
        let folder = try Program.Folder()
        _ = try importing(order("ben", 1, 11), in: folder)
        try FileManager.default.removeItem(atPath: folder.path + "/" + Self.file)
        let board = try Program.run("segments", "--as-of", "2026-02-01", "--no-trend", "--json", in: folder)
        #expect(board.json?.object?["broken"] == [])
        #expect(board.errors.contains("wrote segments/store.shoal"))
        #expect(try figure(in: folder) == expected("10 days", of: "1 repeat buyer"))
    }

    @Test func `definitions that do not speak of it stay alone until the next import`() throws {
        let folder = try Program.Folder()
        _ = try importing(order("ben", 1, 11), in: folder)
        try FileManager.default.removeItem(atPath: folder.path + "/shoal-data/segments")
        try folder.write("segment buyers: did \"Order Completed\"\n", to: "shoal-data/segments/old.shoal")
        #expect(try Program.run("segments", "--as-of", "2026-02-01", in: folder).status == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/" + Self.file))
        _ = try importing(order("ben", 15), in: folder)
        #expect(try figure(in: folder) == expected("7 days", of: "1 repeat buyer"))
    }
}
