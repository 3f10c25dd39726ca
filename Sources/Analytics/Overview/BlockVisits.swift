import EventModel
import EventStore
import SegmentEngine

/// The visits of the profiles of a block, found in one walk over their browsing events (language, section 3).
struct BlockVisits {
    static let longestGap: Int64 = 30 * 60_000

    /// Profile p's visits are `offsets[p]..<offsets[p + 1]`, in the order of their beginnings.
    private(set) var offsets: [Int] = [0]
    /// Time of each visit's first event, ms.
    private(set) var starts: [Int64] = []
    /// Time of each visit's last event, ms.
    private(set) var ends: [Int64] = []
    /// The row of each visit's first event.
    private(set) var firstRows: [UInt32] = []
    /// - Parameter query: asks for all browsing events, without filter or window.
    init(_ reader: EventRows.Reader, browsing query: Int) {
        let block = reader.block
        let profiles = block.profileCount
        let rows = ProfileRows(reader, query: query)
        offsets.reserveCapacity(profiles + 1)
        block.times.withUnsafeBufferPointer { times in
            for profile in 0..<profiles {
                var last: Int64 = 0
                for place in rows.places(of: profile) {
                    let row = rows.rows[place]
                    let time = times[Int(row)]
                    // Times lie within 50 bits.
                    if starts.count == offsets[profile] || time &- last > Self.longestGap {
                        starts.append(time)
                        ends.append(time)
                        firstRows.append(row)
                    } else {
                        ends[ends.count - 1] = time
                    }
                    last = time
                }
                offsets.append(starts.count)
            }
        }
    }

    /// The visit of a profile in whose span, up to 30 minutes after its last event, an instant lies.
    func visit(of profile: Int, at time: Int64) -> Int? {
        var (low, high) = (offsets[profile], offsets[profile + 1])
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= time { low = middle + 1 } else { high = middle }
        }
        let visit = low - 1
        guard visit >= offsets[profile] else { return nil }
        return time &- ends[visit] <= Self.longestGap ? visit : nil
    }
}

/// The rows of a query in a block, those of each profile side by side in history order.
struct ProfileRows {
    private(set) var rows: [UInt32]
    /// Profile p's rows are `rows[starts[p]..<starts[p + 1]]`.
    private(set) var starts: [Int]

    init(_ reader: EventRows.Reader, query: Int) {
        let block = reader.block
        var stretches: [(profile: Int, rows: Range<Int>)] = []
        var counts = [Int](repeating: 0, count: block.profileCount + 1)
        reader.forEachStretch(of: query) { profile, rows in
            stretches.append((profile, rows))
            counts[profile + 1] += rows.count
        }
        for profile in 0..<block.profileCount { counts[profile + 1] += counts[profile] }
        var next = counts
        rows = [UInt32](repeating: 0, count: counts[block.profileCount])
        starts = counts
        for (profile, stretch) in stretches {
            for row in stretch {
                rows[next[profile]] = UInt32(truncatingIfNeeded: row)
                next[profile] += 1
            }
        }
        order(block)
    }

    func places(of profile: Int) -> Range<Int> { starts[profile]..<starts[profile + 1] }

    /// Puts the rows of each profile in history order where the stretches of several names lie in one another.
    private mutating func order(_ block: HistoryBlock) {
        let times = block.times
        var arrivals: [UInt64]?
        for profile in 0..<(starts.count - 1) {
            let places = places(of: profile)
            var isOrdered = true
            for place in places.dropFirst() where times[Int(rows[place - 1])] >= times[Int(rows[place])] {
                isOrdered = false
                break
            }
            if isOrdered { continue }
            let known = arrivals ?? block.arrivals
            arrivals = known
            rows[places].sort { left, right in
                let (one, other) = (Int(left), Int(right))
                return times[one] != times[other] ? times[one] < times[other] : known[one] < known[other]
            }
        }
    }
}
