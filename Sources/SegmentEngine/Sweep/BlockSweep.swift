import EventModel
import EventStore

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
    let runs: RunTable

    /// What conditions said, by slot and profile: 0 not asked, 1 fails, 2 holds.
    private var verdicts: [[UInt8]]
    private var columns: [ProfileColumn?]
    private var queries: [ObjectIdentifier: QuerySweep] = [:]
    private var numbers: [ObjectIdentifier: RowNumber?] = [:]
    private var netOrders: [NetOrders?] = []
    private var frame: Frame?
    private var profileOfFrame: Int32 = -1

    init(_ evaluator: ProfileEvaluator, now: Int64) {
        self.evaluator = evaluator
        self.now = now
        binding = evaluator.binding
        block = evaluator.block
        plan = evaluator.plan
        let firstTimes = block.firstTimes
        everybody = (0..<Int32(truncatingIfNeeded: block.profileCount)).filter { firstTimes[Int($0)] <= now }
        runs = RunTable(block, now: now)
        verdicts = Array(repeating: [], count: plan.conditionSlots)
        columns = Array(repeating: nil, count: plan.valueSlots)
    }

    /// The same block at another instant.
    func at(_ instant: Int64) -> BlockSweep { instant == now ? self : evaluator.sweep(at: instant) }

    /// The frame of one profile, for nodes that answer profile by profile.
    func frame(of profile: Int32) -> Frame {
        if profileOfFrame == profile, evaluator.profile == Int(profile), let frame { return frame }
        if let frame { evaluator.release(frame) }
        evaluator.begin(profile: Int(profile))
        let fresh = evaluator.frame(at: now, wantsValidity: false)
        frame = fresh
        profileOfFrame = profile
        return fresh
    }

    /// Those of the candidates for whom a node holds, asking `decide` only for those it was not asked about before.
    func remembering(
        slot: Int, _ candidates: [Int32], _ decide: ([Int32]) -> [Int32]
    ) -> [Int32] {
        if verdicts[slot].isEmpty {
            let holding = decide(candidates)
            var verdict = [UInt8](repeating: 0, count: block.profileCount)
            for profile in candidates { verdict[Int(profile)] = 1 }
            for profile in holding { verdict[Int(profile)] = 2 }
            verdicts[slot] = verdict
            return holding
        }
        let unknown = candidates.filter { verdicts[slot][Int($0)] == 0 }
        if !unknown.isEmpty {
            let holding = decide(unknown)
            for profile in unknown { verdicts[slot][Int(profile)] = 1 }
            for profile in holding { verdicts[slot][Int(profile)] = 2 }
        }
        return candidates.filter { verdicts[slot][Int($0)] == 2 }
    }

    /// The values of a node, filled for the candidates.
    func column(of node: ValueNode, for candidates: [Int32]) -> ProfileColumn {
        let column: ProfileColumn
        if let known = columns[node.slot] {
            column = known
        } else {
            column = ProfileColumn(kind: node.columnKind(self), count: block.profileCount)
            columns[node.slot] = column
        }
        let missing = column.missing(of: candidates)
        if !missing.isEmpty { node.fill(column, missing, self) }
        return column
    }

    /// The numbers of an aggregate's X; nil where they must be asked for one by one.
    func numbers(of expression: ValueNode?) -> RowNumber? {
        guard let expression else { return nil }
        if let known = numbers[ObjectIdentifier(expression)] { return known }
        let made = RowNumber.make(expression, self)
        numbers[ObjectIdentifier(expression)] = .some(made)
        return made
    }

    func netOrders(of profile: Int32) -> NetOrders {
        if netOrders.isEmpty { netOrders = Array(repeating: nil, count: block.profileCount) }
        if let known = netOrders[Int(profile)] { return known }
        let net = NetOrders(frame(of: profile))
        netOrders[Int(profile)] = net
        return net
    }

    /// A query made ready for this block and instant; nil for visits, and for what sees only some rows of a run.
    func query(_ node: QueryNode) -> QuerySweep? {
        if node.pattern.isVisit { return nil }
        if let known = queries[ObjectIdentifier(node)] { return known }
        let made = QuerySweep(node, self)
        queries[ObjectIdentifier(node)] = made
        return made
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
