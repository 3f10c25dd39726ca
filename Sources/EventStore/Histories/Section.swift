extension HistoryBlock {
    /// The rows of one event name: each profile's lie side by side in history order, and profiles ascend.
    package struct Section: Hashable, Sendable {
        package let name: UInt32
        package let rows: Range<Int>
        /// The profiles that have rows here, as their indexes in the block; ascending.
        package let profiles: [Int32]
        /// The row of the block at which each of `profiles` begins, and the end of the last one; count profiles + 1.
        package let starts: [UInt32]

        /// - Precondition: both lists ascend, and there is at least one profile.
        package init(name: UInt32, profiles: [Int32], starts: [UInt32]) {
            precondition(starts.count == profiles.count + 1, "\(starts.count) starts for \(profiles.count) profiles")
            self.name = name
            self.profiles = profiles
            self.starts = starts
            rows = Int(starts[0])..<Int(starts[profiles.count])
        }

        /// The rows of a profile, by its index in the block; empty when it has none. Complexity: O(log profiles).
        package func rows(of profile: Int32) -> Range<Int> {
            var low = 0
            var high = profiles.count
            while low < high {
                let middle = (low + high) / 2
                if profiles[middle] < profile { low = middle + 1 } else { high = middle }
            }
            guard low < profiles.count, profiles[low] == profile else { return 0..<0 }
            return Int(starts[low])..<Int(starts[low + 1])
        }
    }

    /// The rows of one profile under one event name, in history order.
    package struct Run: Hashable, Sendable {
        package let name: UInt32
        package let rows: Range<Int>

        package init(name: UInt32, rows: Range<Int>) {
            self.name = name
            self.rows = rows
        }
    }
}

/// Makes the sections of rows that come clustered by (event name, profile).
struct SectionsBuilder {
    private var sections: [HistoryBlock.Section] = []
    private var name: UInt32?
    private var profiles: [Int32] = []
    private var starts: [UInt32] = []
    private var row: UInt32 = 0

    /// Adds the next row.
    ///
    /// - Precondition: all rows of a name come one after the other, and so all rows of a profile among them.
    mutating func addRow(name: UInt32, profile: Int) {
        addRun(name: name, profile: profile, rows: 1)
    }

    /// Adds the next rows, all of one profile and name; at least one.
    mutating func addRun(name: UInt32, profile: Int, rows: Int) {
        if name != self.name { endSection() }
        self.name = name
        if profiles.last != Int32(profile) {
            profiles.append(Int32(profile))
            starts.append(row)
        }
        row += UInt32(rows)
    }

    private mutating func endSection() {
        guard let name else { return }
        starts.append(row)
        sections.append(HistoryBlock.Section(name: name, profiles: profiles, starts: starts))
        profiles = []
        starts = []
    }

    consuming func finish() -> [HistoryBlock.Section] {
        endSection()
        return sections
    }
}
