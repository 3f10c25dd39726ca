import EventModel
import Foundation
import Outbound
import TestSupport
import Testing

@testable import Server

struct WebhookSenderTests {
    @Test func `changes arrive in their order, each once, as they were made`() async throws {
        let deliveries = try Deliveries()
        deliveries.feed.add("vip", "before")
        let id = try await deliveries.add()
        let names = (0..<250).map { "p\($0)" }
        for name in names { deliveries.feed.add("vip", name) }
        try await deliveries.settle()
        #expect(deliveries.profiles == names)
        #expect(Set(deliveries.client.requests.map { $0.field("webhook-id") }).count == 250)
        let request = try #require(deliveries.client.requests.first)
        #expect(request.field("Content-Type") == "application/json")
        #expect(request.field("webhook-timestamp") == "1790000000")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"type":"segment.entered","timestamp":"2026-09-21T14:13:20.000Z","data":{"segment":"vip","profile":"p0"}}"#
        )
        #expect(try await deliveries.webhook(id).progress == Webhook.Progress(cursor: 2_510))
        // Nothing more comes, and the feed is not read when it did not grow.
        let reads = deliveries.feed.readCount
        try await deliveries.settle()
        #expect(deliveries.client.requests.count == 250 && deliveries.feed.readCount == reads)
    }

    @Test func `a webhook is told of its segments only`() async throws {
        let deliveries = try Deliveries()
        _ = try await deliveries.add("http://a.example/", #","segments":["vip","new"]"#)
        let all = try await deliveries.add("http://b.example/")
        for (number, segment) in ["vip", "lost", "new", "lost"].enumerated() {
            deliveries.feed.add(Text(segment), "p\(number)")
        }
        try await deliveries.settle()
        func seen(_ url: String) -> [String] {
            deliveries.client.requests.filter { $0.url == url }.compactMap(\.profile)
        }
        #expect(seen("http://a.example/") == ["p0", "p2"])
        #expect(seen("http://b.example/") == ["p0", "p1", "p2", "p3"])
        #expect(try await deliveries.webhook(all).progress.cursor == 40)
    }

    @Test func `a message that was not taken is sent again under its id, and the ones behind it wait`() async throws {
        let deliveries = try Deliveries(
            ScriptedClient { _, number in
                OutboundAnswer(.answered, status: number <= 2 ? 500 : 200)
            })
        let id = try await deliveries.add()
        deliveries.feed.add("vip", "a")
        deliveries.feed.add("vip", "b")
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a"])
        deliveries.clock.advance(milliseconds: 4_999)
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a"])
        let first = try await deliveries.wait(for: id)
        #expect((1...1_001).contains(try #require(first)))
        #expect(deliveries.profiles == ["a", "a"])
        let second = try await deliveries.wait(for: id)
        #expect((300_000...360_000).contains(try #require(second)))
        #expect(deliveries.profiles == ["a", "a", "a", "b"])
        let requests = deliveries.client.requests
        #expect(Set(requests.prefix(3).map { $0.field("webhook-id") }).count == 1)
        #expect(Set(requests.prefix(3).map { $0.field("webhook-timestamp") }).count == 3)
        #expect(Set(requests.prefix(3).map(\.body)).count == 1)
        #expect(requests[3].field("webhook-id") != requests[0].field("webhook-id"))
        let attempts = try await deliveries.sender.attempts(id, after: 0, limit: 10)
        #expect(attempts.map(\.status) == [500, 500, 200, 200] && attempts.allSatisfy { $0.kind == .change })
    }

    @Test(arguments: [301, 302, 400, 401, 404, 429, 500, 503])
    func `any answer that is no success is tried again, but for a day at most`(status: Int) async throws {
        let deliveries = try Deliveries(
            ScriptedClient { request, _ in
                OutboundAnswer(.answered, status: request.profile == "a" ? status : 200)
            })
        let id = try await deliveries.add()
        deliveries.feed.add("vip", "a")
        deliveries.feed.add("vip", "b")
        try await deliveries.settle()
        while try await deliveries.wait(for: id) != nil {}
        #expect(deliveries.profiles == Array(repeating: "a", count: 8) + ["b"])
        #expect(deliveries.clock.now().milliseconds(since: Deliveries.start) <= 24 * 3_600_000)
        let letters = try await deliveries.sender.deadLetters(id, after: 0, limit: 10)
        #expect(letters.map(\.tries) == [8] && letters.map(\.status) == [status])
        #expect(letters.first?.message.body == deliveries.client.requests.first?.body)
        #expect(letters.first?.message.id == deliveries.client.requests.first?.field("webhook-id"))
        #expect(try await deliveries.sender.entry(id).deadLetters == 1)
    }

    @Test func `a webhook that fails holds up no other`() async throws {
        let deliveries = try Deliveries(
            ScriptedClient { request, _ in
                switch request.url {
                case "http://hang.example/": nil
                case "http://fail.example/": OutboundAnswer(.timedOut)
                default: OutboundAnswer(.answered, status: 200)
                }
            })
        for name in ["hang", "fail", "good"] { _ = try await deliveries.add("http://\(name).example/") }
        for number in 0..<50 { deliveries.feed.add("vip", "p\(number)") }
        try await deliveries.settle()
        let good = deliveries.client.requests.filter { $0.url == "http://good.example/" }
        #expect(good.compactMap(\.profile) == (0..<50).map { "p\($0)" })
    }

    @Test func `webhooks that fail leave half of the threads to the others`() async throws {
        let client = ScriptedClient(width: 4) { _, _ in OutboundAnswer(.answered, status: 500) }
        let deliveries = try Deliveries(client)
        for number in 0..<10 { _ = try await deliveries.add("http://fail.example/\(number)") }
        deliveries.feed.add("vip", "a")
        try await deliveries.settle()
        #expect(client.requests.count == 10)
        // Now all of them hang.
        client.answer { _, _ in nil }
        deliveries.clock.advance(milliseconds: 10_000)
        try await deliveries.settle()
        #expect(client.requests.count == 12)
    }

    @Test func `a receiver that is gone pauses its webhook, and nothing is lost`() async throws {
        let deliveries = try Deliveries()
        let id = try await deliveries.add()
        deliveries.client.answer(status: 410)
        for name in ["a", "b"] { deliveries.feed.add("vip", name) }
        try await deliveries.settle()
        deliveries.clock.advance(milliseconds: 48 * 3_600_000)
        try deliveries.restart()
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a"])
        #expect(try await deliveries.webhook(id).pause == .gone)
        deliveries.client.answer(status: 200)
        _ = try await deliveries.sender.change(
            id, try WebhookInput(Array(#"{"paused":false}"#.utf8), members: ["paused"]))
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a", "a", "b"])
        #expect(deliveries.client.requests[0].field("webhook-id") == deliveries.client.requests[1].field("webhook-id"))
    }

    @Test func `the time that a receiver asks for is given`() async throws {
        let deliveries = try Deliveries(
            ScriptedClient { _, number in
                OutboundAnswer(.answered, status: number == 1 ? 503 : 200, retryAfter: "3600")
            })
        let id = try await deliveries.add()
        deliveries.feed.add("vip", "a")
        try await deliveries.settle()
        #expect(try await deliveries.wait(for: id) == 3_600_000)
        #expect(deliveries.profiles == ["a", "a"])
    }

    @Test func `what was sent without an answer being kept is sent again under its id`() async throws {
        let deliveries = try Deliveries(
            ScriptedClient { _, number in
                number == 3 ? nil : OutboundAnswer(.answered, status: 200)
            })
        _ = try await deliveries.add()
        for name in ["a", "b", "c", "d"] { deliveries.feed.add("vip", name) }
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a", "b", "c"])
        try deliveries.restart()
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a", "b", "c", "c", "d"])
        let requests = deliveries.client.requests
        #expect(requests[2].field("webhook-id") == requests[3].field("webhook-id"))
        #expect(requests[2].body == requests[3].body)
    }

    @Test func `a restart keeps the place in the schedule`() async throws {
        let deliveries = try Deliveries(ScriptedClient { _, _ in OutboundAnswer(.notConnected) })
        let id = try await deliveries.add()
        deliveries.feed.add("vip", "a")
        try await deliveries.settle()
        _ = try await deliveries.wait(for: id)
        let progress = try await deliveries.webhook(id).progress
        #expect(progress.tries == 2 && progress.firstTry == Deliveries.start)
        try deliveries.restart()
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a", "a"])
        #expect(try await deliveries.webhook(id).progress == progress)
        _ = try await deliveries.wait(for: id)
        #expect(deliveries.profiles == ["a", "a", "a"])
    }

    @Test func `everything behind a position is sent again under the same ids`() async throws {
        let deliveries = try Deliveries()
        let id = try await deliveries.add()
        for name in ["a", "b", "c"] { deliveries.feed.add("vip", name) }
        try await deliveries.settle()
        _ = try await deliveries.sender.replay(id, after: 10)
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a", "b", "c", "b", "c"])
        let ids = deliveries.client.requests.map { $0.field("webhook-id") }
        #expect(ids[1] == ids[3] && ids[2] == ids[4])
        await #expect(throws: APIError.self) { try await deliveries.sender.replay(id, after: 31) }
    }

    @Test func `an answer that comes after a replay moves nothing`() async throws {
        let client = ScriptedClient { _, _ in nil }
        let deliveries = try Deliveries(client)
        let id = try await deliveries.add()
        for name in ["a", "b"] { deliveries.feed.add("vip", name) }
        try await deliveries.settle()
        _ = try await deliveries.sender.replay(id, after: 20)
        try await deliveries.settle()
        // The first is under way still, so nothing else is sent.
        #expect(deliveries.profiles == ["a"])
        #expect(try await deliveries.webhook(id).progress.cursor == 20)
    }

    @Test func `dead letters are sent again on demand, once, and do not hold up changes`() async throws {
        let deliveries = try Deliveries(
            ScriptedClient { request, _ in
                OutboundAnswer(.answered, status: request.profile == "live" ? 200 : 500)
            })
        let id = try await deliveries.add()
        for name in ["a", "b"] { deliveries.feed.add("vip", name) }
        try await deliveries.settle()
        while try await deliveries.wait(for: id) != nil {}
        #expect(try await deliveries.sender.entry(id).deadLetters == 2)
        var sent = deliveries.client.requests.count

        #expect(try await deliveries.sender.replayDeadLetters(id, nil) == 2)
        try await deliveries.settle()
        deliveries.feed.add("vip", "live")
        try await deliveries.settle()
        #expect(deliveries.profiles.dropFirst(sent) == ["a", "live"])
        deliveries.clock.advance(milliseconds: 5_000)
        try await deliveries.settle()
        #expect(deliveries.profiles.dropFirst(sent) == ["a", "live", "b"])
        var letters = try await deliveries.sender.deadLetters(id, after: 0, limit: 10)
        #expect(letters.map(\.tries) == [9, 9] && letters.allSatisfy { !$0.isQueued })

        sent = deliveries.client.requests.count
        deliveries.client.answer(status: 200)
        deliveries.clock.advance(milliseconds: 5_000)
        #expect(try await deliveries.sender.replayDeadLetters(id, [letters[1].id, 999]) == 1)
        try await deliveries.settle()
        #expect(deliveries.profiles.dropFirst(sent) == ["b"])
        letters = try await deliveries.sender.deadLetters(id, after: 0, limit: 10)
        #expect(letters.count == 1)
        #expect(letters[0].message.id == deliveries.client.requests[0].field("webhook-id"))
    }

    @Test func `a feed that was made anew is followed from its end`() async throws {
        let deliveries = try Deliveries()
        let id = try await deliveries.add()
        for name in ["a", "b", "c"] { deliveries.feed.add("vip", name) }
        try await deliveries.settle()
        deliveries.feed.clear()
        deliveries.feed.add("vip", "again")
        try await deliveries.settle()
        #expect(try await deliveries.webhook(id).progress.cursor == 10)
        deliveries.feed.add("vip", "d")
        try await deliveries.settle()
        #expect(deliveries.profiles == ["a", "b", "c", "d"])
    }

    @Test func `old attempts go, new ones stay`() async throws {
        let deliveries = try Deliveries()
        let id = try await deliveries.add()
        for number in 0..<1_250 { deliveries.feed.add("vip", "p\(number)") }
        try await deliveries.settle()
        let attempts = try await deliveries.sender.attempts(id, after: 0, limit: 10_000)
        #expect((1_000..<1_100).contains(attempts.count) && attempts.last?.position == 12_500)
    }

    @Test func `nobody else can read the file with the secrets`() throws {
        let deliveries = try Deliveries()
        for name in ["webhooks.db", "webhooks.db-wal"] {
            let file = try FileManager.default.attributesOfItem(atPath: "\(deliveries.directory.path)/\(name)")
            #expect((file[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }
}
