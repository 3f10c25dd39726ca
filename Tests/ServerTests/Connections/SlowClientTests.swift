import Foundation
import TestSupport
import Testing

@testable import Server

/// Clients that are slow on purpose, over real connections. What is asserted is that they are cut off, not how soon.
@Suite(.serialized)
struct SlowClientTests {
    private static let short: Deadlines = {
        var deadlines = Deadlines()
        (deadlines.head, deadlines.body) = (.milliseconds(300), .milliseconds(300))
        (deadlines.answer, deadlines.idle) = (.milliseconds(300), .milliseconds(300))
        return deadlines
    }()

    private static let request = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `a client that drips a head is cut off`() async throws {
        try await Listening.with(Self.short) { server in
            let connection = try RawConnection(server.port)
            let drip = connection.drip(
                "GET /health HTTP/1.1\r\nX: " + String(repeating: "x", count: 10_000), everyMilliseconds: 20)
            let (text, isClosed) = await connection.receive()
            #expect(isClosed)
            #expect(text == "")
            drip.cancel()
            await drip.value
        }
    }

    @Test func `a client that drips a body is told so and cut off`() async throws {
        try await Listening.with(Self.short) { server in
            let connection = try RawConnection(server.port)
            await connection.send(
                "POST /v1/track HTTP/1.1\r\nHost: a\r\nAuthorization: \(server.basic)\r\nContent-Length: 10000\r\n\r\n")
            let drip = connection.drip(String(repeating: " ", count: 10_000), everyMilliseconds: 20)
            let (text, isClosed) = await connection.receive()
            #expect(isClosed)
            #expect(text.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(text.contains("\"code\":\"request-timeout\""))
            drip.cancel()
            await drip.value
        }
    }

    @Test func `a connection on which nothing comes is closed, before its first request and after it`() async throws {
        try await Listening.with(Self.short) { server in
            let silent = try RawConnection(server.port)
            #expect(await silent.receive() == ("", true))
            let connection = try RawConnection(server.port)
            await connection.send(Self.request)
            let (text, isClosed) = await connection.receive()
            #expect(isClosed)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a client that does not read its answers is cut off`() async throws {
        try await Listening.with(Self.short) { server in
            let connection = try RawConnection(server.port, receiveBytes: 4_096)
            let requests = String(repeating: "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n", count: 2_000)
            // Returns when the server closes the connection, since it reads no more than it has answered.
            let sent = await connection.send(requests)
            if sent { while await connection.send("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n") {} }
            let (text, isClosed) = await connection.receive()
            #expect(isClosed)
            #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count <= 2_000)
        }
    }

    @Test func `hundreds of clients that drip do not stop one that does not`() async throws {
        var deadlines = Deadlines.patient
        deadlines.head = .seconds(2)
        try await Listening.with(deadlines) { server in
            let healthy = try RawConnection(server.port)
            await healthy.send(Self.request)
            #expect(await healthy.receive { $0.hasSuffix("}") }.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            let slow = try (0..<300).map { _ in try RawConnection(server.port) }
            for connection in slow { await connection.send("GET /health HTTP/1.1\r\nX: ") }
            for _ in 0..<20 {
                for connection in slow.prefix(30) { await connection.send("x") }
                await healthy.send(Self.request)
                let (text, isClosed) = await healthy.receive { $0.hasSuffix("}") }
                #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && !isClosed)
            }
            for connection in slow { #expect(await connection.receive() == ("", true)) }
            await healthy.send(Self.request)
            #expect(await healthy.receive { $0.hasSuffix("}") }.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }
}
