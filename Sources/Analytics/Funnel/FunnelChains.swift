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

    /// The chains that end at events of a step, in history order.
    private struct Ends {
        var times: [Int64] = []
        var rows: [Int] = []
        /// Time of the chain's first event.
        var starts: [Int64] = []

        mutating func removeAll() {
            times.removeAll(keepingCapacity: true)
            rows.removeAll(keepingCapacity: true)
            starts.removeAll(keepingCapacity: true)
        }

        mutating func append(_ time: Int64, _ row: Int, from start: Int64) {
            times.append(time)
            rows.append(row)
            starts.append(start)
        }
    }

    /// - Parameter steps: the reader's first queries.
    init(_ reader: EventRows.Reader, steps: Int, within: Int64) {
        block = reader.block
        self.steps = (0..<steps).map { StepRows(reader, query: $0) }
        self.within = within
    }

    /// By profile: how many steps it reached.
    func levels() -> [Int] {
        var ends = Ends()
        var next = Ends()
        return (0..<block.profileCount).map { profile in
            if steps[0].isEmpty(profile) { return 0 }
            guard steps.count > 1, !steps[1].isEmpty(profile) else { return 1 }
            ends.removeAll()
            goOnFromFirst(profile, into: &ends)
            var level = 1
            while !ends.times.isEmpty {
                level += 1
                guard level < steps.count, !steps[level].isEmpty(profile) else { break }
                next.removeAll()
                goOn(from: ends, to: level, profile, into: &next)
                swap(&ends, &next)
            }
            return level
        }
    }

    /// Chains of two steps: every event of the first step starts one.
    private func goOnFromFirst(_ profile: Int, into ends: inout Ends) {
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
                if isWithin(start, time) { ends.append(time, second.row(at: other), from: start) }
            }
        }
    }

    private func goOn(from ends: Ends, to step: Int, _ profile: Int, into next: inout Ends) {
        let step = steps[step]
        var index = 0
        for place in step.places(of: profile) {
            let time = step.times[place]
            let row = step.row(at: place)
            while index < ends.times.count,
                ends.times[index] != time ? ends.times[index] < time : block.isEarlier(ends.rows[index], than: row)
            {
                index += 1
            }
            if index > 0, isWithin(ends.starts[index - 1], time) {
                next.append(time, row, from: ends.starts[index - 1])
            }
        }
    }

    /// - Precondition: `start` is not after `time`; so the difference fits, taken without a sign.
    private func isWithin(_ start: Int64, _ time: Int64) -> Bool {
        UInt64(bitPattern: time &- start) <= UInt64(bitPattern: within)
    }
}
