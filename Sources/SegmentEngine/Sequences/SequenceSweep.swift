import EventStore

/// Counts the chains of a sequence without `not` steps and without `same`, for one profile after another.
///
/// Then the earliest event of a step after that of the step before is the best choice, and all of these only move
/// forward with the first event. Complexity: O(events of the steps).
struct SequenceSweep {
    private let sources: [[QuerySweep.Source]]
    private let within: Int64
    private let binding: BlockBinding
    private let times: [Int64]
    private let window: (from: Int64, to: Int64)
    /// Where each step takes all rows of one name: these.
    private let plain: [Stretches]?
    /// The rows of each step of the profile at hand, in history order.
    private var steps: [[Int32]]
    private var chosen: [Int]
    /// The end of each step's rows, where these are plain.
    private var ends: [Int]

    /// Nil for sequences that need more than this.
    init?(_ node: SequenceNode, _ sweep: BlockSweep, for profiles: [Int32]) {
        guard node.same == nil, node.trailing.isEmpty, node.gaps.allSatisfy(\.isEmpty), node.window?.anchor == nil
        else { return nil }
        var sources: [[QuerySweep.Source]] = []
        for step in node.steps {
            guard let query = sweep.query(step) else { return nil }
            sources.append(query.sources(for: profiles))
        }
        self.sources = sources
        within = node.within ?? .max
        binding = sweep.binding
        times = sweep.binding.times
        window = node.window.map { sweep.bounds(of: $0) } ?? (.min, .max)
        steps = Array(repeating: [], count: sources.count)
        chosen = Array(repeating: 0, count: sources.count)
        ends = chosen
        let isPlain = sources.allSatisfy { $0.count == 1 && $0[0].mask == nil && $0[0].filter == nil }
        plain = isPlain ? sources.map { $0[0].stretches } : nil
    }

    /// The profiles whose count of chains meets a requirement, which no larger count than `limit` changes.
    mutating func sift(_ profiles: [Int32], upTo limit: Int, _ isMet: (Int) -> Bool) -> [Int32] {
        guard let plain else { return profiles.filter { isMet(count($0, upTo: limit)) } }
        let (within, window, binding, steps) = (within, window, binding, plain.count)
        return times.withUnsafeBufferPointer { times in
            chosen.withUnsafeMutableBufferPointer { chosen in
                ends.withUnsafeMutableBufferPointer { ends in
                    profiles.filtered { profile in
                        for step in 0..<steps {
                            (chosen[step], ends[step]) = plain[step].range(profile)
                            if chosen[step] >= ends[step] { return isMet(0) }
                        }
                        return isMet(
                            Self.count(chosen, ends, times, binding, window, within: within, upTo: limit))
                    }
                }
            }
        }
    }

    /// The same as `count(_:upTo:)` where each step has all rows of one name, from `chosen` to `ends`.
    @inline(__always)
    private static func count(
        _ chosen: UnsafeMutableBufferPointer<Int>, _ ends: UnsafeMutableBufferPointer<Int>,
        _ times: UnsafeBufferPointer<Int64>, _ binding: BlockBinding, _ window: (from: Int64, to: Int64),
        within: Int64, upTo limit: Int
    ) -> Int {
        func isBefore(_ left: Int, _ right: Int) -> Bool {
            times[left] != times[right] ? times[left] < times[right] : binding.arrivals[left] < binding.arrivals[right]
        }
        var count = 0
        var free = -1
        for start in chosen[0]..<ends[0] {
            let time = times[start]
            guard time >= window.from, time < window.to, free < 0 || isBefore(free, start) else { continue }
            var previous = start
            for step in 1..<chosen.count {
                var row = chosen[step]
                while row < ends[step], !isBefore(previous, row) { row &+= 1 }
                chosen[step] = row
                if row == ends[step] { return count }
                previous = row
            }
            if chosen.count > 1, times[previous].subtractingSaturating(time) > within { continue }
            count += 1
            if count >= limit { return count }
            free = previous
        }
        return count
    }

    /// How many chains there are, each beginning after the one before has ended; stops at `limit`.
    private mutating func count(_ profile: Int32, upTo limit: Int) -> Int {
        for step in steps.indices {
            collect(step, profile)
            if steps[step].isEmpty { return 0 }
            chosen[step] = 0
        }
        var count = 0
        var free: Int32 = -1
        let last = steps.count - 1
        for start in steps[0] {
            let time = times[Int(start)]
            guard time >= window.from, time < window.to, free < 0 || isBefore(free, start) else { continue }
            var previous = start
            for step in steps.indices.dropFirst() {
                var place = chosen[step]
                while place < steps[step].count, !isBefore(previous, steps[step][place]) { place += 1 }
                chosen[step] = place
                if place == steps[step].count { return count }
                previous = steps[step][place]
            }
            if last > 0, times[Int(previous)].subtractingSaturating(time) > within { continue }
            count += 1
            if count >= limit { return count }
            free = previous
        }
        return count
    }

    private mutating func collect(_ step: Int, _ profile: Int32) {
        var rows: [Int32] = []
        swap(&rows, &steps[step])
        rows.removeAll(keepingCapacity: true)
        for source in sources[step] {
            source.forEachRow(of: profile) { rows.append(Int32(truncatingIfNeeded: $0)) }
        }
        if sources[step].count > 1 { rows.sort { isBefore($0, $1) } }
        swap(&rows, &steps[step])
    }

    /// Whether a row comes before another in history order.
    @inline(__always)
    private func isBefore(_ left: Int32, _ right: Int32) -> Bool {
        let (first, second) = (times[Int(left)], times[Int(right)])
        return first != second ? first < second : binding.arrivals[Int(left)] < binding.arrivals[Int(right)]
    }
}
