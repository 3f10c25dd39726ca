import EventModel
import EventStore
import SegmentLanguage

/// C of `for P: C` where it asks of a group only how often events are in it: these counts are found for all groups of a
/// profile in one pass over its rows, without making blocks of groups.
struct GroupCounts: Sendable {
    /// How many different counts C may ask for.
    private static let mostCounts = 6

    let body: ConditionNode
    let path: PathSlot
    let counts: [DidNode]
    /// Whether an answer for one profile needs no more than the counts, and with which event each turns.
    let isPlainInTime: Bool
    /// Whether C holds, as the bit at a place made of the counts: its bit i is set where count i is as asked.
    private let verdicts: UInt64

    /// Nil where C asks for more, and where it may hold in groups without any of the events.
    init?(_ body: ConditionNode, by path: PathSlot) {
        var counts: [DidNode] = []
        guard Self.collect(body, &counts), counts.count <= Self.mostCounts else { return nil }
        self.body = body
        self.path = path
        self.counts = counts
        isPlainInTime = counts.allSatisfy { Self.isPlainInTime($0) }
        verdicts = (0..<(1 << UInt64(counts.count))).reduce(0) { verdicts, place in
            Self.holds(body, counts, place) ? verdicts | 1 << place : verdicts
        }
        var none: UInt64 = 0
        for (index, count) in counts.enumerated() where count.requirement.isMet(by: 0) { none |= 1 << UInt64(index) }
        if verdicts >> none & 1 == 1 { return nil }
    }

    /// Adds the counts that a condition is made of, each once; false where it is made of anything else.
    private static func collect(_ condition: ConditionNode, _ counts: inout [DidNode]) -> Bool {
        switch condition {
        case let node as AndNode: return node.operands.allSatisfy { collect($0, &counts) }
        case let node as OrNode: return node.operands.allSatisfy { collect($0, &counts) }
        case let node as NotNode: return collect(node.operand, &counts)
        case let node as DidNode:
            let query = node.query
            guard node.requirement.unit == .times, !query.pattern.isVisit, query.window?.anchor == nil,
                !(query.filter?.traits.readsGroup ?? false)
            else { return false }
            if !counts.contains(where: { $0 === node }) { counts.append(node) }
            return true
        default: return false
        }
    }

    private static func holds(_ condition: ConditionNode, _ counts: [DidNode], _ place: UInt64) -> Bool {
        switch condition {
        case let node as AndNode: node.operands.allSatisfy { holds($0, counts, place) }
        case let node as OrNode: node.operands.contains { holds($0, counts, place) }
        case let node as NotNode: !holds(node.operand, counts, place)
        default: counts.firstIndex { $0 === condition }.map { place >> UInt64($0) & 1 == 1 } ?? false
        }
    }

    /// The candidates of whose groups C holds for at least `least`; nil where groups must be formed: events have items,
    /// or the values of P are not those of one dictionary.
    func sift(_ candidates: [Int32], atLeast least: Int, _ sweep: BlockSweep) -> [Int32]? {
        guard sweep.block.itemCount == 0, let keys = sweep.keys(of: path), !keys.keyOfCode.isEmpty else { return nil }
        var sources: [Source] = []
        for (index, count) in counts.enumerated() {
            guard let query = sweep.query(count.query) else { return nil }
            for source in query.sources(for: candidates) { sources.append((index, source)) }
        }
        let limit = keys.keyOfCode.count
        // Per key what was counted of it, and a place for what has no key.
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: (limit + 1) * counts.count) { found in
            found.initialize(repeating: 0)
            return keys.codes.withReader { codes in
                keys.keyOfCode.withUnsafeBufferPointer { keyOfCode in
                    sources.withUnsafeBufferPointer { sources in
                        limit <= 64
                            ? siftFew(candidates, sources, codes, keyOfCode, found, atLeast: least)
                            : siftMany(candidates, sources, codes, keyOfCode, found, atLeast: least)
                    }
                }
            }
        }
    }

    private typealias Source = (index: Int, rows: QuerySweep.Source)

    /// - Parameters:
    ///   - keyOfCode: keys below 64.
    ///   - found: zeros, for each key as many as there are counts, and as many before them.
    private func siftFew(
        _ candidates: [Int32], _ sources: UnsafeBufferPointer<Source>, _ codes: SliceReader<UInt32>,
        _ keyOfCode: UnsafeBufferPointer<Int32>, _ found: UnsafeMutableBufferPointer<Int32>, atLeast least: Int
    ) -> [Int32] {
        let test = CountTest(self)
        return candidates.filtered { profile in
            // A bit for each key that was met.
            var met: UInt64 = 0
            for place in sources.indices {
                let index = sources[place].index
                sources[place].rows.forEachRow(of: profile) { row in
                    let slot = Int(keyOfCode[Int(codes[row])]) &+ 1
                    found[slot &* test.count &+ index] &+= 1
                    met |= slot == 0 ? 0 : 1 &<< UInt64(truncatingIfNeeded: slot &- 1)
                }
            }
            var holding = 0
            while met != 0 {
                let slot = met.trailingZeroBitCount &+ 1
                met &= met &- 1
                holding &+= test.take(found, slot &* test.count)
            }
            return holding >= least
        }
    }

    /// The same for any keys: those that were met are noted one by one.
    private func siftMany(
        _ candidates: [Int32], _ sources: UnsafeBufferPointer<Source>, _ codes: SliceReader<UInt32>,
        _ keyOfCode: UnsafeBufferPointer<Int32>, _ found: UnsafeMutableBufferPointer<Int32>, atLeast least: Int
    ) -> [Int32] {
        let test = CountTest(self)
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: keyOfCode.count * 2) { notes in
            // Which profile a key was last met of, and the keys of the profile at hand.
            notes.initialize(repeating: -1)
            let met = keyOfCode.count
            return candidates.filtered { profile in
                var keysMet = 0
                for place in sources.indices {
                    let index = sources[place].index
                    sources[place].rows.forEachRow(of: profile) { row in
                        let key = Int(keyOfCode[Int(codes[row])])
                        if key < 0 { return }
                        if notes[key] != profile {
                            notes[key] = profile
                            notes[met &+ keysMet] = Int32(truncatingIfNeeded: key)
                            keysMet &+= 1
                        }
                        found[(key &+ 1) &* test.count &+ index] &+= 1
                    }
                }
                var holding = 0
                for place in 0..<keysMet { holding &+= test.take(found, (Int(notes[met &+ place]) &+ 1) &* test.count) }
                return holding >= least
            }
        }
    }

    /// What decides about one group.
    private struct CountTest {
        let count: Int
        private let bounds: [(least: Int32, most: Int32)]
        private let verdicts: UInt64

        init(_ counts: GroupCounts) {
            bounds = counts.counts.map(\.requirement.bounds)
            count = bounds.count
            verdicts = counts.verdicts
        }

        /// 1 where C holds, 0 where it does not; what was counted from `first` on is zero again afterwards.
        @inline(__always)
        func take(_ found: UnsafeMutableBufferPointer<Int32>, _ first: Int) -> Int {
            var place: UInt64 = 0
            for index in 0..<count {
                let number = found[first &+ index]
                found[first &+ index] = 0
                let isMet = number >= bounds[index].least && number <= bounds[index].most
                place |= (isMet ? 1 : 0) &<< UInt64(truncatingIfNeeded: index)
            }
            return Int(truncatingIfNeeded: verdicts &>> place & 1)
        }
    }
}
