import EventModel
import EventStore
import SegmentLanguage

/// One pass over all profiles that finds the bands of some ranks, none of which needs another one of them.
///
/// Ranks of one metric in one population are a family: they differ in their bands only and are followed together.
struct RankPass: Sendable {
    private struct Family: Sendable {
        var ranks: [RankNode]
        /// Instants to know the bands at: closed intervals in ms, ascending, apart from each other.
        var intervals: [ClosedRange<Int64>]
    }

    /// What decides that two ranks are of one family.
    private struct Kin: Hashable {
        var metric: ObjectIdentifier
        var population: ObjectIdentifier?
    }

    /// The moves of the profiles of a block, per family and interval.
    typealias Part = [[[RankSweep.Move]]]

    private let families: [Family]
    /// What must be read; where places are followed through time, also when anything happens.
    let projection: Projection

    /// The passes that find the bands of all ranks used, in an order in which none needs a later one.
    static func passes(_ ranks: [RankNode], _ uses: Set<NodeTraits.RankUse>, now: Int64) -> [RankPass] {
        var depths = [Int](repeating: 0, count: ranks.count)
        var families: [Int: [Kin: Family]] = [:]
        for rank in ranks {
            let inner = rank.traits.ranks.map(\.rank).filter { $0 != rank.index }
            let depth = inner.map { depths[$0] + 1 }.max() ?? 0
            depths[rank.index] = depth
            let asked = uses.filter { $0.rank == rank.index }.map { use in
                let newest = now.subtractingSaturating(use.newest)
                return (use.oldest == .max ? .min : min(now.subtractingSaturating(use.oldest), newest))...newest
            }
            guard !asked.isEmpty else { continue }
            let kin = Kin(
                metric: ObjectIdentifier(rank.metric),
                population: rank.population.map { ObjectIdentifier($0.condition) })
            families[depth, default: [:]][kin, default: Family(ranks: [], intervals: [])].ranks.append(rank)
            families[depth, default: [:]][kin]?.intervals += asked
        }
        return families.keys.sorted().map { depth in
            RankPass(
                (families[depth] ?? [:]).values.map { Family(ranks: $0.ranks, intervals: joined($0.intervals)) })
        }
    }

    private init(_ families: [Family]) {
        self.families = families
        let nothing = Projection(events: [], paths: [], traits: false)
        let needed = families.reduce(nothing) { $0.union($1.ranks[0].projection) }
        let follows = families.contains { $0.intervals.contains { !$0.isInstant } }
        projection = follows ? Projection(events: nil, paths: needed.paths, traits: true) : needed
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
        var part = families.map { $0.intervals.map { _ in [RankSweep.Move]() } }
        let instants = Set(families.flatMap { $0.intervals.filter(\.isInstant).map(\.lowerBound) })
        for instant in instants { look(at: instant, evaluator, &part) }
        for profile in 0..<evaluator.block.profileCount where followsAny {
            evaluator.begin(profile: profile)
            for (index, family) in families.enumerated() {
                for (place, interval) in family.intervals.enumerated() where !interval.isInstant {
                    follow(family.ranks[0], interval, evaluator, &part[index][place])
                }
            }
        }
        return part
    }

    private var followsAny: Bool { families.contains { $0.intervals.contains { !$0.isInstant } } }

    /// Appends all profiles' places at a single instant; all families share what is found out about the profiles.
    private func look(at instant: Int64, _ evaluator: ProfileEvaluator, _ part: inout Part) {
        let sweep = evaluator.sweep(at: instant)
        let numbers = evaluator.block.profileNumbers
        for (index, family) in families.enumerated() {
            for (place, interval) in family.intervals.enumerated() where interval == instant...instant {
                part[index][place] += family.ranks[0].keys(sweep).map { profile, key in
                    RankSweep.Move(instant: instant, profile: Int(numbers[Int(profile)]), key: key)
                }
            }
        }
    }

    /// Appends each change of the profile's place in an interval.
    private func follow(
        _ rank: RankNode, _ interval: ClosedRange<Int64>, _ evaluator: ProfileEvaluator,
        _ moves: inout [RankSweep.Move]
    ) {
        let number = Int(evaluator.block.profileNumbers[evaluator.profile])
        var instant = max(interval.lowerBound, evaluator.created)
        var known: RankKey?
        var pace = Pace()
        while instant <= interval.upperBound {
            let frame = evaluator.frame(at: instant, wantsValidity: true)
            let (key, until) = rank.key(frame)
            evaluator.release(frame)
            if key != known {
                moves.append(RankSweep.Move(instant: instant, profile: number, key: key))
                known = key
            }
            instant = pace.next(after: instant, until: min(until, evaluator.nextRowTime(after: instant)))
        }
    }

    /// Joins the moves of all blocks into timelines.
    func finish(_ parts: [Part], _ tables: inout RankTables) {
        for (index, family) in families.enumerated() {
            var timelines = family.ranks.map { _ in RankTimeline() }
            for (place, interval) in family.intervals.enumerated() {
                let moves = parts.flatMap { $0[index][place] }
                RankSweep.extend(&timelines, family.ranks.map(\.band), moves: moves, over: interval)
            }
            for (rank, timeline) in zip(family.ranks, timelines) { tables.set(rank.index, timeline) }
        }
    }
}

extension ClosedRange<Int64> {
    var isInstant: Bool { lowerBound == upperBound }
}
