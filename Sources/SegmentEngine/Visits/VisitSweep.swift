import EventModel
import EventStore

/// The visits of the profiles of a block that have begun by an instant, found for those who are asked about.
final class VisitSweep {
    private let sources: [Stretches]
    private let times: [Int64]
    /// Per profile, where its visits stand in `begins`; -1 not found yet.
    private var firsts: [Int32]
    private var counts: [Int32]
    /// The time of the first event of each visit; those of one profile ascend.
    private var begins: [Int64] = []
    /// The next row of each source while they are merged.
    private var heads: [(row: Int, end: Int)] = []

    init(_ sweep: BlockSweep) {
        sources = sweep.binding.codes(of: sweep.plan.visitPattern).map { sweep.stretches(of: $0, in: nil) }
            .filter { !$0.rows.isEmpty }
        times = sweep.binding.times
        firsts = Array(repeating: -1, count: sweep.block.profileCount)
        counts = Array(repeating: 0, count: sweep.block.profileCount)
    }

    /// How many visits of a profile begin at `from` or later, before `to`.
    func count(_ profile: Int32, from: Int64, to: Int64) -> Int {
        if firsts[Int(profile)] < 0 { find(profile) }
        let first = Int(firsts[Int(profile)])
        let end = first + Int(counts[Int(profile)])
        if first == end { return 0 }
        return begins.withUnsafeBufferPointer { begins in
            let start = from == .min ? first : Stretches.firstRow(from, first, end, begins)
            return max((to > begins[end - 1] ? end : Stretches.firstRow(to, first, end, begins)) - start, 0)
        }
    }

    /// Merges the browsing events; of equal times it does not matter which comes first.
    private func find(_ profile: Int32) {
        firsts[Int(profile)] = Int32(truncatingIfNeeded: begins.count)
        heads.removeAll(keepingCapacity: true)
        for source in sources {
            let (start, end) = source.range(profile)
            if start < end { heads.append((start, end)) }
        }
        if heads.isEmpty { return }
        let before = begins.count
        times.withUnsafeBufferPointer { times in
            heads.withUnsafeMutableBufferPointer { heads in Self.merge(heads, times, &begins) }
        }
        counts[Int(profile)] = Int32(truncatingIfNeeded: begins.count - before)
    }

    private static func merge(
        _ heads: UnsafeMutableBufferPointer<(row: Int, end: Int)>, _ times: UnsafeBufferPointer<Int64>,
        _ begins: inout [Int64]
    ) {
        var count = heads.count
        var last = Int64.min
        while count > 0 {
            var best = 0
            var (time, limit) = (times[heads[0].row], Int64.max)
            var index = 1
            while index < count {
                let other = times[heads[index].row]
                if other < time {
                    limit = time
                    (best, time) = (index, other)
                } else {
                    limit = min(limit, other)
                }
                index &+= 1
            }
            // As far as this source stays in front.
            var row = heads[best].row
            let end = heads[best].end
            repeat {
                if last == .min || times[row].subtractingSaturating(last) > Visits.longestGap {
                    begins.append(times[row])
                }
                last = times[row]
                row &+= 1
            } while row < end && times[row] <= limit
            heads[best].row = row
            if row == end {
                count -= 1
                heads[best] = heads[count]
            }
        }
    }
}
