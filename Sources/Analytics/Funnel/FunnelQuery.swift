package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// How many profiles went how far through steps, all within a conversion window from the first step.
///
/// In order, a profile has reached a step when any choice of its events satisfies the steps up to it: each step's event
/// strictly later in history order than the one before, the last one at most the window after the first. That is what
/// `sequence(.. then .., within D)` means in the segment language. In loose order the steps after the first may come in
/// any order: each of them is a sequence of the first step and itself. So every number of a funnel is the size of a
/// segment.
package struct FunnelQuery: Sendable {
    package enum Order: String, Sendable, CaseIterable {
        case ordered, loose
    }

    /// Into which groups a funnel is told apart.
    package enum Split: Sendable {
        /// Members of segments, as of the instant of the report, and those of none of them. A profile may be in several.
        case segments([MemberGroup])
        /// The most frequent values that events of the first step have: each is a funnel whose first step has it. A
        /// profile may be in several.
        case property(PropertyPath, limit: Int)
    }

    /// The first step's query may have a window, in which the first event must lie; those of others are ignored.
    package let steps: [EventQuery]
    package let within: DurationLiteral
    package let order: Order
    package let split: Split?
    /// Whether the times between steps are wanted.
    package let wantsTimes: Bool

    /// - Precondition: there is a step.
    package init(
        steps: [EventQuery], within: DurationLiteral, order: Order = .ordered, by split: Split? = nil,
        wantsTimes: Bool = false
    ) {
        precondition(!steps.isEmpty, "a funnel needs a step")
        self.steps = steps.enumerated().map { index, step in
            EventQuery(step.events, where: step.filter, window: index == 0 ? step.window : nil)
        }
        self.within = within
        self.order = order
        self.split = split
        self.wantsTimes = wantsTimes
    }

    package struct Answer: Sendable, Equatable {
        /// How many profiles reached each step, the first one first.
        package let reached: [Int]
        /// For each step after the first; empty when times were not wanted.
        package let times: [StepTimes]
        /// In the order of the segments, those of none last; values by frequency among the first step's events.
        package let groups: [Group]
    }

    /// How long the profiles that reached a step took to it. In order these are the times of the first chain that goes as
    /// far as the profile went, each step's event the earliest after the one before.
    package struct StepTimes: Sendable, Equatable {
        /// Nil when nobody reached the step, and in loose order.
        package let fromBefore: Spread?
        /// In loose order the shortest time from an event of the first step. Nil when nobody reached the step.
        package let fromFirst: Spread?
    }

    /// Milliseconds that half and nine tenths of the profiles did not exceed: nearest ranks, of times that were there.
    package struct Spread: Sendable, Equatable {
        package let median: Int64
        package let p90: Int64
    }

    package struct Group: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case segment(Text)
            /// In none of these segments.
            case others([Text])
            /// The first step has this value.
            case value(PropertyPath, Text)
        }

        package let kind: Kind
        package let reached: [Int]
        package let times: [StepTimes]
    }

    /// Complexity: O(rows of the steps' events), more where filters must be asked; once more for the values of a split.
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let kinds = try await groupKinds(input)
        // A query for each step, and for the first step of each value.
        let firsts = kinds.compactMap { kind in
            if case .value(let path, let value) = kind { steps[0].having(path, value) } else { nil }
        }
        let rows = EventRows(steps + firsts, settings: input.settings)
        let walk = FunnelWalk(self, groups: kinds)
        let empty = Array(repeating: FunnelCounts(steps: steps.count), count: 1 + kinds.count)
        let gathered = try await input.gather(rows, into: empty) { counts, reader in walk.add(reader, to: &counts) }
        var all = empty
        for counts in gathered { for index in all.indices { all[index].merge(counts[index]) } }
        return Answer(
            reached: all[0].reached, times: wantsTimes ? all[0].times : [],
            groups: zip(kinds, all.dropFirst()).map { kind, counts in
                Group(kind: kind, reached: counts.reached, times: wantsTimes ? counts.times : [])
            })
    }

    private func groupKinds(_ input: ReportInput) async throws -> [Group.Kind] {
        switch split {
        case nil: return []
        case .segments(let groups): return groups.map { .segment($0.name) } + [.others(groups.map(\.name))]
        case .property(let path, let limit):
            let top = TopQuery(SegmentLanguage.Value(.property(path)), of: steps[0], limit: limit)
            return try await top.answer(from: input).lists.flatMap { $0.entries.map { .value(path, $0.value) } }
        }
    }
}
