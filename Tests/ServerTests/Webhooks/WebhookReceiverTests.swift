import EventModel
import Foundation
import Outbound
import TestSupport
import Testing

@testable import Server

/// The sender with the real client against receivers that misbehave.
struct WebhookReceiverTests {
    private static func client() throws -> OutboundClient {
        var bounds = OutboundClient.Bounds()
        bounds.connectMilliseconds = 3_000
        bounds.totalMilliseconds = 3_000
        bounds.closingMilliseconds = 50
        return OutboundClient(AddressGuard(opening: [try #require(AddressNetwork("127.0.0.0/8"))]), bounds: bounds)
    }

    /// Waits until something holds, thirty seconds at most.
    private func wait(until holds: () async throws -> Bool) async throws {
        for _ in 0..<1_500 {
            if try await holds() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("it does not hold after thirty seconds")
    }

    @Test func `no receiver holds up another, and each failure is kept under its name`() async throws {
        let receiver = try FaultyReceiver()
        defer { receiver.close() }
        let deliveries = try Deliveries()
        try deliveries.restart(try Self.client())
        let expected: [(path: String, outcome: OutboundAnswer.Outcome, status: Int?)] = [
            ("/hang", .timedOut, nil), ("/drip", .timedOut, nil), ("/huge", .answered, 200), ("/gone", .answered, 410),
            ("/redirect", .answered, 301), ("/flaky", .answered, 500), ("/later", .answered, 503),
            ("/reset", .broken, nil), ("/garbage", .broken, nil), ("tls", .tlsFailed, nil),
        ]
        var ids: [String: String] = [:]
        for (path, _, _) in expected where path != "tls" {
            ids[path] = try await deliveries.add(receiver.url(path))
        }
        ids["/ok"] = try await deliveries.add(receiver.url("/ok"))
        ids["tls"] = try await deliveries.add("https://127.0.0.1:\(receiver.port)/ok")
        deliveries.sender.start()
        for number in 0..<40 { deliveries.feed.add("vip", "p\(number)") }

        try await wait { receiver.requests("/ok").count == 40 }
        let bodies = receiver.requests("/ok").map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies.enumerated().allSatisfy { $1.contains("\"p\($0)\"") })
        for (path, outcome, status) in expected {
            let id = try #require(ids[path])
            try await wait { try await !deliveries.sender.attempts(id, after: 0, limit: 1).isEmpty }
            let attempt = try #require(try await deliveries.sender.attempts(id, after: 0, limit: 1).first)
            #expect(attempt.outcome == outcome && attempt.status == status, "\(path): \(attempt)")
        }
        let gone = try #require(ids["/gone"])
        #expect(try await deliveries.webhook(gone).pause == .gone)
        let laterID = try #require(ids["/later"])
        let later = try await deliveries.webhook(laterID).progress
        #expect(later.nextTry == Deliveries.start.adding(milliseconds: 120_000))

        // The clock of the sender stands still; moved on, the one that failed once takes everything.
        deliveries.clock.advance(milliseconds: 6_000)
        try await wait { receiver.requests("/flaky").count == 41 }
        let flaky = receiver.requests("/flaky")
        try #require(flaky.count >= 2)
        #expect(flaky[0].fields["webhook-id"] == flaky[1].fields["webhook-id"] && flaky[0].body == flaky[1].body)
        #expect(Set(flaky.map { $0.fields["webhook-id"] }).count == 40)
        #expect(receiver.requests("/redirect").count <= 2 && receiver.requests("/ok").count == 40)
    }
}
