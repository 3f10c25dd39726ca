import EventModel
import EventStore
import Foundation
import TestSupport

@testable import Server

/// A server that listens on a port of this machine while a test asks it.
struct Listening: Sendable {
    let port: Int
    let keys: ShoalServer.FirstKeys

    var basic: String { "Basic " + base64("\(keys.write):") }

    static func with<Answer: Sendable>(
        _ deadlines: Deadlines = .patient, connections: Int? = nil, _ body: (Listening) async throws -> Answer
    ) async throws -> Answer {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, clock: SystemClock())
        defer { try? store.close() }
        try store.update { $0.zone = .utc }
        var options = ShoalServer.Options()
        options.port = 0
        options.deadlines = deadlines
        options.connections = connections ?? options.connections
        let server = try ShoalServer(store, definitions: DefinitionTexts(), options: options, secrets: .ofTests)
        guard let keys = server.firstKeys else { throw EventStoreError.closed }
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let running = Task {
            defer { listening.finish() }
            try await server.run { listening.yield($0) }
        }
        var answer: Result<Answer, any Error> = .failure(CancellationError())
        for await port in ports {
            do { answer = .success(try await body(Listening(port: port, keys: keys))) } catch {
                answer = .failure(error)
            }
            break
        }
        running.cancel()
        _ = await running.result
        return try answer.get()
    }
}

extension Deadlines {
    /// For tests that are not about time: the machine may be busy with others for minutes.
    static let patient: Deadlines = {
        var deadlines = Deadlines()
        (deadlines.head, deadlines.body) = (.seconds(3_600), .seconds(3_600))
        (deadlines.answer, deadlines.idle) = (.seconds(3_600), .seconds(3_600))
        return deadlines
    }()
}
