import EventModel
import EventStore
import SegmentLanguage
import TestSupport
import Testing

@testable import SegmentEngine

/// Every public vector passes; absent vectors are a skip, present ones that differ a failure.
@Suite(.enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)))
struct VectorTests {
    @Test(arguments: try Vectors.all())
    func `the engine gives what the vector expects`(vector: Vector) async throws {
        guard case .answers = vector.expectation else { return }
        let (program, diagnostics) = Binder.bind([Parser.parse(vector.definitions)], zone: vector.zone)
        #expect(diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        let source = MemoryHistorySource(messages: vector.messages, settings: vector.settings)
        let answers = try await EngineAnswers(
            Plan(program, settings: vector.settings), source, at: vector.now)
        #expect(vector.differences(segments: answers.segments, metrics: answers.metrics) == [])
    }
}
