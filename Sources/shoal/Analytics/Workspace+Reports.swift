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

    /// Segments by their names, with their members as of an instant.
    func groups(_ segments: [String], at asOf: Timestamp, _ console: Console) async throws -> [MemberGroup] {
        var groups: [MemberGroup] = []
        let names = try segments.map { try segment(named: $0).name }
        guard !names.isEmpty else { return [] }
        let evaluation = Evaluation(self, names, console)
        defer { evaluation.end() }
        let result = try await evaluation.run(at: asOf)
        for name in names { groups.append(MemberGroup(name, result.members[name] ?? Bitmap())) }
        return groups
    }

    private func members(of segment: String?, at asOf: Timestamp, _ console: Console) async throws -> Bitmap? {
        guard let segment else { return nil }
        let name = try self.segment(named: segment).name
        let evaluation = Evaluation(self, [name], console)
        defer { evaluation.end() }
        return try await evaluation.run(at: asOf).members[name] ?? Bitmap()
    }
}
