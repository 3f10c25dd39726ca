import EventStore
import SegmentEngine

/// Finds how far the profiles of a block went through a funnel.
///
/// At each event of a step the chain with the latest start that ends there is kept: if any chain goes on from that
/// event within the window, that one does. Starts never go back from one event of a step to the next, so the one to go
/// on from is always the last one before; each step is one walk along its rows and the chains of the step before.
struct FunnelChains {
    let block: HistoryBlock
    let steps: [StepRows]
    private let within: Int64

    /// Chains by their last events; those of profile `profiles[i]` are `all[offsets[i]..<offsets[i + 1]]`, in history
    /// order, and there are some.
    private struct Chains {
        var all: [Chain] = []
        var profiles: [Int] = []
        var offsets: [Int] = [0]

        /// Notes that the chains added last are those of a profile.
        mutating func end(_ profile: Int) {
            if all.count == offsets[offsets.count - 1] { return }
            profiles.append(profile)
            offsets.append(all.count)
        }
    }

    private struct Chain {
        /// Time and row of the last event.
        let time: Int64
        let row: Int
        /// Time of the first event.
        let start: Int64
    }

    /// - Parameter queries: of the reader, one a step.
    init(_ reader: EventRows.Reader, queries: [Int], within: Int64) {
        block = reader.block
        steps = queries.map { StepRows(reader, query: $0) }
        self.within = within
    }

    /// By profile: how many steps it reached.
    func levels() -> [Int] {
        var levels = (0..<block.profileCount).map { steps[0].isEmpty($0) ? 0 : 1 }
        guard steps.count > 1 else { return levels }
        var chains = chainsOfTwo()
        for step in 1..<steps.count {
            if step > 1 { chains = goingOn(from: chains, to: steps[step]) }
            for profile in chains.profiles { levels[profile] = step + 1 }
        }
        return levels
    }

    /// The chains of the first two steps: every event of the first step starts one.
    private func chainsOfTwo() -> Chains {
        let (first, second) = (steps[0], steps[1])
        var chains = Chains()
        first.times.withUnsafeBufferPointer { firstTimes in
            second.times.withUnsafeBufferPointer { secondTimes in
                for profile in 0..<block.profileCount where !first.isEmpty(profile) && !second.isEmpty(profile) {
                    let (places, others) = (first.places(of: profile), second.places(of: profile))
                    precondition(places.upperBound <= firstTimes.count, "places past the end")
                    precondition(others.upperBound <= secondTimes.count, "places past the end")
                    var place = places.lowerBound
                    for other in others {
                        let time = secondTimes[other]
                        while place < places.upperBound, firstTimes[place] < time { place &+= 1 }
                        // Of one instant: by arrival.
                        while place < places.upperBound, firstTimes[place] == time,
                            block.isEarlier(first.row(at: place), than: second.row(at: other))
                        {
                            place &+= 1
                        }
                        guard place > places.lowerBound, isWithin(firstTimes[place - 1], time) else { continue }
                        chains.all.append(Chain(time: time, row: second.row(at: other), start: firstTimes[place - 1]))
                    }
                    chains.end(profile)
                }
            }
        }
        return chains
    }

    private func goingOn(from chains: Chains, to step: StepRows) -> Chains {
        var next = Chains()
        chains.all.withUnsafeBufferPointer { all in
            step.times.withUnsafeBufferPointer { times in
                for (number, profile) in chains.profiles.enumerated() where !step.isEmpty(profile) {
                    let (first, end) = (chains.offsets[number], chains.offsets[number + 1])
                    let places = step.places(of: profile)
                    precondition(end <= all.count && places.upperBound <= times.count, "places past the end")
                    var index = first
                    for place in places {
                        let time = times[place]
                        while index < end,
                            all[index].time != time
                                ? all[index].time < time : block.isEarlier(all[index].row, than: step.row(at: place))
                        {
                            index &+= 1
                        }
                        guard index > first, isWithin(all[index - 1].start, time) else { continue }
                        next.all.append(Chain(time: time, row: step.row(at: place), start: all[index - 1].start))
                    }
                    next.end(profile)
                }
            }
        }
        return next
    }

    /// - Precondition: `start` is not after `time`; so the difference fits, taken without a sign.
    func isWithin(_ start: Int64, _ time: Int64) -> Bool {
        UInt64(bitPattern: time &- start) <= UInt64(bitPattern: within)
    }
}
