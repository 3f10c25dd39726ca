import EventModel
import EventStore
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing

@testable import SegmentEngine

/// Asking again at every `validUntil`, and nowhere else, finds every change that the reference evaluator finds.
@Suite(.serialized)
struct TransitionTests {
    private static var seeds: Range<Int> { 0..<(isLongRun ? 2_000 : 100) }

    @Test(arguments: seeds)
    func `asking again at validUntil finds every change`(seed: Int) throws {
        let workspace = RandomHistories.make(seed: UInt64(seed))
        let program = randomProgram(seed: UInt64(seed))
        let plan = Plan(program, settings: workspace.settings)
        let segments = plan.entries.filter { $0.isSegment && $0.ranks.isEmpty }.map(\.definition.name)
        let source = MemoryHistorySource(messages: workspace.messages, settings: workspace.settings)
        let reference = ReferenceEvaluator(
            program: program, settings: workspace.settings, messages: workspace.messages)
        let end = workspace.instants[0].adding(milliseconds: 40 * Shop.day)
        for number in 0..<ProfileNumber(source.profileCount) {
            guard let block = source.history(of: number, projection: plan.projectionForValidity) else { continue }
            for segment in segments {
                let expected = reference.changes(of: segment, profile: block.profileIDs[0], through: end)
                let text = program[segment].map { Printer.text(of: $0) } ?? ""
                let found = changes(of: segment, plan, block, through: end)
                #expect(found == expected.map { Change(instant: $0.instant, isMember: $0.isMember) }, "\(text)")
            }
        }
    }

    private struct Change: Equatable {
        var instant: Timestamp
        var isMember: Bool
    }

    private func changes(of segment: Text, _ plan: Plan, _ block: HistoryBlock, through end: Timestamp) -> [Change] {
        let live = LiveEvaluator(plan: plan)
        var changes: [Change] = []
        var isMember = false
        var instant: Timestamp? = Timestamp(milliseconds: block.firstTimes[0])
        while let now = instant, now <= end {
            let answer = live.state(of: block, at: now, ranks: .none(for: plan), definitions: [segment]).answers[
                segment]
            if let holds = answer?.isMember, holds != isMember {
                changes.append(Change(instant: now, isMember: holds))
                isMember = holds
            }
            instant = answer?.validUntil
        }
        return changes
    }
}
