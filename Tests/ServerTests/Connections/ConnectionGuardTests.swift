import EventModel
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import Testing

@testable import Server

/// The guard of one connection, with a clock that stands still until it is moved.
struct ConnectionGuardTests {
    private let loop = EmbeddedEventLoop()
    private let channel: EmbeddedChannel
    private let metrics = ServerMetrics()

    init() throws { channel = try Self.channel(loop, metrics, ConnectionCounter(most: 10)) }

    private static func channel(
        _ loop: EmbeddedEventLoop, _ metrics: ServerMetrics, _ counter: ConnectionCounter
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ConnectionGuard(Deadlines(), counter, metrics), loop: loop)
        channel.allowRemoteHalfClosure = true
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 80)).wait()
        return channel
    }

    private func read(_ parts: HTTPRequestPart...) throws {
        for part in parts { channel.pipeline.fireChannelRead(part) }
        channel.pipeline.fireChannelReadComplete()
    }

    private func head(_ path: String = "/") -> HTTPRequestPart {
        .head(HTTPRequest(method: .post, scheme: "http", authority: "a", path: path))
    }

    private func answer(_ status: HTTPResponse.Status = .ok) throws {
        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: status)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    /// The statuses of what was written, and the codes of errors.
    private func written() throws -> [String] {
        var written: [String] = []
        while let part = try channel.readOutbound(as: HTTPResponsePart.self) {
            switch part {
            case .head(let head): written.append(String(head.status.code))
            case .body(let bytes):
                let json = try JSONReader.parse(Array(bytes.readableBytesView))
                written.append(json.object?["code"]?.text?.string ?? "")
            case .end: break
            }
        }
        return written
    }

    @Test func `a head that drips is cut off, without an answer`() throws {
        loop.advanceTime(by: .seconds(9))
        try read()
        loop.advanceTime(by: .milliseconds(999))
        #expect(channel.isActive)
        loop.advanceTime(by: .milliseconds(1))
        #expect(!channel.isActive)
        #expect(try written() == [])
        #expect(metrics.text([]).contains("shoal_connections_closed_total{waiting=\"head\"} 1\n"))
    }

    @Test func `a body that drips is answered with 408, and the connection closed`() throws {
        try read(head())
        for _ in 0..<29 {
            loop.advanceTime(by: .seconds(1))
            try read(.body(ByteBuffer(string: "x")))
        }
        #expect(try written() == [])
        loop.advanceTime(by: .seconds(1))
        #expect(try written() == ["408", "request-timeout"])
        // What the route would say now is too late.
        #expect(throws: ChannelError.self) { try answer() }
        #expect(try written() == [])
        loop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `a large body that comes at the rate has all the time it needs`() throws {
        try read(head())
        for _ in 0..<300 {
            loop.advanceTime(by: .seconds(1))
            try read(.body(ByteBuffer(repeating: 0, count: 1_100)))
        }
        try read(.end(nil))
        try answer()
        #expect(try written() == ["200"])
        #expect(channel.isActive)
    }

    @Test func `a route may take as long as it likes`() throws {
        try read(head(), .end(nil))
        loop.advanceTime(by: .hours(10))
        try answer()
        #expect(try written() == ["200"])
        loop.advanceTime(by: .seconds(74))
        #expect(channel.isActive)
        loop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `a body that was answered and goes on dripping is cut off without a second answer`() throws {
        try read(head())
        try answer(.tooManyRequests)
        #expect(try written() == ["429"])
        loop.advanceTime(by: .seconds(30))
        #expect(try written() == [])
        #expect(!channel.isActive)
    }

    @Test func `a body that was answered and does not end is read for a while only`() throws {
        try read(head())
        try answer(.contentTooLarge)
        for _ in 0..<Limits.bytesAfterAnswer.value / 1_024 {
            try read(.body(ByteBuffer(repeating: 0, count: 1_024)))
        }
        #expect(channel.isActive)
        try read(.body(ByteBuffer(repeating: 0, count: 1)))
        loop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(try written() == ["413"])
    }

    @Test func `a refusal waits until the requests before it are answered`() throws {
        try read(head(), .end(nil), head(), .end(nil))
        channel.pipeline.fireErrorCaught(HTTPParserError.headerOverflow)
        // What the reader says about the rest is no news.
        channel.pipeline.fireErrorCaught(HTTPParserError.invalidMethod)
        #expect(try written() == [])
        try answer()
        #expect(try written() == ["200"])
        try answer()
        #expect(try written() == ["200", "431", "head-too-large"])
    }

    @Test func `nothing of a request that was refused, or after it, reaches a route`() throws {
        try read(
            head("/" + String(repeating: "x", count: Limits.urlBytes.value)), .body(ByteBuffer(string: "x")), .end(nil))
        try read(head(), .end(nil))
        #expect(try channel.readInbound(as: HTTPRequestPart.self) == nil)
        #expect(try written() == ["414", "request-url-too-long"])
    }

    @Test func `a URL may have as many bytes as it may have`() throws {
        try read(head("/" + String(repeating: "x", count: Limits.urlBytes.value - 1)), .end(nil))
        #expect(try channel.readInbound(as: HTTPRequestPart.self) != nil)
        #expect(try written() == [])
    }

    @Test func `a body that is no HTTP is refused once`() throws {
        try read(head())
        channel.pipeline.fireErrorCaught(HTTPParserError.invalidChunkSize)
        #expect(try written() == ["400", "bad-request"])
        #expect(throws: ChannelError.self) { try answer(.badRequest) }
        #expect(try written() == [])
    }

    @Test func `connections beyond those there may be are told so, and count until they are closed`() throws {
        let counter = ConnectionCounter(most: 1)
        let first = try Self.channel(loop, metrics, counter)
        let second = try Self.channel(loop, metrics, counter)
        second.pipeline.fireChannelRead(head())
        guard case .head(let answer)? = try second.readOutbound(as: HTTPResponsePart.self) else {
            Issue.record("nothing was said")
            return
        }
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.headerFields[.retryAfter] == "1")
        try first.close().wait()
        loop.advanceTime(by: .seconds(1))
        #expect(counter.count == 0)
    }
}
