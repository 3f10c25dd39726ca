import EventModel
import EventStore
import SegmentLanguage

/// `M in top p% [of segment S]`, `M in bottom p% ..`, `M in quintile k ..`
final class RankNode: ConditionNode, @unchecked Sendable {
    /// Index among the plan's ranks; ranks inside its metric or segment come before it.
    let index: Int
    let metric: ValueNode
    let population: SegmentReference?
    let band: RankBand
    /// What is read to rank the profiles.
    let projection: Projection

    init(
        slot: Int, source: Condition, index: Int, metric: ValueNode, population: SegmentReference?, band: RankBand,
        projection: Projection
    ) {
        self.index = index
        self.projection = projection
        self.metric = metric
        self.population = population
        self.band = band
        var ranks = metric.traits.ranks.union(population?.condition.traits.ranks ?? [])
        ranks.insert(NodeTraits.RankUse(rank: index, oldest: 0, newest: 0))
        super.init(slot: slot, traits: NodeTraits(clock: .steps, ranks: ranks), source: source)
    }

    /// How often the place in a rank is looked at when the metric moves with the clock, but not evenly.
    private static let refreshInterval: Int64 = 60_000

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let (value, until) = value(frame)
        guard let value else { return Truth(false, until: until) }
        let key = RankKey(value, id: frame.evaluator.profileID)
        let timeline = frame.evaluator.ranks.timeline(index)
        let holds = timeline.bounds(at: frame.now)?.contains(key) ?? false
        guard frame.wantsValidity else { return Truth(holds) }
        return Truth(holds, until: min(until, timeline.nextTurn(of: key, holds: holds, after: frame.now)))
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        guard let bounds = sweep.evaluator.ranks.timeline(index).bounds(at: sweep.now) else { return [] }
        let (ranked, column) = ranked(among: candidates, sweep)
        let drift = drift(at: sweep.now)
        func contains(_ profile: Int32) -> Bool {
            RankKey(column.value(profile), drift: drift, id: sweep.block.profileID(Int(profile)))
                .map { bounds.contains($0) } ?? false
        }
        // Ids decide only between equal metrics.
        if column.isWhole, let lowest = column.kind.bound(of: bounds.lowest.metric(at: drift)),
            let highest = column.kind.bound(of: bounds.highest.metric(at: drift))
        {
            return ranked.filter { profile in
                if column.isNull(profile) { return false }
                let number = column.numbers[Int(profile)]
                return number > lowest && number < highest
                    || (number == lowest || number == highest) && contains(profile)
            }
        }
        return ranked.filter { !column.isNull($0) && contains($0) }
    }

    override var siftingCost: Int { (population?.condition.siftingCost ?? 10) + metric.swept.fillingCost }

    /// Those of some profiles that are in the population, and their metrics.
    private func ranked(among candidates: [Int32], _ sweep: BlockSweep) -> ([Int32], ProfileColumn) {
        let ranked = population?.condition.members(among: candidates, sweep) ?? candidates
        return (ranked, sweep.column(of: metric, for: ranked))
    }

    /// Where all profiles in the population stand at a sweep's instant.
    func places(_ sweep: BlockSweep) -> RankPass.Places {
        let (ranked, column) = ranked(among: sweep.everybody, sweep)
        if column.isWhole { return .numbers(RankPlaces(ranked, column, sweep.block)) }
        let drift = drift(at: sweep.now)
        return .keys(
            ranked.compactMap { profile in
                if column.isNull(profile) { return nil }
                return RankKey(column.value(profile), drift: drift, id: sweep.block.profileID(Int(profile)))
            })
    }

    /// The profile's metric as it counts in the rank, nil when it is not in the population, and until when that is sure.
    func value(_ frame: Frame) -> (value: RankValue?, until: Int64) {
        var until = never
        if let population {
            let truth = population.condition.evaluate(frame, .none)
            if !truth.holds { return (nil, truth.until) }
            until = truth.until
        }
        let timed = metric.evaluate(frame, .none)
        let value = RankValue(timed.value, drift: drift(at: frame.now))
        guard frame.wantsValidity else { return (value, never) }
        return (value, min(until, metricUntil(timed.until, frame)))
    }

    private func metricUntil(_ until: Int64, _ frame: Frame) -> Int64 {
        guard metric.traits.clock == .flows else { return until }
        if metric.slope != nil { return metric.untilApartFromSlope(frame, .none) }
        return frame.now.addingSaturating(Self.refreshInterval)
    }

    /// A metric that moves evenly with the clock does so for all profiles alike; without that it stands still.
    func drift(at now: Int64) -> Decimal128 {
        guard let slope = metric.slope, slope != 0 else { return 0 }
        return Decimal128(Int(now)).multiplied(by: Decimal128(slope)) ?? 0
    }

    override func explain(_ frame: Frame) -> Explanation { Explanation(rank: self, frame) }
}
