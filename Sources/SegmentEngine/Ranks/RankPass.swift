import EventStore

/// One pass over all profiles that finds the bands of some ranks, none of which needs another one of them.
struct RankPass: Sendable {
    private struct Task: Sendable {
        var rank: RankNode
        /// Instants to know the band at: closed intervals in ms, ascending, apart from each other.
        var intervals: [ClosedRange<Int64>]
    }

    /// The moves of one rank in one of its intervals.
    struct Part: Sendable {
        var moves: [[[RankSweep.Move]]]
    }

    private let tasks: [Task]

    /// The passes that find the bands of all ranks used, in an order in which none needs a later one.
    static func passes(_ ranks: [RankNode], _ uses: Set<NodeTraits.RankUse>, now: Int64) -> [RankPass] {
        var depths = [Int](repeating: 0, count: ranks.count)
        var tasksOfDepth: [Int: [Task]] = [:]
        for rank in ranks {
            let inner = rank.traits.ranks.map(\.rank).filter { $0 != rank.index }
            depths[rank.index] = inner.map { depths[$0] + 1 }.max() ?? 0
            let asked = uses.filter { $0.rank == rank.index }.map { use in
                let oldest = use.oldest == .max ? Int64.min : now.subtractingSaturating(use.oldest)
                return min(oldest, now.subtractingSaturating(use.newest))...now.subtractingSaturating(use.newest)
            }
            guard !asked.isEmpty else { continue }
            tasksOfDepth[depths[rank.index], default: []].append(Task(rank: rank, intervals: joined(asked)))
        }
        return tasksOfDepth.keys.sorted().map { RankPass(tasks: tasksOfDepth[$0] ?? []) }
    }

    private static func joined(_ intervals: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        var joined: [ClosedRange<Int64>] = []
        for interval in intervals.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, interval.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, interval.upperBound)
            } else {
                joined.append(interval)
            }
        }
        return joined
    }

    /// How the profiles of a block move through the ranks.
    func moves(of evaluator: ProfileEvaluator) -> Part {
        var part = Part(moves: tasks.map { $0.intervals.map { _ in [] } })
        for profile in 0..<evaluator.block.profileCount {
            evaluator.begin(profile: profile)
            for (index, task) in tasks.enumerated() {
                for (place, interval) in task.intervals.enumerated() {
                    follow(task.rank, interval, evaluator, &part.moves[index][place])
                }
            }
        }
        return part
    }

    /// Appends each change of the profile's place in an interval.
    private func follow(
        _ rank: RankNode, _ interval: ClosedRange<Int64>, _ evaluator: ProfileEvaluator,
        _ moves: inout [RankSweep.Move]
    ) {
        let number = Int(evaluator.block.profileNumbers[evaluator.profile])
        var instant = max(interval.lowerBound, evaluator.created)
        var known: RankKey?
        while instant <= interval.upperBound {
            let isLast = instant == interval.upperBound
            let frame = evaluator.frame(at: instant, wantsValidity: !isLast)
            let (key, until) = rank.key(frame)
            evaluator.release(frame)
            if key != known {
                moves.append(RankSweep.Move(instant: instant, profile: number, key: key))
                known = key
            }
            if isLast { return }
            instant = min(until, evaluator.nextRowTime(after: instant))
        }
    }

    /// Joins the moves of all blocks into timelines.
    func finish(_ parts: [Part], _ tables: inout RankTables) {
        for (index, task) in tasks.enumerated() {
            var timeline = RankTimeline()
            for (place, interval) in task.intervals.enumerated() {
                let moves = parts.flatMap { $0.moves[index][place] }
                RankSweep.extend(&timeline, task.rank.band, moves: moves, start: interval.lowerBound)
            }
            tables.set(task.rank.index, timeline)
        }
    }
}
