import EventModel
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// An HTTP server on this machine that misbehaves as the path of a request says, and writes down what it saw.
///
/// `/ok` 204, `/status/N` N, `/flaky` 500 and from then on 200, `/later` 503 with `Retry-After: 120`, `/gone` 410,
/// `/redirect` 301 to `/ok`, `/hang` never an answer, `/drip` an answer byte by byte, `/huge` an answer without end,
/// `/headers` fields without end, `/garbage` no HTTP, `/reset` a reset in place of an answer.
package final class FaultyReceiver: Sendable {
    package struct Request: Hashable, Sendable {
        package var path: String
        /// By name in small letters.
        package var fields: [String: String]
        package var body: [UInt8]
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var isClosed = false
        var open: Set<Int32> = []
    }

    package let port: Int
    private let listener: Int32
    private let state = Locked(State())

    package struct NotListening: Error {}

    /// - Parameter everywhere: on all addresses of the machine, else on 127.0.0.1.
    package init(everywhere: Bool = false) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = everywhere ? 0 : UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isBound else { throw NotListening() }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            // Closed by the thread that waits on it: the number could else be another's before it has noticed.
            defer { Glibc.close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self else { return }
                self.state.withLock { state in
                    state.connections += 1
                    state.open.insert(connection)
                }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    deinit { close() }

    /// Ends every connection, and listens no more.
    package func close() {
        state.withLock { state in
            if state.isClosed { return }
            state.isClosed = true
            // Under the lock: what stands in the set is not closed yet.
            for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
        }
    }

    package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }
    package var requests: [Request] { state.withLock { $0.requests } }
    package var connections: Int { state.withLock { $0.connections } }

    package func requests(_ path: String) -> [Request] { requests.filter { $0.path == path } }

    // MARK: - On a thread of each connection

    private func serve(_ connection: Int32) {
        defer {
            state.withLock { _ = $0.open.remove(connection) }
            Glibc.close(connection)
        }
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer) {
            let count = state.withLock { state in
                state.requests.append(request)
                return state.requests.count { $0.path == request.path }
            }
            guard answer(request, count, connection) else { return }
        }
    }

    /// - Returns: whether the connection can take another request.
    private func answer(_ request: Request, _ count: Int, _ connection: Int32) -> Bool {
        func send(_ text: String) -> Bool { write(connection, Array(text.utf8)) }
        switch request.path {
        case "/ok": return send("HTTP/1.1 204 No Content\r\n\r\n")
        case "/flaky": return send("HTTP/1.1 \(count == 1 ? 500 : 200) x\r\nContent-Length: 2\r\n\r\nhi")
        case "/later": return send("HTTP/1.1 503 x\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n")
        case "/gone": return send("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
        case "/redirect":
            return send("HTTP/1.1 301 x\r\nLocation: \(url("/ok"))\r\nContent-Length: 0\r\n\r\n")
        case "/hang":
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
        case "/drip":
            for byte in "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".utf8 {
                guard write(connection, [byte]) else { return false }
                usleep(50_000)
            }
            while write(connection, [0x78]) { usleep(50_000) }
        case "/huge":
            guard send("HTTP/1.1 200 OK\r\n\r\n") else { return false }
            while write(connection, [UInt8](repeating: 0x78, count: 65_536)) {}
        case "/headers":
            guard send("HTTP/1.1 200 OK\r\n") else { return false }
            while send("X-\(Int.random(in: 0..<1_000_000)): \(String(repeating: "x", count: 1_000))\r\n") {}
        case "/garbage": _ = send("SSH-2.0-nothing\r\n")
        case "/reset":
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        default:
            let status = request.path.split(separator: "/").last.flatMap { Int($0) } ?? 404
            return send("HTTP/1.1 \(status) x\r\nContent-Length: 0\r\n\r\n")
        }
        return false
    }

    private func write(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// One request with its body; nil when the connection ends before it does.
    private func read(_ connection: Int32, _ buffer: inout [UInt8]) -> Request? {
        func more() -> Bool {
            var piece = [UInt8](repeating: 0, count: 16_384)
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return false }
            buffer += piece[..<count]
            return true
        }
        let separator = Array("\r\n\r\n".utf8)
        var end = buffer.firstRange(of: separator)
        while end == nil {
            guard more() else { return nil }
            // The beginning of a TLS handshake, which is not spoken here.
            if buffer.first == 0x16 {
                _ = write(connection, Array("HTTP/1.1 400 x\r\n\r\n".utf8))
                return nil
            }
            end = buffer.firstRange(of: separator)
        }
        guard let end else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < end.upperBound + length { guard more() else { return nil } }
        let body = Array(buffer[end.upperBound..<(end.upperBound + length)])
        buffer.removeFirst(end.upperBound + length)
        return words.count > 1 ? Request(path: String(words[1]), fields: fields, body: body) : nil
    }
}
