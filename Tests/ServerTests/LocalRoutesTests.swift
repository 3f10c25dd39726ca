import EventModel
import EventStore
import Foundation
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@testable import Server

/// What the process that serves a data directory does for commands on the same machine.
@Suite struct LocalRoutesTests {
    /// Answers what it is asked, after some steps.
    private struct Echo: LocalWork {
        struct Refusal: Error {}

        let names = ["echo"]
        let reached = SharedNumber(0)

        func perform(
            _ name: String, _ arguments: JSONObject, _ records: ServiceRecords, progress: LocalProgress
        ) async throws -> [UInt8] {
            let steps = arguments["steps"]?.decimal?.asInt() ?? 0
            for step in 0..<steps {
                try progress.report(done: step, total: steps)
                reached.set(step)
                try await Task.sleep(for: .milliseconds(2))
            }
            if arguments["refuse"] != nil { throw Refusal() }
            return JSONWriter.bytes(of: .object(arguments)) + [0x0A]
        }

        func imported() async throws {}

        func failure(of error: any Error) -> JSONValue { ["code": "refused", "message": "no", "status": 65] }
    }

    /// A server on a port of its own.
    private func serving<Value>(
        _ work: Echo, _ body: (String, ServingFile) async throws -> Value
    ) async throws -> Value {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        defer { try? store.close() }
        var options = ShoalServer.Options()
        options.port = 0
        let server = try ShoalServer(
            store, definitions: DefinitionTexts(), options: options, secrets: .ofTests, work: work)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let running = Task { try await server.run { continuation.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        _ = await iterator.next()
        let file = try #require(ServingFile(in: directory.path))
        let result: Result<Value, any Error>
        do { result = .success(try await body(directory.path, file)) } catch { result = .failure(error) }
        running.cancel()
        _ = try? await running.value
        #expect(ServingFile(in: directory.path) == nil, "the file goes with the server")
        return try result.get()
    }

    @Test func `a command is told how far the work is, and gets the result byte by byte`() async throws {
        try await serving(Echo()) { path, file in
            let attributes = try FileManager.default.attributesOfItem(atPath: path + "/serving.json")
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(file.process == getpid())
            let told = SharedNumber(0)
            let progress = LocalProgress { done, _ in told.set(done) }
            let text = Text(String(repeating: "é\n", count: 50_000))
            let arguments = JSONObject([("steps", 20), ("text", .string(text))])
            let answer = try await LocalClient(file).perform("echo", arguments, progress: progress)
            #expect(try JSONReader.parse(answer).object?["text"]?.text == text)
            #expect(told.value > 0)
        }
    }

    @Test func `what goes wrong comes back in its own words`() async throws {
        try await serving(Echo()) { _, file in
            let progress = LocalProgress { _, _ in }
            let failure = await #expect(throws: LocalFailure.self) {
                _ = try await LocalClient(file).perform("echo", JSONObject([("refuse", true)]), progress: progress)
            }
            #expect(failure?.json.object?["code"] == "refused")
            let unknown = await #expect(throws: LocalFailure.self) {
                _ = try await LocalClient(file).perform("other", JSONObject(), progress: progress)
            }
            #expect(unknown?.json.object?["code"] == "not-found")
            var stranger = file
            stranger.token = String(file.token.reversed())
            let refused = await #expect(throws: LocalFailure.self) {
                _ = try await LocalClient(stranger).perform("echo", JSONObject(), progress: progress)
            }
            #expect(refused?.json.object?["code"] == "invalid-token")
            var gone = file
            gone.port = 1
            let failed = await #expect(throws: ServiceError.self) {
                _ = try await LocalClient(gone).perform("echo", JSONObject(), progress: progress)
            }
            #expect(failed?.code == "server-not-reached")
        }
    }

    @Test func `work that nobody waits for is broken off`() async throws {
        let echo = Echo()
        try await serving(echo) { _, file in
            let count = SharedNumber(0)
            let progress = LocalProgress(isCancelled: { count.value > 3 }, tell: { _, _ in count.add(1) })
            await #expect(throws: CancellationError.self) {
                _ = try await LocalClient(file).perform("echo", JSONObject([("steps", 5_000)]), progress: progress)
            }
            try await Task.sleep(for: .milliseconds(300))
            let reached = echo.reached.value
            try await Task.sleep(for: .milliseconds(200))
            #expect(echo.reached.value == reached)
            #expect(reached < 4_999)
        }
    }

    @Test func `no other key opens the local routes, and nobody is told of them`() async throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        let server = try ShoalServer(
            store, definitions: DefinitionTexts(), options: ShoalServer.Options(), secrets: .ofTests, work: Echo())
        let served = try Served(store, server, in: directory)
        let secret = server.firstKeys?.secret ?? ""
        for header in ["Bearer \(secret)", "Bearer ", "Basic \(server.localToken)", server.localToken] {
            let answer = try await served.send(.post, "/local/v1/echo", Array("{}".utf8), ["Authorization": header])
            #expect(answer.status == 401)
            #expect(answer.code == "invalid-token")
        }
        let answer = try await served.send(
            .post, "/local/v1/echo", Array("{}".utf8), ["Authorization": "Bearer \(server.localToken)"])
        #expect(answer.status == 200)
        let document = try await served.send(.get, "/openapi.json")
        #expect(!JSONWriter.text(of: document.json).contains("/local/"))
    }
}

/// A number that closures share.
private final class SharedNumber: Sendable {
    private let number: Locked<Int>

    init(_ value: Int) { number = Locked(value) }

    var value: Int { number.withLock { $0 } }
    func set(_ value: Int) { number.withLock { $0 = value } }
    func add(_ more: Int) { number.withLock { $0 += more } }
}
