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
        let binding = around.binding
        guard let paths = node.columns, around.block.itemCount == 0, let keys = around.keys(of: node.path),
            !(node.makers ?? []).contains(where: \.isVisit)
        else { return nil }
        var names = Self.names(of: node, around)
        let repeated = binding.hasRepeatedOrders ? binding.repeatedOrders : nil
        var owners: [Int32] = []
        var groups = KeyNotes()
        for profile in candidates {
            for index in names.indices {
                let (start, end) = names[index].stretches.range(profile)
                let mayRepeat = names[index].code == binding.orderCode
                for row in start..<end {
                    if mayRepeat, let repeated, repeated.contains(row) { continue }
                    let key = keys.key(row)
                    if key < 0 { continue }
                    if let group = groups.note(key, for: profile) {
                        names[index].add(row, to: group)
                    } else if names[index].makes {
                        let group = Int32(truncatingIfNeeded: owners.count)
                        owners.append(profile)
                        groups.set(group, key, for: profile)
                        names[index].add(row, to: group)
                    }
                }
            }
        }
        var rows: [UInt32] = []
        var sections: [HistoryBlock.Section] = []
        for name in names {
            if let section = name.section(groups: owners.count, rows: &rows) { sections.append(section) }
        }
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
        let codes = making.union(node.patterns.flatMap { binding.codes(of: $0) })
        let ordered = codes.sorted { (making.contains($0) ? 0 : 1, $0) < (making.contains($1) ? 0 : 1, $1) }
        return ordered.map {
            Name(code: $0, makes: making.contains($0), stretches: around.stretches(of: $0, in: nil))
        }
    }

    /// The rows under one name, with their groups.
    private struct Name {
        let code: UInt32
        let makes: Bool
        let stretches: Stretches
        private var rows: [UInt32] = []
        private var groups: [Int32] = []

        init(code: UInt32, makes: Bool, stretches: Stretches) {
            self.code = code
            self.makes = makes
            self.stretches = stretches
        }

        @inline(__always)
        mutating func add(_ row: Int, to group: Int32) {
            rows.append(UInt32(truncatingIfNeeded: row))
            groups.append(group)
        }

        /// Appends the rows group by group, in history order within each.
        func section(groups count: Int, rows all: inout [UInt32]) -> HistoryBlock.Section? {
            if rows.isEmpty { return nil }
            let first = all.count
            var ends = [UInt32](repeating: 0, count: count)
            for group in groups { ends[Int(group)] += 1 }
            var profiles: [Int32] = []
            var starts: [UInt32] = []
            var next = UInt32(truncatingIfNeeded: first)
            for group in 0..<count where ends[group] > 0 {
                profiles.append(Int32(truncatingIfNeeded: group))
                starts.append(next)
                (ends[group], next) = (next, next + ends[group])
            }
            starts.append(next)
            all.append(contentsOf: repeatElement(0, count: rows.count))
            for (row, group) in zip(rows, groups) {
                all[Int(ends[Int(group)])] = row
                ends[Int(group)] += 1
            }
            return HistoryBlock.Section(name: code, profiles: profiles, starts: starts)
        }
    }
}
