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

    /// Where profiles stand at an instant.
    enum Places: Sendable {
        case numbers(RankPlaces)
        case keys([RankKey])
    }

    /// What was found out about an interval: where profiles stand, or how they move.
    struct Findings: Sendable {
        var numbers: [RankPlaces] = []
        var keys: [RankKey] = []
        var moves: [RankSweep.Move] = []
    }

    /// Per family and interval.
    typealias Part = [[Findings]]

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
        let needed = families.reduce(Projection.nothing) { $0.union($1.ranks[0].projection) }
        let follows = families.contains { $0.intervals.contains { !$0.isInstant } }
        projection = follows ? needed.withAllEvents : needed
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

    /// What is known before a block is looked at.
    var nothingFound: Part { families.map { $0.intervals.map { _ in Findings() } } }

    /// Where the profiles of a block stand in the ranks, and how they move.
    func find(_ evaluator: ProfileEvaluator) -> Part {
        families.map { family in
            family.intervals.map { interval in
                var findings = Findings()
                // Families and instants share what is found out about the profiles.
                if interval.isInstant {
                    switch family.ranks[0].places(evaluator.sweep(at: interval.lowerBound)) {
                    case .numbers(let numbers): findings.numbers = [numbers]
                    case .keys(let keys): findings.keys = keys
                    }
                    return findings
                }
                for profile in 0..<evaluator.block.profileCount {
                    evaluator.begin(profile: profile)
                    follow(family.ranks[0], interval, evaluator, &findings.moves)
                }
                return findings
            }
        }
    }

    /// Adds what was found in a block to what was found in others.
    func join(_ part: Part, to all: inout Part) {
        for (family, intervals) in part.enumerated() {
            for (interval, findings) in intervals.enumerated() {
                all[family][interval].numbers += findings.numbers
                all[family][interval].keys += findings.keys
                all[family][interval].moves += findings.moves
            }
        }
    }

    /// Appends each change of the profile's place in an interval.
    private func follow(
        _ rank: RankNode, _ interval: ClosedRange<Int64>, _ evaluator: ProfileEvaluator,
        _ moves: inout [RankSweep.Move]
    ) {
        let number = evaluator.block.profileNumbers[evaluator.profile]
        var instant = max(interval.lowerBound, evaluator.created)
        var known: RankValue?
        var pace = Pace()
        while instant <= interval.upperBound {
            let frame = evaluator.frame(at: instant, wantsValidity: true)
            let (value, until) = rank.value(frame)
            evaluator.release(frame)
            if value != known {
                moves.append(RankSweep.Move(instant: instant, profile: number, value: value))
                known = value
            }
            instant = pace.next(after: instant, until: min(until, evaluator.nextRowTime(after: instant)))
        }
    }

    /// Makes timelines of what was found in all blocks, of which nothing is left.
    func finish(_ all: inout Part, _ tables: inout RankTables, id: (ProfileNumber) -> Text) {
        for (index, family) in families.enumerated() {
            var timelines = family.ranks.map { _ in RankTimeline() }
            for (place, interval) in family.intervals.enumerated() {
                var findings = Findings()
                swap(&findings, &all[index][place])
                if interval.isInstant {
                    let bands = Self.bounds(family.ranks, at: interval.lowerBound, findings, id)
                    for (rank, bounds) in bands.enumerated() {
                        timelines[rank].append(bounds, from: interval.lowerBound)
                    }
                } else {
                    let moves = findings.moves
                    findings = Findings()
                    RankSweep.extend(
                        &timelines, family.ranks.map(\.band), moves: consume moves, over: interval, id: id)
                }
            }
            for (rank, timeline) in zip(family.ranks, timelines) { tables.set(rank.index, timeline) }
        }
    }

    /// Where the bands of a family lie at an instant.
    private static func bounds(
        _ ranks: [RankNode], at instant: Int64, _ findings: Findings, _ id: (ProfileNumber) -> Text
    ) -> [RankBounds?] {
        let drift = ranks[0].drift(at: instant)
        if findings.keys.isEmpty, let all = RankPlaces(joining: findings.numbers) {
            return all.bounds(of: ranks.map(\.band), drift: drift, id: id)
        }
        var keys = findings.keys
        for some in findings.numbers { keys += some.keys(drift: drift, id: id) }
        keys.sort()
        return ranks.map { RankSweep.bounds(of: $0.band, count: keys.count) { keys[$0] } }
    }
}

extension ClosedRange<Int64> {
    var isInstant: Bool { lowerBound == upperBound }
}
