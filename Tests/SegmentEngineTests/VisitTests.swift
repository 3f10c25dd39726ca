import EventModel
import Testing

@testable import SegmentEngine

struct VisitTests {
    private var shop: Shop {
        var shop = Shop()
        shop.track("Page Viewed", 3 * Shop.day, ["path": "/"])
        shop.track("Product Viewed", 3 * Shop.day - 10 * Shop.minute)
        shop.track("Survey Answered", 3 * Shop.day - 40 * Shop.minute)
        shop.track("Survey Answered", 3 * Shop.day - 40 * Shop.minute - 1)
        shop.track("Page Viewed", 2 * Shop.day, ["path": "/sale"])
        return shop
    }

    @Test func `a visit has the properties of its first event, and events and duration`() async throws {
        #expect(try await shop.holds("did visit where (path = \"/\" and events = 2 and duration = 600)"))
        #expect(try await shop.holds("did visit where path = \"/sale\" in last 2 days") == false)
        #expect(try await shop.value("sum(events of visit)") == .number(3))
    }

    @Test func `any other event belongs to a visit up to 30 minutes after its last event`() async throws {
        #expect(try await shop.value("visits(\"Survey Answered\")") == .number(1))
        #expect(try await shop.holds("did \"Survey Answered\" in at least 1 visit"))
        #expect(try await shop.holds("did any event in exactly 2 visits"))
    }

    @Test func `an instant inside a visit sees only what has happened`() async throws {
        let inside = -3 * Shop.day + 5 * Shop.minute
        #expect(try await shop.holds("did visit where events = 1", later: inside))
        #expect(try await shop.holds("did visit where events = 2", later: inside) == false)
    }
}
