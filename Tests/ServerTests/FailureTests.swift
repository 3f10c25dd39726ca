import EventModel
import EventStore
import GRDB
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@testable import Server

/// What the server does when the disk refuses.
struct FailureTests {
    private static func entry(_ bytes: Int) -> RejectLog.Entry {
        RejectLog.Entry(
            received: Served.now, source: "web", code: "missing-id", message: "",
            body: Array(repeating: 0x78, count: bytes))
    }

    @Test func `a full disk under the reject log is said as a full disk, and heals`() throws {
        let directory = try TemporaryDirectory()
        let failures = Locked(0)
        let database = try ServiceDatabase(in: directory.path) { _ in failures.withLock { $0 += 1 } }
        let rejects = RejectLog(database)
        // No page more than there are.
        try database.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        let error = #expect(throws: EventStoreError.self) {
            try rejects.append((0..<20).map { _ in Self.entry(4_000) })
        }
        #expect(error?.code == "disk-full")
        let answer = APIError(try #require(error))
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.code == "disk-full")
        #expect(answer.retryAfter != nil)
        try database.write { try $0.execute(sql: "PRAGMA max_page_count = 1000") }
        try rejects.append([Self.entry(10)])
        #expect(try rejects.entries(after: 0, limit: 10).count == 1)
        #expect(failures.withLock { $0 } == 0)
        try database.close()
    }

    @Test func `after a failure that leaves the disk in doubt nothing more is written, and the server is told`() throws
    {
        let directory = try TemporaryDirectory()
        let told = Locked<[EventStoreError]>([])
        let database = try ServiceDatabase(in: directory.path) { error in
            told.withLock { $0.append(error) }
        }
        for _ in 0..<2 {
            #expect(throws: EventStoreError.self) {
                try database.write { _ in throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
            }
        }
        let later = #expect(throws: EventStoreError.self) { try RejectLog(database).append([Self.entry(10)]) }
        #expect(later?.code == "store-stopped")
        #expect(told.withLock { $0.map(\.code) } == ["store-stopped"])
        try database.close()
    }

    @Test func `a reported failure ends the wait, and so does the end of the task`() async throws {
        let watch = FailureWatch()
        let waiting = Task { try await watch.wait() }
        watch.report(.stopped(cause: "the disk failed"))
        watch.report(.closed)
        let result = await waiting.result
        #expect(throws: EventStoreError.stopped(cause: "the disk failed")) { try result.get() }
        #expect(throws: EventStoreError.stopped(cause: "the disk failed")) { try watch.check() }
        let idle = FailureWatch()
        try idle.check()
        let cancelled = Task { try await idle.wait() }
        cancelled.cancel()
        try await cancelled.value
    }
}
