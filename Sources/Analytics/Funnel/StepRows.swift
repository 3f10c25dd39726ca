import EventStore
import SegmentEngine

/// The rows of one step of a funnel in a block: those of each profile side by side, in history order.
struct StepRows {
    /// Time of the row at each place, ms.
    let times: [Int64]
    /// Row of the block at each place; nil: places are rows.
    private let rows: [UInt32]?
    /// Profile p's places are `starts[p]..<ends[p]`.
    private(set) var starts: [UInt32]
    private(set) var ends: [UInt32]

    init(_ reader: EventRows.Reader, query: Int) {
        let block = reader.block
        starts = Array(repeating: 0, count: block.profileCount)
        ends = starts
        if reader.isOneStretch(query) {
            times = block.times
            rows = nil
            starts.withUnsafeMutableBufferPointer { starts in
                ends.withUnsafeMutableBufferPointer { ends in
                    reader.forEachStretch(of: query) { profile, rows in
                        starts[profile] = UInt32(truncatingIfNeeded: rows.lowerBound)
                        ends[profile] = UInt32(truncatingIfNeeded: rows.upperBound)
                    }
                }
            }
        } else {
            var found: [[UInt32]] = Array(repeating: [], count: block.profileCount)
            reader.forEachStretch(of: query) { profile, rows in found[profile] += rows.map { UInt32($0) } }
            var gathered: [UInt32] = []
            for profile in found.indices {
                starts[profile] = UInt32(gathered.count)
                gathered += found[profile].sorted { block.isEarlier(Int($0), than: Int($1)) }
                ends[profile] = UInt32(gathered.count)
            }
            times = gathered.map { block.times[Int($0)] }
            rows = gathered
        }
    }

    func isEmpty(_ profile: Int) -> Bool { starts[profile] == ends[profile] }

    func places(of profile: Int) -> Range<Int> { Int(starts[profile])..<Int(ends[profile]) }

    /// The row of the block at a place.
    func row(at place: Int) -> Int { rows.map { Int($0[place]) } ?? place }
}

extension HistoryBlock {
    /// Whether a row stands before another of the same profile in history order.
    func isEarlier(_ row: Int, than other: Int) -> Bool {
        times[row] != times[other] ? times[row] < times[other] : arrivals[row] < arrivals[other]
    }
}
