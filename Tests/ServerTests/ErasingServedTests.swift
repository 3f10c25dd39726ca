import EventModel
import EventStore
import Foundation
import HTTPTypes
import Membership
import Outbound
import TestSupport
import Testing

@testable import Server

/// Somebody is erased while the store is served: nothing beside the events knows them afterwards, and nobody else notices.
@Suite struct ErasingServedTests {
    private static let definitions = """
        segment buyers: did "Order Completed"
        segment quiet: in segment buyers and did not "Order Completed" in last 30 days
        segment seen: did any event at least 2 times
        """

    private func served(_ client: ScriptedClient) async throws -> (served: Served, webhook: String) {
        let served = try Served(outbound: client)
        served.definitions.put(Self.definitions)
        try await served.server.segments.load()
        let made = try await served.send(
            .post, "/v1/webhooks", Array(#"{"url": "http://receiver.example/"}"#.utf8), secret(served))
        return (served, try #require(made["id"]?.text?.string))
    }

    private func secret(_ served: Served) -> [String: String] { ["Authorization": "Bearer \(served.keys.secret)"] }

    private func order(_ served: Served, _ user: String, _ message: String) async throws {
        let body = """
            {"event": "Order Completed", "userId": "\(user)", "messageId": "\(message)",
             "properties": {"order_id": "\(user)", "revenue": 20}}
            """
        _ = try await served.post("/v1/track", body)
        try await served.server.segments.memberships.catchUp()
    }

    private func settle(_ served: Served) async throws {
        for _ in 0..<4 { try await served.server.webhooks.perform { $0.step(&$1) } }
    }

    /// Tries until the first message is a dead letter.
    private func bury(_ served: Served, _ webhook: String) async throws {
        try await settle(served)
        while try await served.server.webhooks.entry(webhook).deadLetters == 0 {
            served.clock.advance(milliseconds: 11 * 3_600_000)
            try await settle(served)
        }
    }

    private func erase(_ served: Served, _ id: Text) throws -> ServiceRecords.Erased {
        let profile = try #require(served.store.profile(of: id))
        _ = try served.store.erase([profile], isFinal: false)
        let pending = try #require(try served.store.pendingErasure())
        let erased = try served.server.records.erase(pending, at: served.clock.now()) { body in
            String(decoding: body, as: UTF8.self).contains("canary")
        }
        try served.store.finishErasure()
        return erased
    }

    private func changes(_ served: Served, _ segment: String) async throws -> [JSONObject] {
        let answer = try await served.send(.get, "/v1/segments/\(segment)/changes", [], secret(served))
        return answer["changes"]?.elements?.compactMap(\.object) ?? []
    }

    private func files(holding word: String, _ directory: String) throws -> [String] {
        let all = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return all.filter { name in
            let data = FileManager.default.contents(atPath: "\(directory)/\(name)")
            return data?.range(of: Data(word.utf8)) != nil
        }
    }

    @Test func `whoever is erased is in no log, no dead letter and no refused message, down to the bytes`() async throws
    {
        let client = ScriptedClient { _, _ in OutboundAnswer(.answered, status: 500) }
        let (served, webhook) = try await served(client)
        try await order(served, "canary-user", "canary-message")
        try await order(served, "bob", "m-1")
        _ = try await served.post(
            "/v1/track", #"{"event": "canary-event", "userId": "canary-user", "messageId": "canary-second"}"#)
        _ = try await served.post("/v1/track", #"{"event": 7, "userId": "canary-user"}"#)
        _ = try await served.post("/v1/track", #"{"event": 8, "userId": "bob"}"#)
        try await served.server.segments.memberships.catchUp()
        try await bury(served, webhook)
        #expect(try await changes(served, "seen").count == 2)
        let planted = [
            ("canary-message", "memberships.db"), ("canary-message", "webhooks.db"), ("canary-user", "webhooks.db"),
            ("canary-user", "service.db"),
        ]
        for (word, name) in planted {
            let files = try files(holding: word, served.store.directory)
            #expect(files.contains { $0.hasPrefix(name) }, "\(word) was not planted in \(name)")
        }

        let erased = try erase(served, "canary-user")
        #expect(erased.rejects == 1)
        #expect(erased.deadLetters == 1)
        #expect(try files(holding: "canary", served.store.directory) == [])
        let buyers = try await changes(served, "buyers")
        #expect(buyers.map { $0["sequence"]?.decimal?.asInt() } == Array(1...4))
        #expect(buyers.map { $0["change"]?.text } == ["baseline", "entered", "entered", "left"])
        #expect(buyers.map { $0["profile"]?.text } == [nil, nil, "bob", nil])
        #expect(buyers[1]["profile"] == .null)
        #expect(buyers[1]["cause"] == ["type": "message"])
        #expect(buyers[2]["cause"] == ["type": "message", "messageId": "m-1", "event": "Order Completed"])
        #expect(buyers[3]["cause"] == ["type": "erasure"])
        let members = try await served.send(.get, "/v1/segments/buyers/members", [], secret(served))
        #expect(members["members"] == ["bob"])
        let rejects = try await served.send(.get, "/v1/rejects", [], secret(served))
        #expect(rejects["rejects"]?.elements?.count == 1)

        let attempts = try await served.server.webhooks.attempts(webhook, after: 0, limit: 100)
        #expect(attempts.last?.kind == .erased)
        #expect(attempts.filter { $0.kind == .change }.count >= 3, "what was tried is kept")
        #expect(try await served.server.webhooks.deadLetters(webhook, after: 0, limit: 100).isEmpty)
    }

    @Test func `a message that waits for somebody who is erased is not sent, and those behind it are`() async throws {
        let client = ScriptedClient { _, _ in OutboundAnswer(.answered, status: 500) }
        let (served, webhook) = try await served(client)
        for (user, message) in [("ann", "m-1"), ("canary-user", "m-2"), ("bob", "m-3")] {
            try await order(served, user, message)
        }
        try await settle(served)
        #expect(client.requests.map(\.profile) == ["ann"])
        client.answer { request, _ in OutboundAnswer(.answered, status: request.profile == "canary-user" ? 500 : 200) }
        served.clock.advance(milliseconds: 10_000)
        try await settle(served)
        #expect(client.requests.map(\.profile) == ["ann", "ann", "canary-user"])
        #expect(try await served.server.webhooks.entry(webhook).webhook.progress.tries == 1)
        _ = try erase(served, "canary-user")
        client.answer(status: 200)
        try await settle(served)
        #expect(client.requests.map(\.profile) == ["ann", "ann", "canary-user", "bob"])
        served.clock.advance(milliseconds: 3_600_000)
        try await settle(served)
        #expect(client.requests.count == 4)
        #expect(try await served.server.webhooks.entry(webhook).webhook.progress.tries == 0)
    }

    @Test func `an answer that comes after the erasure makes no dead letter`() async throws {
        let client = ScriptedClient { _, _ in nil }
        let (served, webhook) = try await served(client)
        try await order(served, "canary-user", "m-1")
        try await order(served, "bob", "m-2")
        let late = HeldAnswers()
        client.hold(late)
        try await settle(served)
        #expect(client.requests.map(\.profile) == ["canary-user"])
        _ = try erase(served, "canary-user")
        client.answer(status: 200)
        late.answer(OutboundAnswer(.answered, status: 500))
        try await settle(served)
        #expect(client.requests.map(\.profile) == ["canary-user", "bob"])
        #expect(try files(holding: "canary", served.store.directory).isEmpty)
        #expect(try await served.server.webhooks.entry(webhook).deadLetters == 0)
    }
}
