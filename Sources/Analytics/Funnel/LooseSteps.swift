import EventStore
import SegmentEngine

/// Finds which later steps of a funnel the profiles of a block did at all within the window after a first step.
struct LooseSteps {
    private let block: HistoryBlock
    private let steps: [StepRows]
    private let within: Int64

    /// - Parameter queries: of the reader, the first step's first.
    init(_ reader: EventRows.Reader, queries: [Int], within: Int64) {
        block = reader.block
        steps = queries.map { StepRows(reader, query: $0) }
        self.within = within
    }

    /// By step after the first: the shortest time from an event of the first step to one of this, ms; nil where there
    /// is none within the window. Empty for a profile without a first step.
    func shortest(of profile: Int) -> [Int64?] {
        let first = steps[0]
        guard !first.isEmpty(profile) else { return [] }
        return steps.dropFirst().map { step in
            var shortest: Int64?
            var place = first.places(of: profile).lowerBound
            let end = first.places(of: profile).upperBound
            for other in step.places(of: profile) {
                let row = step.row(at: other)
                while place < end, block.isEarlier(first.row(at: place), than: row) { place += 1 }
                guard place > first.places(of: profile).lowerBound else { continue }
                // The latest first step before it is the nearest.
                let time = step.times[other] &- first.times[place - 1]
                if time <= within, shortest.map({ time < $0 }) ?? true { shortest = time }
            }
            return shortest
        }
    }

    func reachedFirst(_ profile: Int) -> Bool { !steps[0].isEmpty(profile) }
}
