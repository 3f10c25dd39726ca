package import EventModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks the process that serves a data directory to do something.
package struct LocalClient: Sendable {
    private let server: ServingFile

    package init(_ server: ServingFile) { self.server = server }

    /// - Throws: `LocalFailure` with the server's own words; `ServiceError.notReached` when it does not answer.
    package func perform(_ name: String, _ arguments: JSONObject, progress: LocalProgress) async throws -> [UInt8] {
        do {
            return try await ask(name, JSONWriter.bytes(of: .object(arguments)), progress)
        } catch let error as any Error & LocalAnswer {
            throw error
        } catch {
            throw ServiceError.notReached(host: server.address, port: server.port, detail: "\(error)")
        }
    }

    private func ask(_ name: String, _ body: [UInt8], _ progress: LocalProgress) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: server.address, port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/local/v1/\(name)",
            headers: [
                "Host": "\(server.host):\(server.port)", "Authorization": "Bearer \(server.token)",
                "Content-Type": "application/json", "Content-Length": "\(body.count)", "Connection": "close",
            ])
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(.head(head))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
            try await outbound.write(.end(nil))
            var answer = LocalAnswerReader()
            for try await part in inbound {
                switch part {
                case .head(let head): answer.status = Int(head.status.code)
                case .body(let buffer): try answer.take(buffer.readableBytesView, progress)
                case .end: return try answer.finish()
                }
            }
            return try answer.finish()
        }
    }
}

/// Errors that are an answer, and no failure to get one.
private protocol LocalAnswer {}
extension LocalFailure: LocalAnswer {}
extension CancellationError: LocalAnswer {}

/// Takes the answer of `LocalRoutes` apart as it comes.
struct LocalAnswerReader {
    var status = 200
    private var bytes: [UInt8] = []
    /// How long the result is, once that is known.
    private var resultCount: Int?

    mutating func take(_ more: some Sequence<UInt8>, _ progress: LocalProgress) throws {
        bytes.append(contentsOf: more)
        guard status == 200 else { return }
        while resultCount == nil, let end = bytes.firstIndex(of: 0x0A) {
            let line = try JSONReader.parse(Array(bytes[..<end]))
            bytes.removeFirst(end + 1)
            if let error = line.object?["error"] { throw LocalFailure(json: error) }
            if let count = line.object?["result"]?.decimal?.asInt() {
                resultCount = count
            } else if let done = line.object?["done"]?.decimal?.asInt(),
                let total = line.object?["total"]?.decimal?.asInt()
            {
                try progress.report(done: done, total: total)
            }
        }
    }

    /// The result, when all of it is there.
    func finish() throws -> [UInt8] {
        if status != 200, let json = try? JSONReader.parse(bytes) { throw LocalFailure(json: json) }
        guard status == 200, let resultCount, resultCount == bytes.count else {
            throw ChannelError.eof
        }
        return bytes
    }
}
