import EventModel
import SegmentLanguage

/// Which order of which profiles, at which instant.
struct RankingKey: Hashable {
    let metric: Text
    let population: Text?
    let instant: Int64
}

/// The population in falling order of a metric, ties by id.
struct Ranking {
    let falling: [Text]

    func isIn(_ band: RankBand, _ profile: Text) -> Bool {
        guard let place = falling.firstIndex(of: profile) else { return false }
        let reversed = falling.count - 1 - place
        switch band {
        case .top(let percent): return place < share(percent)
        case .bottom(let percent): return reversed < share(percent)
        case .quintile(let wanted): return 5 * reversed / falling.count + 1 == wanted
        }
    }

    /// ceil(n p / 100).
    private func share(_ percent: Decimal128) -> Int {
        let part = Decimal128(falling.count).multiplied(by: percent)?.multiplied(
            by: Decimal128(scaled: 1, exponent: -2))
        return part?.negated.floorToInt().map { -$0 } ?? falling.count
    }
}

extension Scope {
    /// Whether the profile's rank by a metric is in the band (language, section 7).
    func isRanked(_ metric: Text, _ band: RankBand, _ population: Text?) -> Bool {
        let key = RankingKey(metric: metric, population: population, instant: now)
        let answer = world.ranking(key)
        watch.absorb(answer.watch)
        if world.moves(Value(.metric(metric))) {
            watch.ask(winding: true) { [world, profile] instant in
                let later = RankingKey(metric: metric, population: population, instant: instant)
                return AnyHashable(world.ranking(later).value.isIn(band, profile.id))
            }
        }
        return answer.value.isIn(band, profile.id)
    }
}

extension World {
    func ranking(_ key: RankingKey) -> Answer<Ranking> {
        if let known = rankings[key] { return known }
        let watch = Watch(now: key.instant)
        var ranked: [(measure: Measure, id: Text)] = []
        for profile in profiles {
            // A profile that does not exist yet, or is no member yet, may become one.
            let value = metric(key.metric, of: profile, at: key.instant, watch: watch)
            let isCounted =
                key.population.map { isMember(profile, of: $0, at: key.instant, watch: watch) }
                ?? profile.exists(at: key.instant)
            if isCounted, let measure = Measure(value) { ranked.append((measure, profile.id)) }
        }
        ranked.sort { ($1.measure, $0.id) < ($0.measure, $1.id) }
        let answer = Answer(value: Ranking(falling: ranked.map(\.id)), watch: watch)
        rankings[key] = answer
        return answer
    }
}

/// What a rank can be taken of: a number, a duration or a time, in this order where they meet.
private struct Measure: Comparable {
    let kind: Int
    let amount: Decimal128

    init?(_ value: ReferenceValue) {
        switch value {
        case .number(let number): (kind, amount) = (0, number)
        case .duration(let milliseconds): (kind, amount) = (1, milliseconds)
        case .time(let time): (kind, amount) = (2, Decimal128(Int(time.milliseconds)))
        default: return nil
        }
    }

    static func < (left: Measure, right: Measure) -> Bool {
        (left.kind, left.amount) < (right.kind, right.amount)
    }
}
