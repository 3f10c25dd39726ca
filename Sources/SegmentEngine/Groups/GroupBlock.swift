import Columns
import EventModel
import EventStore

/// The groups of `for P` of many profiles, as the profiles of a block of their own: what C asks of a group is then
/// swept like anything else. What speaks of the profile itself is asked of the sweep around.
///
/// Complexity: O(rows of the names asked about).
struct GroupBlock {
    private let evaluator: ProfileEvaluator
    private let sweep: BlockSweep
    /// The profile that each group belongs to; ascending.
    private let owners: [Int32]
    private let profileCount: Int

    /// Nil where groups must be formed one by one: events in them have items, values come from the catalogue, or C
    /// asks for more than their events.
    init?(_ node: ForGroupsNode, _ candidates: [Int32], _ around: BlockSweep) {
        guard let paths = node.columns, around.block.itemCount == 0, let keys = around.keys(of: node.path),
            !(node.makers ?? []).contains(where: \.isVisit)
        else { return nil }
        let names = Self.names(of: node, around)
        let (owners, rows, sections) = Self.groups(names, keys, candidates, around)
        let block = around.block.picking(rows, in: sections, of: owners, paths: paths)
        self.owners = owners
        profileCount = around.block.profileCount
        evaluator = ProfileEvaluator(plan: around.plan, block: block, ranks: around.evaluator.ranks)
        sweep = BlockSweep(evaluator, now: around.now, around: BlockSweep.Around(sweep: around, owners: owners))
    }

    /// How many groups each profile has, by its index in the block around.
    var counts: [Int32] { counted(sweep.everybody) }

    /// For how many groups of each profile C holds.
    func holding(_ body: ConditionNode) -> [Int32] { counted(body.members(among: sweep.everybody, sweep)) }

    private func counted(_ groups: [Int32]) -> [Int32] {
        var counts = [Int32](repeating: 0, count: profileCount)
        for group in groups { counts[Int(owners[Int(group)])] += 1 }
        return counts
    }

    /// The names asked about, those first whose events make groups.
    private static func names(of node: ForGroupsNode, _ around: BlockSweep) -> [Name] {
        let binding = around.binding
        let making = Set((node.makers ?? node.patterns).flatMap { binding.codes(of: $0) })
        var seen: [UInt32: GroupRows] = [:]
        for (pattern, rows) in zip(node.patterns, node.rows) {
            for code in binding.codes(of: pattern) { seen[code] = seen[code]?.union(rows) ?? rows }
        }
        for code in making where seen[code] == nil { seen[code] = .all }
        let ordered = seen.sorted {
            (making.contains($0.key) ? 0 : 1, $0.key) < (making.contains($1.key) ? 0 : 1, $1.key)
        }
        return ordered.map { code, rows in
            // Without makers any event makes a group, whenever it was.
            let stretches: Stretches
            if case .within(let windows) = rows, node.makers != nil {
                let bounds = windows.map { around.bounds(of: $0) }
                stretches = around.stretches(
                    of: code, between: (bounds.map(\.from).min() ?? .min, bounds.map(\.to).max() ?? .max))
            } else {
                stretches = around.stretches(of: code, in: nil)
            }
            return Name(code: code, makes: making.contains(code), stretches: stretches)
        }
    }

    /// A name whose rows go into groups.
    private struct Name {
        let code: UInt32
        let makes: Bool
        let stretches: Stretches
    }

    /// The rows of one name as they come, and the group of each.
    private struct Members {
        let rows: UnsafeMutableBufferPointer<UInt32>
        let groups: UnsafeMutableBufferPointer<Int32>
        var count = 0

        @inline(__always)
        mutating func add(_ row: Int, to group: Int32) {
            rows.initializeElement(at: count, to: UInt32(truncatingIfNeeded: row))
            groups.initializeElement(at: count, to: group)
            count &+= 1
        }
    }

    /// The owners of all groups, the rows name by name and group by group, and where these stand.
    private static func groups(
        _ names: [Name], _ keys: RowKeys, _ candidates: [Int32], _ around: BlockSweep
    ) -> (owners: [Int32], rows: [UInt32], sections: [HistoryBlock.Section]) {
        var owners: [Int32] = []
        var rows: [UInt32] = []
        var sections: [HistoryBlock.Section] = []
        let counts = names.map { $0.stretches.count(of: candidates) }
        let total = counts.reduce(0, +)
        if total == 0 { return (owners, rows, sections) }
        rows.reserveCapacity(total)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: total) { allRows in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: total) { allGroups in
                var members: [Members] = []
                var first = 0
                for count in counts {
                    members.append(
                        Members(
                            rows: UnsafeMutableBufferPointer(rebasing: allRows[first..<(first + count)]),
                            groups: UnsafeMutableBufferPointer(rebasing: allGroups[first..<(first + count)])))
                    first += count
                }
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: around.block.rowCount) { keyOfRow in
                    var limit = 0
                    for name in names { limit = max(limit, keys.write(name.stretches.rows, to: keyOfRow)) }
                    members.withUnsafeMutableBufferPointer { members in
                        owners = assign(names, UnsafeBufferPointer(keyOfRow), limit, candidates, around, members)
                    }
                }
                for (name, members) in zip(names, members) {
                    if let section = section(of: name, members, groups: owners.count, &rows) {
                        sections.append(section)
                    }
                }
            }
        }
        return (owners, rows, sections)
    }

    /// Puts the rows of the candidates into groups, which are numbered as they are met.
    ///
    /// - Parameters:
    ///   - limit: all keys are below it.
    ///   - members: by name; has room for all rows of the candidates.
    private static func assign(
        _ names: [Name], _ keyOfRow: UnsafeBufferPointer<Int32>, _ limit: Int, _ candidates: [Int32],
        _ around: BlockSweep, _ members: UnsafeMutableBufferPointer<Members>
    ) -> [Int32] {
        let binding = around.binding
        let repeated = binding.hasRepeatedOrders ? binding.repeatedOrders : nil
        var owners: [Int32] = []
        // Which profile a key was last seen of, and its group there.
        return withUnsafeTemporaryAllocation(of: (owner: Int32, group: Int32).self, capacity: max(limit, 1)) { notes in
            notes.initialize(repeating: (-1, 0))
            for profile in candidates {
                for index in names.indices {
                    let (start, end) = names[index].stretches.range(profile)
                    if start >= end { continue }
                    let makes = names[index].makes
                    let left = names[index].code == binding.orderCode ? repeated : nil
                    for row in start..<end {
                        let key = Int(keyOfRow[row])
                        if key < 0 { continue }
                        if let left, left.contains(row) { continue }
                        if notes[key].owner != profile {
                            if !makes { continue }
                            notes[key] = (profile, Int32(truncatingIfNeeded: owners.count))
                            owners.append(profile)
                        }
                        members[index].add(row, to: notes[key].group)
                    }
                }
            }
            return owners
        }
    }

    /// Appends the rows of a name group by group, in history order within each; nil when it has none.
    private static func section(
        of name: Name, _ members: Members, groups count: Int, _ all: inout [UInt32]
    ) -> HistoryBlock.Section? {
        if members.count == 0 { return nil }
        let first = all.count
        var ends = [UInt32](repeating: 0, count: count)
        for place in 0..<members.count { ends[Int(members.groups[place])] += 1 }
        var profiles: [Int32] = []
        var starts: [UInt32] = []
        profiles.reserveCapacity(count)
        starts.reserveCapacity(count + 1)
        var next = UInt32(truncatingIfNeeded: first)
        for group in 0..<count where ends[group] > 0 {
            profiles.append(Int32(truncatingIfNeeded: group))
            starts.append(next)
            (ends[group], next) = (next, next + ends[group])
        }
        starts.append(next)
        all.append(contentsOf: repeatElement(0, count: members.count))
        all.withUnsafeMutableBufferPointer { all in
            ends.withUnsafeMutableBufferPointer { ends in
                for place in 0..<members.count {
                    let group = Int(members.groups[place])
                    all[Int(ends[group])] = members.rows[place]
                    ends[group] &+= 1
                }
            }
        }
        return HistoryBlock.Section(name: name.code, profiles: profiles, starts: starts)
    }
}
