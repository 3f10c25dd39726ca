import EventModel
import EventStore

/// A query made ready for the profiles of one block at one instant: its names and window as stretches of rows, its
/// filter as a mask over them.
final class QuerySweep {
    /// The rows under one name.
    struct Source {
        let stretches: Stretches
        /// The rows that match; nil: all of the stretches, or whatever `filter` says.
        let mask: RowMask?
        /// Set where rows are asked about one by one.
        let filter: RowFilter?

        /// Calls `body` with each matching row of a profile, in history order.
        @inline(__always)
        func forEachRow(of profile: Int32, _ body: (Int) -> Void) {
            let (start, end) = stretches.range(profile)
            if start >= end { return }
            if let mask {
                mask.withBits { $0.forEach(start, end, body) }
                return
            }
            for row in start..<end where filter?.holds(row, profile) ?? true { body(row) }
        }

        /// Calls `body` with each matching row of each of some profiles, in history order, and the profile's index
        /// among them.
        @inline(__always)
        func forEachRow(of profiles: [Int32], _ body: (_ index: Int, _ row: Int) -> Void) {
            stretches.starts.withUnsafeBufferPointer { starts in
                stretches.ends.withUnsafeBufferPointer { ends in
                    if let mask {
                        mask.withBits { bits in
                            for (index, profile) in profiles.enumerated() {
                                let (start, end) = (Int(starts[Int(profile)]), Int(ends[Int(profile)]))
                                bits.forEach(start, end) { body(index, $0) }
                            }
                        }
                        return
                    }
                    for (index, profile) in profiles.enumerated() {
                        let (start, end) = (Int(starts[Int(profile)]), Int(ends[Int(profile)]))
                        var row = start
                        while row < end {
                            if filter?.holds(row, profile) ?? true { body(index, row) }
                            row &+= 1
                        }
                    }
                }
            }
        }

        /// Adds how many rows of each of some profiles match; may stop counting at `limit`.
        func countRows(of profiles: [Int32], upTo limit: Int, _ counts: inout [Int32]) {
            counts.withUnsafeMutableBufferPointer { countRows(of: profiles, upTo: limit, $0) }
        }

        private func countRows(
            of profiles: [Int32], upTo limit: Int, _ counts: UnsafeMutableBufferPointer<Int32>
        ) {
            stretches.starts.withUnsafeBufferPointer { starts in
                stretches.ends.withUnsafeBufferPointer { ends in
                    if let mask {
                        mask.withBits { bits in
                            for (index, profile) in profiles.enumerated() {
                                let rows = bits.count(Int(starts[Int(profile)]), Int(ends[Int(profile)]), upTo: limit)
                                counts[index] &+= Int32(truncatingIfNeeded: rows)
                            }
                        }
                    } else if let filter {
                        for (index, profile) in profiles.enumerated() {
                            // The newest first: what is asked about mostly lies there.
                            var row = Int(ends[Int(profile)]) - 1
                            let start = Int(starts[Int(profile)])
                            while row >= start, Int(counts[index]) < limit {
                                if filter.holds(row, profile) { counts[index] &+= 1 }
                                row -= 1
                            }
                        }
                    } else {
                        for (index, profile) in profiles.enumerated() {
                            counts[index] &+= Int32(truncatingIfNeeded: ends[Int(profile)] &- starts[Int(profile)])
                        }
                    }
                }
            }
        }

        /// The same rows as far as a mask of the same stretches holds them.
        ///
        /// - Precondition: the mask holds no others.
        func masked(_ mask: RowMask) -> Source { Source(stretches: stretches, mask: mask, filter: nil) }
    }

    private let query: QueryNode
    private unowned let sweep: BlockSweep
    private let codes: [UInt32]
    /// The rows of each name, in the order of the sources, whatever window and filter say.
    let rowsOfNames: [Range<Int>]
    private let filter: RowFilter?
    /// Filled when first asked for.
    private var masks: [RowMask?]
    private var isMaskable: Bool

    init(_ query: QueryNode, _ sweep: BlockSweep) {
        self.query = query
        self.sweep = sweep
        let binding = sweep.binding
        codes = binding.codes(of: query.pattern).filter { !sweep.stretches(of: $0, in: nil).rows.isEmpty }
        rowsOfNames = codes.map { sweep.stretches(of: $0, in: nil).rows }
        let filter = query.filter.map { RowFilter.make($0, sweep) }
        let mayRepeat = binding.hasRepeatedOrders && codes.contains { $0 == binding.orderCode }
        self.filter = mayRepeat ? UnrepeatedFilter(repeated: binding.repeatedOrders, filter) : filter
        masks = Array(repeating: nil, count: codes.count)
        isMaskable = self.filter != nil
    }

    /// The rows to look at for some profiles. Where they are few, the filter is asked row by row; else it is made a
    /// mask over the rows of all profiles, once.
    func sources(for profiles: [Int32]) -> [Source] {
        codes.indices.map { index in
            let stretches = sweep.stretches(of: codes[index], in: query.window, forFew: profiles)
            guard let filter else { return Source(stretches: stretches, mask: nil, filter: nil) }
            if isMaskable, masks[index] == nil, stretches.count(of: profiles) * 8 >= stretches.rows.count {
                var mask = RowMask(sweep.stretches(of: codes[index], in: query.window))
                isMaskable = filter.refine(&mask)
                masks[index] = isMaskable ? mask : nil
            }
            return Source(stretches: stretches, mask: masks[index], filter: masks[index] == nil ? filter : nil)
        }
    }

    /// How many rows of each profile match; may stop counting at `limit`, from where on nobody cares.
    func counts(of profiles: [Int32], upTo limit: Int = .max) -> [Int32] {
        var counts = [Int32](repeating: 0, count: profiles.count)
        for source in sources(for: profiles) { source.countRows(of: profiles, upTo: limit, &counts) }
        return counts
    }

    /// The first or last matching row of each profile in history order; -1 when there is none.
    func edges(of profiles: [Int32], isFirst: Bool) -> [Int32] {
        var best = [Int32](repeating: -1, count: profiles.count)
        let times = sweep.binding.times
        for source in sources(for: profiles) {
            for (index, profile) in profiles.enumerated() {
                guard let row = Self.edge(source, profile, isFirst: isFirst) else { continue }
                let known = Int(best[index])
                if known >= 0 {
                    let isLater =
                        times[known] != times[row]
                        ? times[known] < times[row] : sweep.binding.arrivals[known] < sweep.binding.arrivals[row]
                    if isLater == isFirst { continue }
                }
                best[index] = Int32(truncatingIfNeeded: row)
            }
        }
        return best
    }

    private static func edge(_ source: Source, _ profile: Int32, isFirst: Bool) -> Int? {
        let (start, end) = source.stretches.range(profile)
        if start >= end { return nil }
        if let mask = source.mask { return mask.withBits { isFirst ? $0.first(start, end) : $0.last(start, end) } }
        guard let filter = source.filter else { return isFirst ? start : end - 1 }
        let rows = start..<end
        return isFirst ? rows.first { filter.holds($0, profile) } : rows.last { filter.holds($0, profile) }
    }
}
