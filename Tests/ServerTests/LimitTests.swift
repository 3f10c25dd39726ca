import Dispatch
import EventModel
import EventStore
import HTTPTypes
import TestSupport
import Testing

@testable import Server

/// Rows of the table of limits that no other test looks at.
struct LimitTests {
    @Test func `what is usual is what the table says`() {
        let options = ShoalServer.Options()
        #expect(options.connections == Limits.connections.value)
        #expect(options.rates.eventsPerKey == Limits.eventsPerKey.value)
        #expect(options.rates.eventsPerAddress == Limits.eventsPerAddress.value)
        #expect(options.rates.requestsPerKey == Limits.requestsPerKey.value)
        #expect(options.deadlines.answer == .seconds(Limits.answerSeconds.value))
        #expect(options.deadlines.bytesPerSecond == Limits.bytesPerSecond.value)
        #expect(IngestQueue.Limit().messages == Limits.queuedMessages.value)
        #expect(IngestQueue.Limit().bytes == Limits.queuedBytes.value)
    }

    @Test func `a batch may have as many messages as it may have`() async throws {
        let served = try Served()
        func batch(_ count: Int) -> String {
            #"{"batch":["# + Array(repeating: "0", count: count).joined(separator: ",") + "]}"
        }
        let most = try await served.post("/v1/batch", batch(Limits.batchMessages.value))
        #expect(most["rejected"]?.elements?.count == Limits.batchMessages.value)
        let more = try await served.post("/v1/batch", batch(Limits.batchMessages.value + 1))
        #expect(more.status == 413)
        #expect(more.code == "batch-too-large")
    }

    @Test func `what waits for the disk is bounded, and the rest is told to come again`() async throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, clock: SystemClock())
        defer { try? store.close() }
        let database = try ServiceDatabase(in: directory.path)
        defer { try? database.close() }
        let gate = DispatchSemaphore(value: 0)
        let (writing, isWriting) = AsyncStream.makeStream(of: Void.self)
        var limit = IngestQueue.Limit()
        limit.messages = 1
        let queue = IngestQueue(store, RejectLog(database), ServerMetrics(), limit: limit) {
            isWriting.yield()
            gate.wait()
        }
        func job(_ id: Int) throws -> IngestQueue.Job {
            let body = Array(#"{"type":"track","event":"E","userId":"u","messageId":"\#(id)"}"#.utf8)
            let object = try #require(try JSONReader.parse(body).object)
            let message = try MessageDecoder(settings: store.settings, options: .network).decode(
                object, original: body, receivedAt: Served.now)
            return IngestQueue.Job(source: "web", messages: [message], refused: [])
        }
        let (first, second, third) = (try job(1), try job(2), try job(3))
        let written = Task { try await queue.append(first) }
        for await _ in writing { break }
        let waiting = Task { try await queue.append(second) }
        while queue.depth == 0 { await Task.yield() }
        let refusal = await #expect(throws: APIError.self) { _ = try await queue.append(third) }
        #expect(refusal?.status == .serviceUnavailable)
        #expect(refusal?.code == "queue-full")
        #expect(refusal?.retryAfter == 1)
        for _ in 0..<2 { gate.signal() }
        #expect(try await written.value == [.accepted])
        #expect(try await waiting.value == [.accepted])
        queue.close()
    }
}
