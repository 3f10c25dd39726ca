import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A connection whose every byte the test decides.
package final class RawConnection: Sendable {
    private let descriptor: Int32

    package struct NotConnected: Error {}

    /// - Parameter receiveBytes: the size of the buffer for what comes; nil: the system's.
    package init(_ port: Int, receiveBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var receiveBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        // A test that waits in vain ends all the same.
        var patience = timeval(tv_sec: 900, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw NotConnected() }
    }

    deinit { Glibc.close(descriptor) }

    /// - Returns: false when the other end has closed the connection.
    @discardableResult
    package func send(_ text: String) async -> Bool {
        await onThread {
            let bytes = Array(text.utf8)
            var offset = 0
            while offset < bytes.count {
                let count = bytes[offset...].withUnsafeBytes {
                    Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }

    /// Everything that comes until the other end closes the connection, or nothing more may be wanted.
    package func receive(until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }) async -> (
        text: String, isClosed: Bool
    ) {
        await onThread {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = recv(self.descriptor, &buffer, buffer.count, 0)
                if count <= 0 {
                    let isClosed = count == 0 || errno == ECONNRESET
                    return (String(decoding: bytes, as: UTF8.self), isClosed)
                }
                bytes.append(contentsOf: buffer[..<count])
                let text = String(decoding: bytes.suffix(1 << 16), as: UTF8.self)
                if isEnough(text) { return (String(decoding: bytes, as: UTF8.self), false) }
            }
        }
    }

    /// Sends a text a byte at a time, until it is sent or the other end closes the connection.
    package func drip(_ text: String, everyMilliseconds pause: Int) -> Task<Void, Never> {
        Task {
            for character in text {
                guard await send(String(character)) else { return }
                try? await Task.sleep(for: .milliseconds(pause))
                if Task.isCancelled { return }
            }
        }
    }

    /// On a thread of its own: calls that block would hold those of a pool, on which the server runs too.
    private func onThread<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer) async -> Answer {
        await withCheckedContinuation { answer in
            Thread.detachNewThread { answer.resume(returning: body()) }
        }
    }
}
