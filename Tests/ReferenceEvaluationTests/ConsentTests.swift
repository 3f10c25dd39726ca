import EventModel
import Testing

@Suite struct ConsentTests {
    @Test func `preferences in the context of any message set purposes, true and false being granted and denied`()
        throws
    {
        let story = try Story(
            """
            a 2026-03-01 page {"context": {"consent": {"categoryPreferences": {"email": true, "sms": false}}}}
            b 2026-03-01 identify {"context": {"consent": {"categoryPreferences": {"email": false}}}}
            b 2026-03-02 Consent Updated {"purpose": "email", "state": "granted"}
            c 2026-03-01 Consent Updated {"purpose": "email", "state": "granted", "context": {"consent": {"categoryPreferences": {"email": false}}}}
            d 2026-03-01 Consent Updated {"purpose": "email", "state": "revoked"}
            """)
        #expect(try story.members("consent.email = granted") == ["a", "b", "c"])
        #expect(try story.members("consent.email = granted", at: "2026-03-01") == ["a", "c"])
        #expect(try story.members("consent.sms = denied") == ["a"])
        #expect(try story.members("consent.email != granted") == ["d"])
        #expect(try story.members("consent.sms exists") == ["a"])
    }

    @Test func `a channel needs consent, an address, and no refusal since the consent`() throws {
        let story = try Story(
            """
            ok 2026-03-01 identify {"email": "a@example.com"}
            ok 2026-03-01 Consent Updated {"purpose": "email", "state": "granted"}
            bare 2026-03-01 identify {"email": ""}
            bare 2026-03-01 Consent Updated {"purpose": "email", "state": "granted"}
            unasked 2026-03-01 identify {"email": "a@example.com"}
            gone 2026-03-01 identify {"email": "a@example.com"}
            gone 2026-03-01 Consent Updated {"purpose": "email", "state": "granted"}
            gone 2026-03-02 Unsubscribed {"channel": "email"}
            back 2026-03-01 identify {"email": "a@example.com"}
            back 2026-03-02 Unsubscribed {"channel": "email"}
            back 2026-03-03 Consent Updated {"purpose": "email", "state": "granted"}
            soft 2026-03-01 identify {"email": "a@example.com"}
            soft 2026-03-01 Consent Updated {"purpose": "email", "state": "granted"}
            soft 2026-03-02 Message Bounced {"channel": "email", "type": "soft"}
            soft 2026-03-02 Unsubscribed {"channel": "sms"}
            hard 2026-03-01 identify {"email": "a@example.com"}
            hard 2026-03-01 Consent Updated {"purpose": "email", "state": "granted"}
            hard 2026-03-02 Message Bounced {"channel": "email", "type": "hard"}
            held 2026-03-01 identify {"email": "a@example.com"}
            held 2026-03-01 Consent Updated {"purpose": "email", "state": "granted"}
            held 2026-03-02 Suppressed {"channel": "email"}
            """)
        #expect(try story.members("can receive email") == ["back", "ok", "soft"])
        #expect(try story.members("can receive email", at: "2026-03-01") == ["gone", "hard", "held", "ok", "soft"])
    }

    @Test func `other channels have their own address, and a purpose where the workspace maps one`() throws {
        let story = try Story(
            """
            a 2026-03-01 identify {"phone": 4912345}
            a 2026-03-01 Consent Updated {"purpose": "marketing", "state": "granted"}
            b 2026-03-01 identify {"phone": "+49"}
            b 2026-03-01 Consent Updated {"purpose": "sms", "state": "granted"}
            c 2026-03-01 identify {"push_subscription": {"endpoint": "e"}}
            c 2026-03-01 Consent Updated {"purpose": "web_push", "state": "granted"}
            d 2026-03-01 Push Subscribed
            d 2026-03-01 Consent Updated {"purpose": "web_push", "state": "granted"}
            e 2026-03-01 Push Subscribed
            e 2026-03-01 Push Unsubscribed
            e 2026-03-01 Consent Updated {"purpose": "web_push", "state": "granted"}
            """, purposes: ["sms": "marketing"])
        #expect(try story.members("can receive sms") == ["a"])
        #expect(try story.members("can receive web_push") == ["c", "d"])
    }
}
