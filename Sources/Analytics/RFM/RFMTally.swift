import Columns
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// Counts the cells of an RFM grid from the members of its scores.
struct RFMTally {
    private let query: RFMQuery
    private let result: BatchResult
    /// By measure, then profile number: the score, 0 without one.
    private let scores: [[UInt8]]
    /// Who has all three scores.
    private let scored: Bitmap
    private let population: Bitmap

    init(_ result: BatchResult, _ query: RFMQuery, among members: Bitmap?) {
        self.result = result
        self.query = query
        var scores: [[UInt8]] = []
        var scored = members ?? result.population
        for measure in RFMQuery.Measure.allCases {
            var own: [UInt8] = []
            var all = Bitmap()
            for score in 1...5 {
                guard let members = result.members[RFMQuery.segment(measure, score)] else { continue }
                all.formUnion(members)
                let room = members.words.count * 64
                if room > own.count { own += repeatElement(0, count: room - own.count) }
                for profile in members { own[profile] = UInt8(score) }
            }
            scored.formIntersection(all)
            scores.append(own)
        }
        self.scores = scores
        self.scored = scored
        var population = query.measures.population.flatMap { result.members[$0] } ?? result.population
        if let members { population.formIntersection(members) }
        self.population = population
    }

    func answer(groups: [Text]) -> RFMQuery.Answer {
        var counts = [Int](repeating: 0, count: 216)
        var sums = [ExactSum](repeating: ExactSum(), count: 216)
        let monetary = result.metrics[query.measures.monetary] ?? ValueMap()
        for profile in scored {
            let place = scores.reduce(0) { $0 * 6 + Int($1[profile]) }
            counts[place] += 1
            if let amount = monetary[ProfileNumber(profile)]?.magnitude { sums[place].add(amount) }
        }
        var revenue = ExactSum()
        for sum in sums { revenue.add(sum) }
        let cells = counts.indices.filter { counts[$0] > 0 }.map { place in
            RFMQuery.Cell(
                recency: place / 36, frequency: place / 6 % 6, monetary: place % 6, profiles: counts[place],
                revenue: sums[place].value())
        }
        let count = scored.count
        return RFMQuery.Answer(
            cells: cells, scores: scoreRanges(), groups: groups.map { group($0, monetary) }, profiles: count,
            unscored: population.count - population.intersectionCount(scored), revenue: revenue.value())
    }

    private func scoreRanges() -> [RFMQuery.Score] {
        RFMQuery.Measure.allCases.enumerated().flatMap { index, measure -> [RFMQuery.Score] in
            let values = result.metrics[query.measures.metric(measure)] ?? ValueMap()
            var ranges = [ScoreRange](repeating: ScoreRange(), count: 6)
            for profile in scored {
                guard let value = values[ProfileNumber(profile)] else { continue }
                ranges[Int(scores[index][profile])].add(value)
            }
            return (1...5).compactMap { ranges[$0].score($0, measure) }
        }
    }

    private func group(_ name: Text, _ monetary: ValueMap) -> RFMQuery.Group {
        var members = result.members[name] ?? Bitmap()
        members.formIntersection(scored)
        var sum = ExactSum()
        for profile in members {
            if let amount = monetary[ProfileNumber(profile)]?.magnitude { sum.add(amount) }
        }
        return RFMQuery.Group(
            name: name, title: query.measures.program[name]?.title, profiles: members.count, revenue: sum.value())
    }
}

/// The least, the greatest and the average of the values of one score.
private struct ScoreRange {
    private var lowest: (magnitude: Decimal128, value: SegmentEngine.Value)?
    private var highest: (magnitude: Decimal128, value: SegmentEngine.Value)?
    private var sum = ExactSum()

    mutating func add(_ value: SegmentEngine.Value) {
        guard let magnitude = value.magnitude else { return }
        sum.add(magnitude)
        if lowest.map({ magnitude < $0.magnitude }) ?? true { lowest = (magnitude, value) }
        if highest.map({ magnitude > $0.magnitude }) ?? true { highest = (magnitude, value) }
    }

    func score(_ score: Int, _ measure: RFMQuery.Measure) -> RFMQuery.Score? {
        guard let lowest, let highest else { return nil }
        let average: SegmentEngine.Value =
            switch (lowest.value, sum.average()) {
            case (.time, let average?): average.floorToInt().map { .time(Timestamp(milliseconds: Int64($0))) } ?? .null
            case (.duration, let average?): .duration(milliseconds: average)
            case (_, let average?): .number(average)
            case (_, nil): .null
            }
        return RFMQuery.Score(
            measure: measure, score: score, profiles: sum.count, lowest: lowest.value, highest: highest.value,
            average: average)
    }
}

extension SegmentEngine.Value {
    /// What ranks compare: a number, a time or a duration in ms.
    fileprivate var magnitude: Decimal128? {
        switch self {
        case .number(let number): number
        case .time(let time): Decimal128(Int(time.milliseconds))
        case .duration(let milliseconds): milliseconds
        default: nil
        }
    }
}
