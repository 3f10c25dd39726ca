import EventModel
import EventStore
import SegmentLanguage

/// All profiles of a block seen at one instant: nodes answer for many of them at a time.
///
/// A node answers for the profiles that still matter ("candidates", their indices in the block, ascending), and what
/// it said is kept. Nodes without a way of their own are asked profile by profile. Sweeps say nothing of validity.
final class BlockSweep {
    unowned let evaluator: ProfileEvaluator
    let binding: BlockBinding
    let block: HistoryBlock
    let plan: Plan
    /// The evaluation instant, ms; rows after it do not exist.
    let now: Int64
    /// The profiles that exist at `now`.
    let everybody: [Int32]
    /// No row of the block is older, ms.
    private lazy var firstTime = block.firstTimes.min() ?? .min

    /// What conditions said, by slot.
    private var verdicts: [Verdicts?]
    private var columns: [ProfileColumn?]
    private var queries: [ObjectIdentifier: QuerySweep?] = [:]
    private var stretchesOfNames: [UInt32: Stretches] = [:]
    private var stretchesInWindows: [WindowKey: Stretches] = [:]
    private var boundsOfWindows: [ObjectIdentifier: (from: Int64, to: Int64)] = [:]
    private var numbers: [NumbersKey: RowNumbers?] = [:]
    private var netOrders: [NetOrders?] = []
    private(set) lazy var visits = VisitSweep(self)
    private(set) lazy var netSums = NetSums(self)
    private lazy var carts = CartSweep(self)
    private var cartsOfProfiles: [CartHistory.State??] = []
    private var frame: Frame?
    private var profileOfFrame: Int32 = -1
    private var epochOfRoot: UInt32 = 0
    private var keysOfColumns: [Int: RowKeys] = [:]

    /// The sweep whose groups are the profiles of this one.
    struct Around {
        let sweep: BlockSweep
        /// Per group, the profile around it; ascending.
        let owners: [Int32]

        /// The profiles around some groups, each once.
        func owners(of groups: [Int32]) -> [Int32] {
            var all: [Int32] = []
            for group in groups where all.last != owners[Int(group)] { all.append(owners[Int(group)]) }
            return all
        }
    }

    let around: Around?

    init(_ evaluator: ProfileEvaluator, now: Int64, around: Around? = nil) {
        self.evaluator = evaluator
        self.around = around
        self.now = now
        binding = evaluator.binding
        block = evaluator.block
        plan = evaluator.plan
        let firstTimes = block.firstTimes
        let all = Array(0..<Int32(truncatingIfNeeded: block.profileCount))
        everybody = firstTimes.withUnsafeBufferPointer { firstTimes in all.filtered { firstTimes[Int($0)] <= now } }
        verdicts = Array(repeating: nil, count: plan.conditionSlots)
        columns = Array(repeating: nil, count: plan.valueSlots)
    }

    /// The same block at another instant.
    func at(_ instant: Int64) -> BlockSweep { instant == now ? self : evaluator.sweep(at: instant) }

    /// The frame of one profile, for nodes that answer profile by profile.
    func frame(of profile: Int32) -> Frame {
        let root = around.map { $0.sweep.frame(of: $0.owners[Int(profile)]).root }
        let isFresh = root.map { $0.epoch == epochOfRoot && frame?.root === $0 } ?? true
        if profileOfFrame == profile, isFresh, evaluator.profile == Int(profile), let frame { return frame }
        if let frame { evaluator.release(frame) }
        evaluator.begin(profile: Int(profile))
        let fresh = evaluator.frame(at: now, wantsValidity: false, root: root)
        epochOfRoot = root?.epoch ?? 0
        frame = fresh
        profileOfFrame = profile
        return fresh
    }

    /// Those of the candidates for whom a node holds, asking `decide` only for those it was not asked about before.
    func remembering(
        slot: Int, _ candidates: [Int32], _ decide: ([Int32]) -> [Int32]
    ) -> [Int32] {
        guard var known = verdicts[slot].take() else {
            let holding = decide(candidates)
            verdicts[slot] = Verdicts(asked: candidates, holding: holding)
            return holding
        }
        // Most conditions are asked about once; what they said is spread out over the profiles at the second time.
        known.spread(over: block.profileCount)
        let unknown = candidates.filtered { known.ofProfiles[Int($0)] == 0 }
        if !unknown.isEmpty { known.note(asked: unknown, holding: decide(unknown)) }
        let holding = candidates.filtered { known.ofProfiles[Int($0)] == 2 }
        verdicts[slot] = known
        return holding
    }

    /// The values of a node, filled for the candidates.
    func column(of node: ValueNode, for candidates: [Int32]) -> ProfileColumn {
        let isAround = around != nil && !node.traits.readsGroup
        let node = isAround ? node : node.swept
        let column: ProfileColumn
        if let known = columns[node.slot] {
            column = known
        } else {
            column = ProfileColumn(kind: kind(of: node), count: block.profileCount)
            columns[node.slot] = column
        }
        let missing = column.missing(of: candidates)
        if missing.isEmpty { return column }
        if isAround, let around {
            let values = around.sweep.column(of: node, for: around.owners(of: missing))
            for group in missing { column.set(values.value(around.owners[Int(group)]), group) }
        } else {
            node.fill(column, missing, self)
        }
        return column
    }

    /// What the column of a node holds, as far as that is known before.
    func kind(of node: ValueNode) -> ProfileColumn.Kind {
        around != nil && !node.traits.readsGroup ? .any : node.swept.columnKind(self)
    }

    func cart(of profile: Int32) -> CartHistory.State? {
        if cartsOfProfiles.isEmpty { cartsOfProfiles = Array(repeating: nil, count: block.profileCount) }
        if let known = cartsOfProfiles[Int(profile)] { return known }
        let state = carts?.state(of: profile)
        cartsOfProfiles[Int(profile)] = .some(state)
        return state
    }

    func netOrders(of profile: Int32) -> NetOrders {
        if netOrders.isEmpty { netOrders = Array(repeating: nil, count: block.profileCount) }
        if let known = netOrders[Int(profile)] { return known }
        let net = NetOrders(frame(of: profile))
        netOrders[Int(profile)] = net
        return net
    }

    // MARK: - Rows

    /// Keys of the values that a path has for events; nil where items or the catalogue may have some as well.
    func keys(of path: PathSlot) -> RowKeys? {
        guard path.path.scope != .items, !(binding.hasCatalogue && path.usesCatalogue) else { return nil }
        if let known = keysOfColumns[path.column] { return known }
        let keys = RowKeys(binding.filledColumn(path.column))
        keysOfColumns[path.column] = keys
        return keys
    }

    /// How many visits each profile has that a query asks for; nil where they must be looked at one by one.
    func visitCounts(_ query: QueryNode, _ profiles: [Int32]) -> [Int32]? {
        guard query.pattern.isVisit, query.filter == nil, query.window?.anchor == nil else { return nil }
        let (from, to) = query.window.map { bounds(of: $0) } ?? (.min, .max)
        return visits.counts(of: profiles, from: from, to: to)
    }

    /// The same, counted no further than `limit`, from where on nobody cares.
    func visitCounts(_ query: QueryNode, _ profiles: [Int32], upTo limit: Int) -> [Int32]? {
        guard query.pattern.isVisit, query.filter == nil, query.window == nil else {
            return visitCounts(query, profiles)
        }
        return visits.counts(of: profiles, upTo: limit)
    }

    /// Whether the values of a node are there already for somebody.
    func hasColumn(of node: ValueNode) -> Bool { columns[node.swept.slot] != nil }

    /// A query made ready for this block and instant; nil for visits, and for what sees only some rows of a run.
    func query(_ node: QueryNode) -> QuerySweep? {
        if let known = queries[ObjectIdentifier(node)] { return known }
        let isSwept = !node.pattern.isVisit && node.window?.anchor.map { query($0.query) != nil } ?? true
        let made = isSwept ? QuerySweep(node, self) : nil
        queries[ObjectIdentifier(node)] = .some(made)
        return made
    }

    /// The numbers that an aggregate's X has for the rows of a query, one for each of its names; nil where X must
    /// be asked for row by row.
    func numbers(of expression: ValueNode?, _ query: QuerySweep) -> [RowNumbers]? {
        guard let expression else { return nil }
        var all: [RowNumbers] = []
        for rows in query.rowsOfNames {
            let key = NumbersKey(expression: ObjectIdentifier(expression), rows: rows)
            let made: RowNumbers?
            if let known = numbers[key] {
                made = known
            } else {
                made = RowNumbersMaker(sweep: self, rows: rows).make(expression)
                numbers[key] = .some(made)
            }
            guard let made, made.exponent == all.first?.exponent ?? made.exponent else { return nil }
            all.append(made)
        }
        return all
    }

    /// The rows of a name that are there at the sweep's instant, as far as a window holds them.
    func stretches(of code: UInt32, in window: WindowNode?) -> Stretches {
        let all: Stretches
        if let known = stretchesOfNames[code] {
            all = known
        } else {
            all = Stretches(of: code, block, now: now)
            stretchesOfNames[code] = all
        }
        guard let window, !all.rows.isEmpty else { return all }
        if window.anchor == nil { return stretches(all, of: code, bounds(of: window)) }
        let key = WindowKey(code: code, window: ObjectIdentifier(window))
        if let known = stretchesInWindows[key] { return known }
        let cut = anchored(all, window)
        stretchesInWindows[key] = cut
        return cut
    }

    /// The rows of a name between two instants, the second one not included.
    func stretches(of code: UInt32, between bounds: (from: Int64, to: Int64)) -> Stretches {
        stretches(stretches(of: code, in: nil), of: code, bounds)
    }

    /// The same as far as they are those of some profiles, who are few beside all: for these alone, unless all are known.
    func stretches(of code: UInt32, in window: WindowNode?, forFew profiles: [Int32]) -> Stretches {
        let all = stretches(of: code, in: nil)
        guard let window, window.anchor == nil, profiles.count * 4 < all.profiles.count else {
            return stretches(of: code, in: window)
        }
        let bounds = seen(bounds(of: window))
        if bounds.from == .min, bounds.to == .max { return all }
        return stretchesInWindows[WindowKey(code: code, from: bounds.from, to: bounds.to)]
            ?? Stretches(all, from: bounds.from, to: bounds.to, block, of: profiles)
    }

    private func stretches(_ all: Stretches, of code: UInt32, _ bounds: (from: Int64, to: Int64)) -> Stretches {
        let bounds = seen(bounds)
        if bounds.from == .min, bounds.to == .max { return all }
        let key = WindowKey(code: code, from: bounds.from, to: bounds.to)
        if let known = stretchesInWindows[key] { return known }
        let cut = Stretches(all, from: key.from, to: key.to, block)
        stretchesInWindows[key] = cut
        return cut
    }

    /// Bounds that cut nothing off are none: rows after now are not there anyway, and a window may be older than the block.
    private func seen(_ bounds: (from: Int64, to: Int64)) -> (from: Int64, to: Int64) {
        (bounds.from <= firstTime ? .min : bounds.from, bounds.to > now ? .max : bounds.to)
    }

    /// The first time inside a window without an anchor, and the first after it.
    func bounds(of window: WindowNode) -> (from: Int64, to: Int64) {
        if let known = boundsOfWindows[ObjectIdentifier(window)] { return known }
        let frame = evaluator.frame(at: now, wantsValidity: false)
        let span = window.span(frame)
        evaluator.release(frame)
        let bounds = (span.start.time, span.end.time)
        boundsOfWindows[ObjectIdentifier(window)] = bounds
        return bounds
    }

    /// Rows before or after each profile's own first or last event of a kind.
    private func anchored(_ all: Stretches, _ window: WindowNode) -> Stretches {
        guard let anchor = window.anchor, let query = query(anchor.query) else { return all }
        let edges = query.edges(of: everybody, isFirst: anchor.edge == .first)
        var rowOfProfile = [Int32](repeating: -1, count: block.profileCount)
        for (profile, row) in zip(everybody, edges) { rowOfProfile[Int(profile)] = row }
        let times = binding.times
        return Stretches(all) { profile, rows in
            let anchor = Int(rowOfProfile[Int(profile)])
            switch window.kind {
            case .since:
                return anchor < 0 ? rows : firstRow(after: anchor, rows)..<rows.upperBound
            case .beforeEvent:
                return anchor < 0 ? rows : rows.lowerBound..<firstRow(atOrAfter: anchor, rows)
            case .withinAfter(let length, _):
                guard anchor >= 0 else { return rows.upperBound..<rows.upperBound }
                let first = firstRow(after: anchor, rows)
                let limit = times[anchor].addingSaturating(length).addingSaturating(1)
                let last = times.withUnsafeBufferPointer {
                    Stretches.firstRow(limit, rows.lowerBound, rows.upperBound, $0)
                }
                return first..<max(first, last)
            default: return rows
            }
        }
    }

    /// The first of some rows of one run that comes after another row in history order.
    private func firstRow(after anchor: Int, _ rows: Range<Int>) -> Int {
        var row = firstRow(atOrAfter: anchor, rows)
        while row < rows.upperBound, row == anchor { row += 1 }
        return row
    }

    private func firstRow(atOrAfter anchor: Int, _ rows: Range<Int>) -> Int {
        let time = binding.times[anchor]
        var row = binding.times.withUnsafeBufferPointer {
            Stretches.firstRow(time, rows.lowerBound, rows.upperBound, $0)
        }
        while row < rows.upperBound, binding.times[row] == time, binding.arrivals[row] < binding.arrivals[anchor] {
            row += 1
        }
        return row
    }

    /// What a condition said of the profiles it was asked about.
    private struct Verdicts {
        /// Those of the first time; empty once they are spread out.
        private var asked: [Int32]
        private var holding: [Int32]
        /// By profile: 0 not asked, 1 fails, 2 holds.
        private(set) var ofProfiles: [UInt8] = []

        init(asked: [Int32], holding: [Int32]) {
            self.asked = asked
            self.holding = holding
        }

        mutating func spread(over count: Int) {
            guard ofProfiles.isEmpty else { return }
            ofProfiles = Array(repeating: 0, count: count)
            note(asked: asked, holding: holding)
            (asked, holding) = ([], [])
        }

        mutating func note(asked: [Int32], holding: [Int32]) {
            ofProfiles.withUnsafeMutableBufferPointer { verdicts in
                for profile in asked { verdicts[Int(profile)] = 1 }
                for profile in holding { verdicts[Int(profile)] = 2 }
            }
        }
    }

    private struct WindowKey: Hashable {
        var code: UInt32
        var from: Int64 = .min
        var to: Int64 = .max
        var window: ObjectIdentifier?
    }

    private struct NumbersKey: Hashable {
        var expression: ObjectIdentifier
        var rows: Range<Int>
    }
}

extension [Int32] {
    /// Those that are not in `others`; both ascend.
    func subtracting(_ others: [Int32]) -> [Int32] {
        if others.isEmpty { return self }
        var rest: [Int32] = []
        rest.reserveCapacity(count - Swift.min(count, others.count))
        var place = 0
        for element in self {
            while place < others.count, others[place] < element { place += 1 }
            if place < others.count, others[place] == element { continue }
            rest.append(element)
        }
        return rest
    }

    /// Those of both, ascending; both ascend.
    func merged(with others: [Int32]) -> [Int32] {
        if others.isEmpty { return self }
        if isEmpty { return others }
        var all: [Int32] = []
        all.reserveCapacity(count + others.count)
        var (left, right) = (0, 0)
        while left < count || right < others.count {
            if right == others.count || (left < count && self[left] < others[right]) {
                all.append(self[left])
                left += 1
            } else {
                if left < count, self[left] == others[right] { left += 1 }
                all.append(others[right])
                right += 1
            }
        }
        return all
    }
}
