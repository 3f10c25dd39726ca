import Analytics
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage
import TestSupport
import Testing

/// Values that events lack and their products have, in reports that read whole columns where they can.
@Suite struct CatalogueValueTests {
    private func value(_ name: Text) -> SegmentLanguage.Value {
        SegmentLanguage.Value(.property(PropertyPath(.properties, [name])))
    }

    /// The event's own value, else that of its product.
    private func read(_ event: Twin.Event, _ name: Text, _ workspace: RandomCase) -> JSONValue? {
        if let own = event.properties[name], own != .null { return own }
        guard name != "product_id", let product = event.properties["product_id"]?.identity else { return nil }
        return workspace.settings.catalogue.value(productID: product, path: [name])
    }

    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `tops and trends are what plain loops find with the catalogue behind the events`(batch: UInt64) async throws {
        for seed in batch * 40..<(batch + 1) * 40 {
            var random = SeededRandom(seed: seed ^ 0xCA7)
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let events = NamedEvents.all[random.int(below: NamedEvents.all.count)]
            let names: [Text] = ["price", "category", "revenue", "x", "product_id"]
            let name = names[random.int(below: names.count)]
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let input = ReportInput(histories.source, at: now)
            let query = try EventQuery(parsing: events.text)
            let label: Testing.Comment = "seed \(seed) \(name.string) of \(events.text)"

            var counts: [Text: Int] = [:]
            var sums: [CalendarDay: Decimal128] = [:]
            let twin = Twin(workspace, at: now)
            for event in twin.events where events.matches(event) {
                guard let found = read(event, name, workspace) else { continue }
                if let text = found.identity { counts[text, default: 0] += 1 }
                if let number = found.numeric {
                    let day = twin.period(event, .day)
                    sums[day] = try #require((sums[day] ?? Decimal128.zero).adding(number) as Decimal128?)
                }
            }
            let top = try await TopQuery(value(name), of: query, limit: 1_000).answer(from: input)
            let entries = top.lists.flatMap(\.entries).map { ($0.value, $0.count) }
            #expect(Dictionary(uniqueKeysWithValues: entries) == counts, label)
            let trend = try await TrendQuery([.sum(value(name), query)], by: .day).answer(from: input)
            for point in trend.points { #expect(point.values == [sums[point.firstDay] ?? 0], label) }
            #expect(Set(sums.keys).isSubset(of: trend.points.map(\.firstDay)), label)
        }
    }

    /// Events "E" with these properties, one a second, over a catalogue of one product.
    private func column(_ name: Text, _ properties: [JSONValue]) throws -> Column? {
        let messages = properties.enumerated().map { index, properties in
            Message(
                kind: .track, messageID: Text("m\(index)"), userID: "u", time: Timestamp(milliseconds: Int64(index)),
                event: "E", properties: properties.object ?? JSONObject(), context: JSONObject(), traits: JSONObject())
        }
        var settings = WorkspaceSettings()
        settings.catalogue = Catalogue(products: [["product_id": "p1", "price": 5, "category": "Fish"]])
        let source = MemoryHistorySource(messages: messages, settings: settings)
        let rows = EventRows(
            [try EventQuery(parsing: "\"E\"")], values: [(of: value(name), query: 0)], settings: settings)
        let block = source.block(0, projection: rows.projection)
        return rows.reader(of: block, at: .latest).column(of: 0, over: 0)
    }

    @Test func `a column is read as it is unless an event must look up what it lacks`() throws {
        #expect(
            try column("revenue", [["product_id": "p1", "revenue": 3], ["product_id": "p1"]]) != nil,
            "no product has it")
        #expect(try column("price", [["product_id": "p1", "price": 3], ["price": 4]]) != nil, "every event has it")
        #expect(try column("price", [["price": 3], ["x": 1]]) != nil, "no event names a product")
        #expect(try column("price", [["product_id": "p1", "price": 3], ["product_id": "p1"]]) == nil)
        #expect(try column("price", [["product_id": "p1", "price": .null]]) == nil, "null is nothing")
        #expect(try column("category", [["product_id": "p1"]]) == nil)
    }
}
