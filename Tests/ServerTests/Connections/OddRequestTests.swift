import EventModel
import Foundation
import TestSupport
import Testing

@testable import Server

/// What is no request, or too large for one, over real connections.
@Suite(.serialized)
struct OddRequestTests {
    private static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    private static func fields(_ count: Int, of bytes: Int = 1) -> String {
        (0..<count).map { "X-\($0): \(String(repeating: "x", count: bytes))\r\n" }.joined()
    }

    static let odd: [(name: String, request: String, status: Int, code: String)] = [
        ("a URL of more than 8 KiB", get("/?" + String(repeating: "x", count: 8 * 1024)), 414, "request-url-too-long"),
        (
            "a hundred thousand parameters", get("/health?" + String(repeating: "a=1&", count: 100_000)), 431,
            "head-too-large"
        ),
        ("too many fields", get("/health", fields(Limits.headFields.value)), 431, "head-too-large"),
        (
            "a field that is too large", get("/health", fields(1, of: Limits.headFieldBytes.value + 1)), 431,
            "head-too-large"
        ),
        (
            "fields that are too large together", get("/health", fields(64, of: Limits.headBytes.value / 64)), 431,
            "head-too-large"
        ),
        ("no HTTP", "hello\r\n\r\n", 400, "bad-request"),
        ("another version", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 400, "bad-request"),
        ("a field without a colon", get("/health", "nonsense\r\n"), 400, "bad-request"),
        ("two lengths", get("/health", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400, "bad-request"),
        ("a length that is none", get("/health", "Content-Length: x\r\n"), 400, "bad-request"),
        (
            "a chunk without a size", "POST /v1/track HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            400, "bad-request"
        ),
    ]

    @Test(arguments: odd.map(\.name))
    func `what is no request is answered once, in the shape of all errors, and the connection closed`(
        name: String
    ) async throws {
        let odd = try #require(Self.odd.first { $0.name == name })
        try await Listening.with { server in
            let connection = try RawConnection(server.port)
            await connection.send(odd.request)
            let (text, isClosed) = await connection.receive()
            #expect(isClosed)
            #expect(text.hasPrefix("HTTP/1.1 \(odd.status) "))
            #expect(text.components(separatedBy: "HTTP/1.1 ").count == 2)
            let json = try JSONReader.parse(String(try #require(text.components(separatedBy: "\r\n\r\n").last)))
            #expect(json.object?["code"]?.text?.string == odd.code)
            #expect(json.object?["status"] == .number(Decimal128(odd.status)))
            // The server goes on.
            let next = try RawConnection(server.port)
            await next.send(Self.get("/health", "Connection: close\r\n"))
            #expect(await next.receive().text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `as many fields and bytes as there may be are taken`() async throws {
        try await Listening.with { server in
            let connection = try RawConnection(server.port)
            let path = "/health?" + String(repeating: "a=1&", count: 2_000)
            // With Host and Connection as many as there may be.
            let fields = Self.fields(Limits.headFields.value - 2, of: 500)
            await connection.send(Self.get(path, fields + "Connection: close\r\n"))
            #expect(await connection.receive().text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a field may have as many bytes as it may have`() async throws {
        try await Listening.with { server in
            let connection = try RawConnection(server.port)
            let field = Self.fields(1, of: Limits.headFieldBytes.value)
            await connection.send(Self.get("/health", field + "Connection: close\r\n"))
            #expect(await connection.receive().text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `ten thousand requests at once are answered one after the other`() async throws {
        try await Listening.with { server in
            let connection = try RawConnection(server.port)
            let sending = Task {
                let most = String(repeating: Self.get("/health"), count: 9_999)
                return await connection.send(most + Self.get("/health", "Connection: close\r\n"))
            }
            let (text, isClosed) = await connection.receive()
            #expect(await sending.value)
            #expect(isClosed)
            #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 10_001)
        }
    }

    @Test func `beyond the connections there may be, clients are told so`() async throws {
        try await Listening.with(connections: 2) { server in
            var open: [RawConnection] = []
            for _ in 0..<2 {
                let connection = try RawConnection(server.port)
                await connection.send(Self.get("/health"))
                #expect(await connection.receive { $0.hasSuffix("}") }.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
                open.append(connection)
            }
            for _ in 0..<10 {
                let connection = try RawConnection(server.port)
                await connection.send(Self.get("/health"))
                let (text, isClosed) = await connection.receive()
                #expect(isClosed)
                #expect(text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
                #expect(text.lowercased().contains("\r\nretry-after: 1\r\n"))
                #expect(text.contains("\"code\":\"too-many-connections\""))
            }
            // Past the spare ones they wait until others are closed.
            let spare = try (0..<Limits.spareConnections.value + 8).map { _ in try RawConnection(server.port) }
            for connection in spare { await connection.send(Self.get("/health")) }
            for connection in spare { #expect(await connection.receive().text.hasPrefix("HTTP/1.1 503 ")) }
            // Those that were there are served as before.
            await open[0].send(Self.get("/health", "Connection: close\r\n"))
            #expect(await open[0].receive().text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }
}
