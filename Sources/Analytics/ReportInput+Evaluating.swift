import EventModel
import SegmentEngine
import SegmentLanguage

extension ReportInput {
    /// Evaluates some definitions of a program for all profiles, whatever the members asked about: ranks need all.
    @concurrent
    func evaluate(_ program: Program, _ names: Set<Text>) async throws -> BatchResult {
        let plan = Plan(program.selecting(names), settings: settings)
        return try await BatchEvaluator(plan: plan, source: source, workers: workers).evaluate(
            at: now, BatchEvaluator.Request(definitions: names), progress: progress)
    }
}
