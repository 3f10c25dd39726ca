import Columns

/// Which rows of a stored block are whose, and under which event name.
struct BlockDirectory: Sendable {
    /// Ascending.
    let profiles: [ProfileNumber]
    let firstTimes: [Int64]
    let lastTimes: [Int64]
    /// Over the rows as they are stored; names are codes of the part.
    let sections: [HistoryBlock.Section]
    /// The first stored item of each section, and the count of all.
    let itemStarts: [Int]

    /// How the rows lie, for reading columns.
    var rowShapes: [SectionedValues.Shape] {
        sections.map { SectionedValues.Shape(rows: $0.rows.count, runs: $0.profiles.count) }
    }

    /// The same of the items; those of a section are one run.
    var itemShapes: [SectionedValues.Shape] {
        sections.indices.map { SectionedValues.Shape(rows: itemStarts[$0 + 1] - itemStarts[$0], runs: 1) }
    }

    /// Where a profile stands in the block.
    func position(of profile: ProfileNumber) -> Int? {
        let place = firstPosition(from: profile)
        return place < profiles.count && profiles[place] == profile ? place : nil
    }

    /// The first position whose profile is `profile` or later.
    func firstPosition(from profile: ProfileNumber) -> Int {
        var (lower, upper) = (0, profiles.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if profiles[middle] < profile { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }

    /// The stored rows of a profile, by its position; a range for each event name.
    func rows(of position: Int) -> [Range<Int>] {
        sections.map { $0.rows(of: Int32(position)) }.filter { !$0.isEmpty }
    }

    /// All rows.
    var everything: RowSelection {
        var selection = RowSelection()
        for (index, section) in sections.enumerated() { selection.append(section: index, [0..<section.rows.count]) }
        return selection
    }

    /// The rows of some profiles under some names, as the sections of a block in which both rows and profiles count
    /// from 0.
    ///
    /// - Parameters:
    ///   - positions: the profiles' positions, ascending.
    ///   - isWanted: by name code.
    func pick(_ positions: [Int], _ isWanted: [Bool]) -> (sections: [HistoryBlock.Section], rows: RowSelection) {
        var rows = RowSelection()
        var picked: [HistoryBlock.Section] = []
        let isStretch = positions.count > 1 && positions[positions.count - 1] - positions[0] == positions.count - 1
        for (index, section) in sections.enumerated() where isWanted[Int(section.name)] {
            let start = UInt32(rows.count)
            if positions.count == profiles.count {
                picked.append(section.moved(to: start))
                rows.append(section: index, [0..<section.rows.count])
            } else if let some = isStretch
                ? section.cutting(positions[0], positions.count, from: start) : section.picking(positions, from: start)
            {
                picked.append(some.section)
                rows.append(section: index, some.ranges)
            }
        }
        return (picked, rows)
    }
}

extension HistoryBlock.Section {
    /// The same rows counted from another first one.
    fileprivate func moved(to start: UInt32) -> HistoryBlock.Section {
        let shift = starts[0] &- start
        if shift == 0 { return self }
        return HistoryBlock.Section(name: name, profiles: profiles, starts: starts.map { $0 &- shift })
    }

    /// The same as `picking` for profiles that stand side by side.
    fileprivate func cutting(
        _ first: Int, _ count: Int, from start: UInt32
    ) -> (section: HistoryBlock.Section, ranges: [Range<Int>])? {
        let (lower, upper) = (index(from: first), index(from: first + count))
        guard lower < upper else { return nil }
        let shift = starts[lower] &- start
        let section = HistoryBlock.Section(
            name: name, profiles: profiles[lower..<upper].map { $0 &- Int32(first) },
            starts: starts[lower...upper].map { $0 &- shift })
        return (section, [Int(starts[lower] - starts[0])..<Int(starts[upper] - starts[0])])
    }

    /// Where the first profile at or after one stands.
    private func index(from profile: Int) -> Int {
        var (low, high) = (0, profiles.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(profiles[middle]) < profile { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The runs of some profiles, who count from 0, as a section of its own, and which rows these are, counted from the
    /// first; nil when they have none.
    fileprivate func picking(
        _ positions: [Int], from start: UInt32
    ) -> (section: HistoryBlock.Section, ranges: [Range<Int>])? {
        var chosen: [Int32] = []
        var newStarts: [UInt32] = []
        var ranges: [Range<Int>] = []
        var row = start
        for (index, position) in positions.enumerated() {
            let own = rows(of: Int32(position))
            guard !own.isEmpty else { continue }
            chosen.append(Int32(index))
            newStarts.append(row)
            ranges.append((own.lowerBound - rows.lowerBound)..<(own.upperBound - rows.lowerBound))
            row += UInt32(own.count)
        }
        guard !chosen.isEmpty else { return nil }
        newStarts.append(row)
        return (HistoryBlock.Section(name: name, profiles: chosen, starts: newStarts), ranges)
    }
}
