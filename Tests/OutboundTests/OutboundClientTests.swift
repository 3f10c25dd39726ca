import EventModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Outbound

struct OutboundClientTests {
    private let receiver: FaultyReceiver
    private let client: OutboundClient

    init() throws {
        receiver = try FaultyReceiver()
        client = try Self.client()
    }

    /// A client for this machine.
    fileprivate static func client(threads: Int = 16, milliseconds: Int = 300_000) throws -> OutboundClient {
        var bounds = OutboundClient.Bounds()
        bounds.totalMilliseconds = milliseconds
        bounds.connectMilliseconds = milliseconds
        bounds.closingMilliseconds = 100
        bounds.threads = threads
        return OutboundClient(AddressGuard(opening: [try #require(AddressNetwork("127.0.0.0/8"))]), bounds: bounds)
    }

    private func send(_ path: String) async -> OutboundAnswer { await client.post(receiver.url(path)) }

    @Test func `a request arrives with its fields and its body`() async throws {
        let request = OutboundRequest(
            url: receiver.url("/ok"), fields: [OutboundRequest.Field("webhook-id", "msg_1")],
            body: Array(repeating: 0x61, count: 200_000))
        let answer = await withCheckedContinuation { continuation in
            client.post(request) { continuation.resume(returning: $0) }
        }
        #expect(answer.status == 204 && answer.outcome == .answered)
        let seen = try #require(receiver.requests.first)
        #expect(seen.body == request.body && seen.fields["webhook-id"] == "msg_1")
        #expect(seen.fields["expect"] == nil && seen.fields["cookie"] == nil && seen.fields["authorization"] == nil)
    }

    @Test func `an empty body is an empty body`() async {
        let answer = await client.post(receiver.url("/ok"), "")
        #expect(answer.status == 204, "\(answer)")
        #expect(receiver.requests.first?.body == [])
    }

    @Test func `a receiver that hangs or drips costs no more than the time there is`() async throws {
        let client = try Self.client(milliseconds: 700)
        for path in ["/hang", "/drip"] {
            let answer = await client.post(receiver.url(path))
            #expect(answer.outcome == .timedOut && answer.status == nil, "\(path)")
            #expect((600..<300_000).contains(answer.milliseconds), "\(path) took \(answer.milliseconds)")
        }
    }

    @Test func `of an answer without end the beginning is read`() async {
        let body = await send("/huge")
        #expect(body.status == 200 && body.outcome == .answered)
        #expect((1...(80 * 1_024)).contains(body.bytes), "\(body.bytes)")
        let fields = await send("/headers")
        #expect(fields.outcome == .answered || fields.outcome == .broken)
        #expect(fields.milliseconds < 300_000 && fields.bytes == 0)
    }

    @Test func `a redirect is an answer and is not followed`() async {
        #expect(await send("/redirect").status == 301)
        #expect(receiver.requests.map(\.path) == ["/redirect"])
    }

    @Test func `what is no answer has a name`() async throws {
        #expect(await send("/reset").outcome == .broken)
        #expect(await send("/garbage").outcome == .broken)
        let unencrypted = await client.post("https://127.0.0.1:\(receiver.port)/ok")
        #expect(unencrypted.outcome == .tlsFailed, "\(unencrypted)")
        #expect(await client.post("http://nothing.invalid/").outcome == .notResolved)
        let gone = try FaultyReceiver()
        gone.close()
        #expect(await client.post(gone.url("/ok")).outcome == .notConnected)
    }

    @Test func `every status is answered, and when to ask again is told`() async {
        for status in [200, 204, 400, 404, 410, 429, 500, 503] {
            let answer = await send("/status/\(status)")
            #expect(answer.status == status, "\(answer)")
        }
        let later = await send("/later")
        let now = Timestamp(milliseconds: 0)
        #expect(later.retryTime(from: now) == Timestamp(milliseconds: 120_000))
    }

    @Test(arguments: [
        ("0", 0), ("17", 17_000), ("999999999", 999_999_999_000), ("Thu, 01 Jan 1970 00:01:00 GMT", 60_000),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
    ])
    func `Retry-After is seconds or a date`(text: String, milliseconds: Int64) {
        let answer = OutboundAnswer(.answered, status: 503, retryAfter: text)
        #expect(answer.retryTime(from: Timestamp(milliseconds: 0)) == Timestamp(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "-1", "1.5", "9999999999", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "１２",
    ])
    func `any other Retry-After says nothing`(text: String) {
        let answer = OutboundAnswer(.answered, status: 503, retryAfter: text)
        #expect(answer.retryTime(from: Timestamp(milliseconds: 0)) == nil)
    }

    @Test func `connections are kept for the next request`() async {
        for _ in 0..<20 { #expect(await send("/ok").status == 204) }
        #expect(receiver.requests.count == 20 && receiver.connections <= 16)
    }

    @Test func `the environment names no proxy`() async {
        // In a process of its own: nobody else reads the environment meanwhile.
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            setenv("ALL_PROXY", "http://127.0.0.1:1", 1)
            let receiver = try FaultyReceiver()
            let client = try OutboundClientTests.client()
            let answer = await client.post(receiver.url("/ok"))
            exit(answer.status == 204 ? 0 : 1)
        }
    }

    @Test func `a receiver that hangs keeps one thread, and the others go on`() async throws {
        // Longer than the others can take, however busy the machine is.
        let narrow = try Self.client(threads: 2, milliseconds: 600_000)
        defer { narrow.close() }
        let hanging = Locked(0)
        narrow.post(OutboundRequest(url: receiver.url("/hang"), fields: [], body: [])) { _ in
            hanging.withLock { $0 += 1 }
        }
        for _ in 0..<20 { #expect(await narrow.post(receiver.url("/ok")).status == 204) }
        #expect(hanging.withLock { $0 } == 0)
    }

    @Test func `closing gives up what is under way and calls back for all`() async throws {
        let narrow = try Self.client(threads: 2)
        let outcomes = Locked<[OutboundAnswer.Outcome]>([])
        for _ in 0..<5 {
            narrow.post(OutboundRequest(url: receiver.url("/hang"), fields: [], body: [])) { answer in
                outcomes.withLock { $0.append(answer.outcome) }
            }
        }
        narrow.close()
        #expect(outcomes.withLock { $0.count } == 5)
        #expect(outcomes.withLock { $0.contains(.stopped) })
        #expect(await narrow.post(receiver.url("/ok")).outcome == .stopped)
    }
}
