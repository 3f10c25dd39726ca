import Analytics
import Columns
import EventModel
import SegmentEngine
import SegmentLanguage

extension Workspace {
    /// Answers a report, and shows how far it is.
    func answer<Answer: Sendable>(
        at asOf: Timestamp, among segment: String?, _ console: Console,
        _ ask: @Sendable (ReportInput) async throws -> Answer
    ) async throws -> Answer {
        let members = try await members(of: segment, at: asOf, console)
        let printer = ProgressPrinter("counting", unit: nil, on: console.notes, clock: Shoal.clock)
        defer { printer.clear() }
        return try await ask(
            ReportInput(snapshot, at: asOf, among: members, workers: Shoal.workers) { share in
                printer.show(done: Int(share * 100), fraction: share)
            })
    }

    private func members(of segment: String?, at asOf: Timestamp, _ console: Console) async throws -> Bitmap? {
        guard let segment else { return nil }
        let name = try self.segment(named: segment).name
        let evaluation = Evaluation(self, [name], console)
        defer { evaluation.end() }
        return try await evaluation.run(at: asOf).members[name] ?? Bitmap()
    }
}
