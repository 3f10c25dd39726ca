import EventModel
import EventStore
import SegmentLanguage
import Testing

@testable import SegmentEngine

/// Evaluation gives back all memory it asked for: nothing keeps itself alive.
struct LifetimeTests {
    private let source = MemoryHistorySource(
        messages: ReadySegmentsTests.history(seed: 1), settings: WorkspaceSettings())
    private let plan = Plan(
        ReadySegmentsTests.bound(typicalGap: "30 days").program, settings: WorkspaceSettings())

    @Test func `an evaluator is gone after any definition was swept, and after it was asked profile by profile`() {
        for entry in plan.entries {
            for wantsDue in [false, true] {
                weak var kept: ProfileEvaluator?
                weak var keptSweep: BlockSweep?
                scoped {
                    let block = source.block(0, projection: .everything)
                    let evaluator = ProfileEvaluator(
                        plan: plan, block: block, ranks: RankThresholds.none(for: plan).tables)
                    kept = evaluator
                    keptSweep = evaluator.sweep(at: ReadySegmentsTests.now.milliseconds)
                    _ = BlockEvaluation(
                        entries: [entry], now: ReadySegmentsTests.now, wantsDue: wantsDue
                    ).run(evaluator)
                }
                #expect(kept == nil, "\(entry.definition.name)")
                #expect(keptSweep == nil, "\(entry.definition.name)")
            }
        }
    }

    /// Runs something whose locals must be gone when it returns.
    @inline(never)
    private func scoped(_ body: () -> Void) { body() }
}
