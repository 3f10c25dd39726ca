import EventModel
import SegmentEngine
import SegmentLanguage

/// Evaluates one plan at several instants, and shows how far it is.
struct Evaluation: Sendable {
    private let backend: any BehaviorBackend
    private let wanted: Set<Text>
    private let printer: ProgressPrinter

    init(_ workspace: Workspace, _ names: [Text], and own: [OwnMetric] = [], _ console: Console) {
        let program = workspace.library.program.selecting(names, adding: own.map(\.definition))
        backend = Shoal.backend(of: program, over: workspace.snapshot)
        wanted = Set(names).union(own.map(\.name))
        printer = ProgressPrinter("evaluating", unit: nil, on: console.notes, clock: Shoal.clock)
    }

    /// - Parameters:
    ///   - only: fewer definitions than all.
    ///   - step: how many instants are done, of how many.
    func run(at instant: Timestamp, only: [Text]? = nil, step: Int = 0, of steps: Int = 1) async throws -> BatchResult {
        let request = BatchEvaluator.Request(definitions: only.map(Set.init) ?? wanted)
        return try await backend.evaluate(at: instant, request) { [printer] share in
            let done = (Double(step) + share) / Double(max(1, steps))
            printer.show(done: Int(done * 100), fraction: done)
        }
    }

    func end() { printer.clear() }
}
