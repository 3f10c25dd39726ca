import Analytics
import EventModel
import Testing

@Suite struct ProfileHistoryTests {
    private func message(_ kind: MessageKind, _ day: Int, _ json: String) throws -> Message {
        let object = try #require(try JSONReader.parse(json).object)
        return Message(
            kind: kind, messageID: Text("m\(day)"), userID: "ann", anonymousID: day == 1 ? "phone" : nil,
            time: Timestamp(milliseconds: Int64(day) * 86_400_000), event: kind == .track ? "Product Viewed" : "",
            properties: kind == .track ? object : JSONObject(), traits: kind == .identify ? object : JSONObject())
    }

    @Test func `traits replace each other and null unsets`() throws {
        let history = ProfileHistory(
            [
                try message(.identify, 1, #"{"city": "Ulm", "age": 3}"#), try message(.identify, 2, #"{"age": null}"#),
                try message(.identify, 9, #"{"city": "Bonn"}"#),
            ], catalogue: .empty, until: Timestamp(milliseconds: 5 * 86_400_000))
        #expect(JSONValue.object(history.traits).description == #"{"city":"Ulm"}"#)
        #expect(history.identities.users == ["ann"])
        #expect(history.identities.anonymous == ["phone"])
    }

    @Test func `interests halve in thirty days and ask the catalogue`() throws {
        let catalogue = Catalogue(products: [try JSONReader.parse(#"{"product_id": "p", "category": "shoes"}"#)])
        let history = ProfileHistory(
            [
                try message(.track, 10, #"{"product_id": "p"}"#),
                try message(.track, 40, #"{"product_id": "q", "category": "hats"}"#),
            ], catalogue: catalogue, until: Timestamp(milliseconds: 40 * 86_400_000))
        let interests = Interests(history, asOf: Timestamp(milliseconds: 40 * 86_400_000))
        #expect(interests.categories.map(\.value) == ["hats", "shoes"])
        #expect(interests.categories.map(\.weight) == [1, 0.5])
    }

    @Test func `an order counts once, with what became of it`() throws {
        func order(_ event: Text, _ day: Int, _ json: String) throws -> Message {
            var made = try message(.track, day, json)
            made.event = event
            return made
        }
        let history = ProfileHistory(
            [
                try order("Order Completed", 1, #"{"order_id": "a", "revenue": 10}"#),
                try order("Order Completed", 2, #"{"order_id": "a", "revenue": 99}"#),
                try order("Order Completed", 3, #"{"order_id": "b", "products": [{"product_id": "p"}]}"#),
                try order("Order Refunded", 4, #"{"order_id": "a"}"#),
                try order("Order Updated", 5, #"{"order_id": "a"}"#),
            ], catalogue: .empty, until: Timestamp(milliseconds: 9 * 86_400_000))
        #expect(history.orders.map(\.id) == ["a", "b"] && history.orders.map(\.note) == ["refunded", nil])
        #expect(history.orders.map(\.revenue) == [10, nil] && history.orders.map(\.items) == [0, 1])
    }

    @Test func `what was said last about consent counts`() throws {
        var first = try message(.track, 1, #"{"purpose": "email", "state": "granted"}"#)
        first.event = "Consent Updated"
        var second = try message(.track, 2, "{}")
        second.context = try #require(
            try JSONReader.parse(#"{"consent": {"categoryPreferences": {"email": false, "ads": true}}}"#).object)
        let history = ProfileHistory([first, second], catalogue: .empty, until: .distantFuture)
        #expect(history.consent == JSONObject([("email", .bool(false)), ("ads", .bool(true))]))
    }
}
