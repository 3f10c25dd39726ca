import EventModel
import HTTPTypes
import Hummingbird
import Logging
import Membership
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Server

/// Says that something was written, and keeps it.
private struct Teller: ResponseBodyWriter {
    let written: AsyncStream<String>.Continuation

    mutating func write(_ buffer: ByteBuffer) async throws { written.yield(String(buffer: buffer)) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws { written.finish() }
}

struct StreamTests {
    @Test(.timeLimit(.minutes(2))) func `a stream of changes ends with the session that asked for it`() async throws {
        let served = try Served()
        served.definitions.put("segment buyers: did \"Order Completed\"")
        try await served.server.segments.load()
        let users = served.server.users
        let ann = try served.user("ann@shop.example", .viewer)
        let token = try users.sessions.begin(ann.id, isSecure: false)
        var fields = HTTPFields()
        fields[.cookie] = "shoal=\(token)"
        fields[.accept] = "text/event-stream"
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "shop.example", path: "/v1/segments/buyers/changes",
            headerFields: fields)
        let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
        let response = try await served.server.responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())), context: ServerContext(source: source))
        #expect(response.status == .ok)

        let (texts, written) = AsyncStream<String>.makeStream()
        let body = response.body
        async let whole: Void = body.write(Teller(written: written))
        func order(_ user: String) async throws {
            let message = #"{"event": "Order Completed", "userId": "\#(user)", "properties": {"order_id": "1"}}"#
            _ = try await served.post("/v1/track", message)
            try await served.server.segments.memberships.catchUp()
        }
        var told = ""
        var isRunning = false
        for await text in texts {
            told += text
            if isRunning { continue }
            // The stream runs: who comes from now on is told to nobody.
            isRunning = true
            let session = try #require(users.sessions.session(token, isSecure: false))
            try users.sessions.end(session)
            try await order("ada")
        }
        try await whole
        #expect(isRunning && !told.contains("ada"))
    }
}
