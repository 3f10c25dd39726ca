import EventModel
import Testing

@testable import SegmentEngine

struct ConsentTests {
    @Test func `the context of any message sets a purpose, properties of the same message win`() async throws {
        var shop = Shop()
        let context: JSONValue = ["consent": ["categoryPreferences": ["email": true]]]
        shop.track("Page Viewed", 3 * Shop.day, context: context)
        #expect(try await shop.holds("consent.email = granted"))
        shop.track("Consent Updated", 2 * Shop.day, ["purpose": "email", "state": "denied"], context: context)
        #expect(try await shop.holds("consent.email = denied"))
    }

    @Test func `reach needs consent, an address, and nothing against it since`() async throws {
        var shop = Shop()
        shop.track("Unsubscribed", 9 * Shop.day, ["channel": "email"])
        shop.track("Consent Updated", 8 * Shop.day, ["purpose": "email", "state": "granted"])
        #expect(try await shop.holds("can receive email") == false)
        shop.identify(7 * Shop.day, ["email": "a@example.com"])
        #expect(try await shop.holds("can receive email"))
        shop.track("Message Bounced", 6 * Shop.day, ["channel": "email", "type": "soft"])
        #expect(try await shop.holds("can receive email"))
        shop.track("Message Bounced", 5 * Shop.day, ["channel": "email", "type": "hard"])
        #expect(try await shop.holds("can receive email") == false)
        shop.track("Consent Updated", 4 * Shop.day, ["purpose": "email", "state": "granted"])
        #expect(try await shop.holds("can receive email"))
    }

    @Test func `a channel may need another purpose`() async throws {
        var shop = Shop(settings: WorkspaceSettings(consentPurposeByChannel: ["sms": "marketing"]))
        shop.identify(7 * Shop.day, ["phone": 491_234])
        shop.track("Consent Updated", 4 * Shop.day, ["purpose": "marketing", "state": "granted"])
        #expect(try await shop.holds("can receive sms"))
    }
}
