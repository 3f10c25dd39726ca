import EventModel
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing

/// Every public vector passes; absent vectors are a skip, present ones that differ a failure.
@Suite(.enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)))
struct VectorTests {
    @Test func `there are vectors`() throws {
        #expect(try Vectors.all().count >= 70)
    }

    @Test(arguments: try Vectors.all())
    func `the reference evaluator gives what the vector expects`(vector: Vector) {
        let file = Parser.parse(vector.definitions)
        let (program, diagnostics) = Binder.bind([file], zone: vector.zone)
        let errors = diagnostics.filter { $0.severity == .error }
        if case .error(let line) = vector.expectation {
            #expect(errors.contains { $0.range.start.line == line }, "no error on line \(line)")
            return
        }
        #expect(errors.isEmpty, "\(errors.map(\.message))")
        let evaluator = ReferenceEvaluator(program: program, settings: vector.settings, messages: vector.messages)
        let differences = vector.differences(
            segments: evaluator.segments(at: vector.now),
            metrics: evaluator.metrics(at: vector.now).mapValues { $0.mapValues(\.json) })
        #expect(differences == [])
    }
}
