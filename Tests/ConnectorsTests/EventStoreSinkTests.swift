import EventModel
import EventStore
import Testing

@testable import Connectors

@Suite struct EventStoreSinkTests {
    private func importFile(_ path: String, into folder: String) async throws -> ImportSummary {
        let clock = ManualClock(importDay)
        let store = try EventStore.open(directory: folder, mode: .createIfMissing, clock: clock)
        let summary = try await Importer(options: ImportOptions(), settings: store.settings, clock: clock)
            .run(
                try Importer(options: ImportOptions(), settings: store.settings, clock: clock).plan(path),
                into: EventStoreSink(store))
        try store.close()
        return summary
    }

    private func orders(refunded: String) -> String {
        "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount\n"
            + "#1,a@example.com,partially_refunded,EUR,30.00,2025-09-30 10:00:00 +0200,1,Tea,30.00,\(refunded)\n"
            + "#2,b@example.com,paid,EUR,12.00,2025-09-30 11:00:00 +0200,1,Cup,12.00,0.00\n"
    }

    private func messages(_ folder: String, of id: Text) throws -> [Message] {
        let store = try EventStore.open(directory: folder)
        defer { try? store.close() }
        let snapshot = try store.snapshot()
        guard let number = snapshot.profileNumber(for: id) else { return [] }
        return try snapshot.messages(of: number)
    }

    @Test func `an import into the store is there when it is opened again, and again changes nothing`() async throws {
        let scratch = Scratch()
        let folder = scratch.path + "/store"
        defer { removeTree(folder) }
        let path = scratch.write(orders(refunded: "10.00"))
        let first = try await importFile(path, into: folder)
        #expect(first.takenByEvent == ["$identify": 2, "Order Completed": 2, "Order Refunded": 1])
        let again = try await importFile(path, into: folder)
        #expect(again.taken == 0 && again.duplicates == first.taken)
        #expect(try messages(folder, of: "a@example.com").map(\.event) == ["", "Order Completed", "Order Refunded"])
    }

    @Test func `what an import remembers is there for the next one`() async throws {
        let scratch = Scratch()
        let folder = scratch.path + "/store"
        defer { removeTree(folder) }
        for refunded in ["10.00", "10.00", "17.50"] {
            _ = try await importFile(scratch.write(orders(refunded: refunded)), into: folder)
        }
        let refunds = try messages(folder, of: "a@example.com").filter { $0.event == "Order Refunded" }
        #expect(refunds.map { $0.properties["total" as Text]?.decimal?.description } == ["10", "7.5"])
    }

    @Test func `products become the store's catalogue`() async throws {
        let scratch = Scratch()
        let folder = scratch.path + "/store"
        defer { removeTree(folder) }
        let path = scratch.write("product_id,category\n7,tea\n8,cups\n")
        #expect(try await importFile(path, into: folder).products == 2)
        #expect(try await importFile(path, into: folder).productsUnchanged == 2)
        let store = try EventStore.open(directory: folder)
        #expect(store.settings.catalogue.product("8")?["category" as Text] == "cups")
        try store.close()
    }
}
