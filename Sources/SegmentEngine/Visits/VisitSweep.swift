import EventModel
import EventStore

/// The visits of the profiles of a block that have begun by an instant, found for those who are asked about.
///
/// The events of each name alone form stretches without a long gap; only these, which are few, are put in order. Of
/// equal times it does not matter which comes first.
final class VisitSweep {
    /// Events of one name that follow each other without a long gap: the times of the first and the last.
    private typealias Lively = (first: Int64, last: Int64)

    private let sources: [Stretches]
    private let times: [Int64]
    /// Per profile, where its visits stand in `begins`; -1 not found yet.
    private var firsts: [Int32]
    private var counts: [Int32]
    /// The time of the first event of each visit; those of one profile ascend.
    private var begins: [Int64] = []

    init(_ sweep: BlockSweep) {
        sources = sweep.binding.codes(of: sweep.plan.visitPattern).map { sweep.stretches(of: $0, in: nil) }
            .filter { !$0.rows.isEmpty }
        times = sweep.binding.times
        firsts = Array(repeating: -1, count: sweep.block.profileCount)
        counts = Array(repeating: 0, count: sweep.block.profileCount)
    }

    /// How many visits of each profile begin at `from` or later, before `to`.
    func counts(of profiles: [Int32], from: Int64, to: Int64) -> [Int32] {
        find(profiles.filtered { firsts[Int($0)] < 0 })
        return begins.withUnsafeBufferPointer { begins in
            profiles.map { profile in
                let first = Int(firsts[Int(profile)])
                let end = first + Int(counts[Int(profile)])
                if first == end { return 0 }
                let start = from == .min ? first : Stretches.firstRow(from, first, end, begins)
                let stop = to > begins[end - 1] ? end : Stretches.firstRow(to, first, end, begins)
                return Int32(truncatingIfNeeded: max(stop - start, 0))
            }
        }
    }

    /// How many visits each profile has; counts no further than `limit`.
    ///
    /// Follows the events only as far as that needs, and keeps nothing.
    func counts(of profiles: [Int32], upTo limit: Int) -> [Int32] {
        withUnsafeTemporaryAllocation(of: Range<Int>.self, capacity: max(sources.count, 1)) { heads in
            times.withUnsafeBufferPointer { times in
                profiles.map { profile in
                    if firsts[Int(profile)] >= 0 { return counts[Int(profile)] }
                    var (names, rows) = (0, 0)
                    var most = 0..<0
                    for source in sources {
                        let (start, end) = source.range(profile)
                        if start >= end { continue }
                        heads.initializeElement(at: names, to: start..<end)
                        names += 1
                        rows += end - start
                        if end - start > most.count { most = start..<end }
                    }
                    // Two visits are often plain from the events of one name: all events together reach no further.
                    if limit == 2, rows > 1,
                        Visits.mustPause(rows, from: times[most.lowerBound], to: times[most.upperBound - 1])
                    {
                        return 2
                    }
                    return Self.count(heads, names, times, upTo: limit)
                }
            }
        }
    }

    /// - Parameter heads: the rows of each of `names` names.
    private static func count(
        _ heads: UnsafeMutableBufferPointer<Range<Int>>, _ names: Int, _ times: UnsafeBufferPointer<Int64>,
        upTo limit: Int
    ) -> Int32 {
        var names = names
        var count: Int32 = 0
        var last = beforeAll
        while names > 0, count < limit {
            var best = 0
            var time = times[heads[0].lowerBound]
            var index = 1
            while index < names {
                let other = times[heads[index].lowerBound]
                if other < time { (best, time) = (index, other) }
                index &+= 1
            }
            if time &- last > Visits.longestGap { count &+= 1 }
            last = max(last, time)
            // Whatever else this name has within the visit.
            var row = heads[best].lowerBound &+ 1
            let end = heads[best].upperBound
            while row < end, times[row] &- last <= Visits.longestGap {
                last = max(last, times[row])
                row &+= 1
            }
            if row == end {
                names -= 1
                heads[best] = heads[names]
            } else {
                heads[best] = row..<end
            }
        }
        return count
    }

    /// Far enough from all times, and from overflow.
    private static let beforeAll = Int64.min / 2

    private func find(_ profiles: [Int32]) {
        var most = 0
        for profile in profiles { most = max(most, sources.reduce(0) { $0 + $1.count(of: profile) }) }
        if most == 0 {
            for profile in profiles { firsts[Int(profile)] = Int32(truncatingIfNeeded: begins.count) }
            return
        }
        withUnsafeTemporaryAllocation(of: Lively.self, capacity: most) { lively in
            withUnsafeTemporaryAllocation(of: Range<Int>.self, capacity: sources.count) { heads in
                times.withUnsafeBufferPointer { times in
                    for profile in profiles { find(profile, times, lively, heads) }
                }
            }
        }
    }

    /// - Parameters:
    ///   - lively: has room for as many stretches as the profile has rows.
    ///   - heads: has room for one of each name.
    private func find(
        _ profile: Int32, _ times: UnsafeBufferPointer<Int64>, _ lively: UnsafeMutableBufferPointer<Lively>,
        _ heads: UnsafeMutableBufferPointer<Range<Int>>
    ) {
        var names = 0
        var found = 0
        for source in sources {
            let (start, end) = source.range(profile)
            if start >= end { continue }
            let first = found
            found = Self.collect(start, end, times, lively, from: found)
            heads.initializeElement(at: names, to: first..<found)
            names += 1
        }
        let before = begins.count
        if names == 1 {
            for place in 0..<found { begins.append(lively[place].first) }
        } else if names > 1 {
            Self.merge(heads, names, lively, &begins)
        }
        firsts[Int(profile)] = Int32(truncatingIfNeeded: before)
        counts[Int(profile)] = Int32(truncatingIfNeeded: begins.count - before)
    }

    /// Writes the stretches without a long gap of some rows of one run; gives the place behind them.
    @inline(__always)
    private static func collect(
        _ start: Int, _ end: Int, _ times: UnsafeBufferPointer<Int64>, _ lively: UnsafeMutableBufferPointer<Lively>,
        from place: Int
    ) -> Int {
        var place = place
        var first = times[start]
        var last = first
        var row = start &+ 1
        while row < end {
            let time = times[row]
            if time &- last > Visits.longestGap {
                lively.initializeElement(at: place, to: (first, last))
                place &+= 1
                first = time
            }
            last = time
            row &+= 1
        }
        lively.initializeElement(at: place, to: (first, last))
        return place &+ 1
    }

    /// - Parameter heads: where the stretches of each of `names` names stand, ascending in time.
    private static func merge(
        _ heads: UnsafeMutableBufferPointer<Range<Int>>, _ names: Int, _ lively: UnsafeMutableBufferPointer<Lively>,
        _ begins: inout [Int64]
    ) {
        var count = names
        var last = beforeAll
        while count > 0 {
            var best = 0
            var first = lively[heads[0].lowerBound].first
            var index = 1
            while index < count {
                let other = lively[heads[index].lowerBound].first
                if other < first { (best, first) = (index, other) }
                index &+= 1
            }
            if first &- last > Visits.longestGap { begins.append(first) }
            let head = heads[best]
            last = max(last, lively[head.lowerBound].last)
            if head.count == 1 {
                count -= 1
                heads[best] = heads[count]
            } else {
                heads[best] = (head.lowerBound &+ 1)..<head.upperBound
            }
        }
    }
}
