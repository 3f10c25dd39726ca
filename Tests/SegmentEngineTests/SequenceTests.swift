import EventModel
import Testing

@testable import SegmentEngine

struct SequenceTests {
    private func shop(_ events: [(Text, Int64)]) -> Shop {
        var shop = Shop()
        for (name, days) in events { shop.track(name, days * Shop.day) }
        return shop
    }

    @Test func `a not between two steps forbids events strictly between the two chosen`() async throws {
        let sequence = "sequence(\"A\" then not \"N\" then \"B\", within 9 days)"
        #expect(try await shop([("A", 5), ("N", 4), ("B", 3)]).holds(sequence) == false)
        #expect(try await shop([("A", 5), ("N", 4), ("A", 3), ("B", 2)]).holds(sequence))
        #expect(try await shop([("N", 6), ("A", 5), ("B", 3), ("N", 2)]).holds(sequence))
    }

    @Test func `the next count starts after the last event of the chain before`() async throws {
        let shop = shop([("A", 9), ("A", 8), ("B", 7), ("B", 6), ("A", 5), ("B", 4)])
        let sequence = "sequence(\"A\" then \"B\", within 9 days)"
        #expect(try await shop.holds("\(sequence) exactly 2 times"))
        #expect(try await shop.holds("\(sequence) exactly 1 time in last 6 days"))
    }

    @Test func `a trailing not may be satisfied by a later last step`() async throws {
        let sequence = "sequence(\"A\" then \"B\" then not \"C\", within 5 days)"
        #expect(try await shop([("A", 9), ("B", 8), ("C", 7)]).holds(sequence) == false)
        #expect(try await shop([("A", 9), ("B", 8), ("C", 7), ("B", 6)]).holds(sequence))
        #expect(try await shop([("A", 9), ("B", 8), ("C", 7), ("B", 3)]).holds(sequence) == false)
    }

    @Test func `nots both between and at the end are weighed together`() async throws {
        let sequence = "sequence(\"A\" then not \"N\" then \"B\" then not \"C\", within 5 days)"
        #expect(try await shop([("A", 9), ("B", 8), ("C", 7), ("B", 6)]).holds(sequence))
        #expect(try await shop([("A", 9), ("B", 8), ("N", 8), ("C", 7), ("B", 6)]).holds(sequence) == false)
    }

    @Test func `the answer is sure until the trailing not is decided`() async throws {
        let shop = shop([("A", 1)])
        let sequence = "sequence(\"A\" then not \"B\", within 3 days)"
        #expect(try await shop.sure(sequence) == 2 * Shop.day)
        #expect(try await shop.holds(sequence, later: 2 * Shop.day - 1) == false)
        #expect(try await shop.holds(sequence, later: 2 * Shop.day))
    }

    @Test func `all steps share a value, of any item where they have items`() async throws {
        var shop = Shop()
        shop.track("Product Viewed", 3 * Shop.day, ["product_id": "1"])
        shop.track("Order Completed", 2 * Shop.day, ["products": [["product_id": "2"], ["product_id": 1]]])
        let sequence = "sequence(\"Product Viewed\" then \"Order Completed\", within 9 days, same product_id)"
        #expect(try await shop.holds(sequence))
        #expect(
            try await shop.holds(sequence.replacing("\"Product Viewed\"", with: "\"Product Viewed\" where x = 1"))
                == false)
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }
}
