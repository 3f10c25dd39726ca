import EventStore
import SegmentEngine

/// Finds how far the profiles of a block went through a funnel.
///
/// At each event of a step the chain with the latest start that ends there is kept: if any chain goes on from that
/// event within the window, that one does. Starts never go back from one event of a step to the next, so the one to go
/// on from is always the last one before; each step is one walk along its rows and those of the step before.
struct FunnelChains {
    private let block: HistoryBlock
    private let steps: [StepRows]
    private let within: Int64

    /// A chain, by its last event.
    private struct End {
        let time: Int64
        let row: Int
        /// Time of the chain's first event.
        let start: Int64
    }

    /// - Parameter steps: the reader's first queries.
    init(_ reader: EventRows.Reader, steps: Int, within: Int64) {
        block = reader.block
        self.steps = (0..<steps).map { StepRows(reader, query: $0) }
        self.within = within
    }

    /// By profile: how many steps it reached.
    func levels() -> [Int] {
        // The chains that end at events of a step, in history order.
        var ends: [End] = []
        var next: [End] = []
        return (0..<block.profileCount).map { profile in
            if steps[0].isEmpty(profile) { return 0 }
            guard steps.count > 1, !steps[1].isEmpty(profile) else { return 1 }
            ends.removeAll(keepingCapacity: true)
            goOnFromFirst(profile, into: &ends)
            var level = 1
            while !ends.isEmpty {
                level += 1
                guard level < steps.count, !steps[level].isEmpty(profile) else { break }
                next.removeAll(keepingCapacity: true)
                goOn(from: ends, to: level, profile, into: &next)
                swap(&ends, &next)
            }
            return level
        }
    }

    /// Chains of two steps: every event of the first step starts one.
    private func goOnFromFirst(_ profile: Int, into ends: inout [End]) {
        let (first, second) = (steps[0], steps[1])
        let places = first.places(of: profile)
        first.times.withUnsafeBufferPointer { firstTimes in
            precondition(places.upperBound <= firstTimes.count, "places past the end")
            var place = places.lowerBound
            for other in second.places(of: profile) {
                let time = second.times[other]
                while place < places.upperBound, firstTimes[place] < time { place += 1 }
                // Of one instant: by arrival.
                while place < places.upperBound, firstTimes[place] == time,
                    block.isEarlier(first.row(at: place), than: second.row(at: other))
                {
                    place += 1
                }
                guard place > places.lowerBound else { continue }
                let start = firstTimes[place - 1]
                if isWithin(start, time) { ends.append(End(time: time, row: second.row(at: other), start: start)) }
            }
        }
    }

    private func goOn(from ends: [End], to step: Int, _ profile: Int, into next: inout [End]) {
        let step = steps[step]
        var index = 0
        for place in step.places(of: profile) {
            let time = step.times[place]
            let row = step.row(at: place)
            while index < ends.count,
                ends[index].time != time ? ends[index].time < time : block.isEarlier(ends[index].row, than: row)
            {
                index += 1
            }
            if index > 0, isWithin(ends[index - 1].start, time) {
                next.append(End(time: time, row: row, start: ends[index - 1].start))
            }
        }
    }

    /// - Precondition: `start` is not after `time`; so the difference fits, taken without a sign.
    private func isWithin(_ start: Int64, _ time: Int64) -> Bool {
        UInt64(bitPattern: time &- start) <= UInt64(bitPattern: within)
    }
}
