package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// How many profiles went how far through steps in order, all within a conversion window from the first step.
///
/// A profile has reached a step when any choice of its events satisfies the steps up to it: each step's event strictly
/// later in history order than the one before, the last one at most the window after the first. That is what
/// `sequence(.. then .., within D)` means in the segment language, so every number of a funnel is the size of a segment.
package struct FunnelQuery: Sendable {
    /// The first step's query may have a window, in which the first event must lie; those of others are ignored.
    package let steps: [EventQuery]
    package let within: DurationLiteral

    /// - Precondition: there is a step.
    package init(steps: [EventQuery], within: DurationLiteral) {
        precondition(!steps.isEmpty, "a funnel needs a step")
        self.steps = steps.enumerated().map { index, step in
            EventQuery(step.events, where: step.filter, window: index == 0 ? step.window : nil)
        }
        self.within = within
    }

    /// How many profiles reached each step, the first one first.
    package struct Answer: Sendable, Codable, Equatable {
        package var reached: [Int]
    }

    /// Complexity: O(rows of the steps' events), more where filters must be asked.
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let rows = EventRows(steps, settings: input.settings)
        let (count, window) = (steps.count, within.milliseconds)
        let found = try await input.gather(rows, into: [Int](repeating: 0, count: count)) { reached, reader in
            let levels = FunnelChains(reader, steps: count, within: window).levels()
            for level in levels where level > 0 { reached[level - 1] += 1 }
        }
        // Who reached a step reached those before it.
        var reached = [Int](repeating: 0, count: count)
        for step in reached.indices.reversed() {
            reached[step] = found.reduce(0) { $0 + $1[step] } + (step + 1 < count ? reached[step + 1] : 0)
        }
        return Answer(reached: reached)
    }

    // MARK: - As segments

    /// The condition that holds for the profiles that reached a step; steps count from 0.
    package func condition(reaching step: Int) -> Condition {
        if step == 0 { return Condition(.did(steps[0], count: nil)) }
        let taken = steps.prefix(step + 1).map {
            SegmentLanguage.Sequence.Step(EventQuery($0.events, where: $0.filter))
        }
        let sequence = SegmentLanguage.Sequence(steps: taken, within: within)
        return Condition(.sequence(sequence, count: nil, window: steps[0].window))
    }

    /// The profiles that reached a step and not the one after it, as a segment to talk to; nil after the last step.
    package func dropOff(after step: Int, named name: Text) -> Definition? {
        guard step + 1 < steps.count else { return nil }
        let lost = Condition(.not(condition(reaching: step + 1)))
        return Definition(name: name, body: .segment(Condition(.and([condition(reaching: step), lost]))))
    }
}
