import Analytics
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage
import TestSupport
import Testing

@Suite struct CalendarTests {
    @Test(arguments: CalendarUnit.allCases)
    func `the number of a period leads back to its first day`(unit: CalendarUnit) {
        for days in stride(from: -800_000, through: 3_000_000, by: 997) {
            let day = CalendarDay(daysSinceEpoch: Int32(days))
            let first = unit.firstDay(of: unit.number(of: day))
            #expect(first <= day)
            #expect(unit.number(of: first) == unit.number(of: day))
            #expect(unit.number(of: first.adding(days: -1)) == unit.number(of: day) - 1)
        }
    }

    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `retention is what plain loops over the messages count`(batch: UInt64) async throws {
        for seed in batch * 50..<(batch + 1) * 50 {
            var random = SeededRandom(seed: seed ^ 0x2E7)
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let first = NamedEvents.all[random.int(below: NamedEvents.all.count)]
            let returning = random.chance(0.5) ? first : NamedEvents.all[random.int(below: NamedEvents.all.count)]
            let unit = CalendarUnit.allCases[random.int(below: 3)]
            let query = RetentionQuery(
                first: try EventQuery(parsing: first.text), returning: try EventQuery(parsing: returning.text),
                unit: unit, kind: random.chance(0.4) ? .rolling : .exact)
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let expected = cohorts(Twin(workspace, at: now), first, returning, unit, query.kind)
            let found = answer.cohorts.reduce(into: [CalendarDay: [Int: Int]]()) { all, cohort in
                all[cohort.firstDay] = cohort.active.enumerated().reduce(into: [-1: cohort.size]) { counts, entry in
                    if entry.element > 0 { counts[entry.offset] = entry.element }
                }
            }
            #expect(found == expected, "seed \(seed) \(query.kind) \(first.text) then \(returning.text) by \(unit)")
        }
    }

    /// By cohort and distance how many profiles were active; under -1 the size of the cohort.
    private func cohorts(
        _ twin: Twin, _ first: NamedEvents, _ returning: NamedEvents, _ unit: CalendarUnit,
        _ kind: RetentionQuery.Kind
    ) -> [CalendarDay: [Int: Int]] {
        var found: [CalendarDay: [Int: Int]] = [:]
        for (_, events) in Dictionary(grouping: twin.events, by: \.profile) {
            guard let start = events.first(where: first.matches) else { continue }
            let cohort = twin.period(start, unit)
            let active = events.filter { returning.matches($0) && $0.time >= start.time }
            found[cohort, default: [:]][-1, default: 0] += 1
            let own = Set(active.map { Twin.distance(cohort, twin.period($0, unit), unit) })
            let distances = kind == .exact ? own : Set(0..<(own.max() ?? -1) + 1)
            for distance in distances where distance < RetentionQuery.mostPeriods {
                found[cohort, default: [:]][distance, default: 0] += 1
            }
        }
        return found
    }

    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `trends are what plain loops over the messages count and sum`(batch: UInt64) async throws {
        for seed in batch * 50..<(batch + 1) * 50 {
            var random = SeededRandom(seed: seed ^ 0x72E)
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let events = NamedEvents.all[random.int(below: NamedEvents.all.count)]
            let unit = CalendarUnit.allCases[random.int(below: 3)]
            let query = try EventQuery(parsing: events.text)
            let revenue = SegmentLanguage.Value(.property(PropertyPath(.properties, ["revenue"])))
            let trend = TrendQuery(
                [.profiles(query), .events(query), .sum(revenue, query), .average(revenue, query)], by: unit)
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let answer = try await trend.answer(from: ReportInput(histories.source, at: now))
            let expected = points(Twin(workspace, at: now), events, unit)
            for point in answer.points {
                let wanted = expected[point.firstDay] ?? [0, 0, 0, nil]
                #expect(point.values == wanted, "seed \(seed) \(events.text) by \(unit) \(point.firstDay.iso)")
            }
            #expect(Set(expected.keys).isSubset(of: answer.points.map(\.firstDay)), "seed \(seed)")
        }
    }

    private func points(_ twin: Twin, _ events: NamedEvents, _ unit: CalendarUnit) -> [CalendarDay: [Decimal128?]] {
        Dictionary(grouping: twin.events.filter(events.matches)) { twin.period($0, unit) }.mapValues { events in
            var sum = ExactSum()
            for event in events {
                if let number = event.properties["revenue"]?.numeric { sum.add(number) }
            }
            return [
                Decimal128(Set(events.map(\.profile)).count), Decimal128(events.count), sum.value(), sum.average(),
            ]
        }
    }
}
