import EventModel
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// `POST /local/v1/…`: what commands on the same machine ask of the process that serves their data directory.
///
/// Only the token of `serving.json` opens them. The answer is lines of JSON while the work goes on, `{"done": n, "total": n}`;
/// then either `{"error": …}`, or `{"result": n}` and as many bytes.
struct LocalRoutes: Sendable {
    let work: any LocalWork
    let records: ServiceRecords
    let token: String

    func add(to routes: inout Routes) {
        for name in work.names {
            routes.local("/local/v1/\(name)") { request, _ in
                try authorize(request)
                let body = try await RequestBody.read(request, limit: Limits.batchBytes.value)
                guard let arguments = try? JSONReader.parse(body).object else {
                    throw APIError(.badRequest, "invalid-json", "The body is no JSON object.")
                }
                return answer(name, arguments)
            }
        }
    }

    private func authorize(_ request: Request) throws(APIError) {
        let given = request.headers[.authorization].map { Array($0.utf8) } ?? []
        let expected = Array("Bearer \(token)".utf8)
        // Every byte is looked at, so that the time it takes says nothing of the token.
        var difference = given.count ^ expected.count
        for index in expected.indices {
            difference |= Int(expected[index] ^ (index < given.count ? given[index] : 0))
        }
        guard difference == 0 else {
            throw APIError(
                .unauthorized, "invalid-token",
                "Only commands on the same data directory may ask this; their token is in its serving.json.")
        }
    }

    private func answer(_ name: String, _ arguments: JSONObject) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/x-ndjson"
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                let (lines, continuation) = AsyncStream.makeStream(
                    of: JSONValue.self, bufferingPolicy: .bufferingNewest(1))
                let isAbandoned = Flag()
                let progress = LocalProgress(
                    isCancelled: { isAbandoned.isSet },
                    tell: { done, total in
                        continuation.yield([
                            "done": .number(Decimal128(done)), "total": .number(Decimal128(total)),
                        ])
                    })
                let task = Task { [work, records] in
                    defer { continuation.finish() }
                    return try await work.perform(name, arguments, records, progress: progress)
                }
                do {
                    for await line in lines { try await writer.write(Self.line(line)) }
                } catch {
                    // The command is gone: what can be broken off is, and the rest comes to its end.
                    isAbandoned.set()
                    _ = try? await task.value
                    throw error
                }
                do {
                    let result = try await task.value
                    try await writer.write(Self.line(["result": .number(Decimal128(result.count))]))
                    try await writer.write(ByteBuffer(bytes: result))
                } catch {
                    try await writer.write(Self.line(["error": work.failure(of: error)]))
                }
                try await writer.finish(nil)
            })
    }

    private static func line(_ json: JSONValue) -> ByteBuffer {
        ByteBuffer(bytes: JSONWriter.bytes(of: json) + [0x0A])
    }
}

/// Something that happens once, told across threads.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
