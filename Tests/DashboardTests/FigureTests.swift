import EventModel
import EventStore
import SegmentLanguage
import TestSupport
import Testing

@testable import Dashboard
@testable import Membership

@Suite struct FigureTests {
    @Test(arguments: 1...20)
    func `every amount stands in its band, and in one only`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let amounts = (0..<Int.random(in: 1...80, using: &random)).map { _ in
            Decimal128(Int.random(in: -20...(Bool.random(using: &random) ? 50 : 90_000), using: &random))
        }
        let spend = try #require(SpendDistribution(amounts))
        #expect(spend.bands.map(\.count).reduce(0, +) == amounts.count)
        #expect(zip(spend.bands, spend.bands.dropFirst()).allSatisfy { $0.upper == $1.lower })
        #expect(spend.bands.first?.lower == 0 && spend.bands.last?.upper == nil && spend.bands.count <= 12)
        for (index, band) in spend.bands.enumerated() {
            let inside = amounts.count { amount in
                let value = amount.approximate
                return (index == 0 || value >= band.lower) && (band.upper.map { value < $0 } ?? true)
            }
            #expect(band.count == inside, "\(band)")
        }
        let sorted = amounts.sorted()
        #expect(sorted.count { $0 <= spend.median } * 2 >= sorted.count)
        #expect(sorted.count { $0 >= spend.median } * 2 >= sorted.count)
    }

    @Test func `nobody who bought has no distribution`() { #expect(SpendDistribution([]) == nil) }

    @Test(arguments: 1...20)
    func `comings and goings add up to the log`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let zone = try #require(Zone(identifier: "Europe/Berlin"))
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let causes: [MembershipChange.Cause] = [
            .clock, .message(id: "m", event: "Order Completed"), .rank, .definition, .identity,
        ]
        let changes = (1...200).map { number in
            MembershipChange(
                position: Int64(number), segment: Bool.random(using: &random) ? "a" : "b", sequence: Int64(number),
                kind: Bool.random(using: &random) ? .entered : .left, profile: ProfileNumber(random.next() % 5),
                instant: now.adding(milliseconds: -Int64(random.next() % (40 * 86_400_000))),
                cause: causes.randomElement(using: &random) ?? .clock, version: 1)
        }
        var flow = SegmentFlow(upTo: now, in: zone, from: 0)
        for start in stride(from: 0, to: changes.count, by: 30) {
            flow.add(Array(changes[start..<min(start + 30, changes.count)]))
        }
        #expect(flow.position == 200)
        let first = zone.day(of: now).adding(days: -29)
        #expect(flow.firstDay == first)
        for name in ["a", "b"] as [Text] {
            let tally = try #require(flow.segments[name])
            let own = changes.filter { $0.segment == name && zone.day(of: $0.instant) >= first }
            for kind in [MembershipChange.Kind.entered, .left] {
                let ofKind = own.filter { $0.kind == kind }
                let (days, words) =
                    kind == .entered ? (tally.entered, tally.causesOfEntering) : (tally.left, tally.causesOfLeaving)
                let byDay = Dictionary(grouping: ofKind) { Int(zone.day(of: $0.instant).daysSinceEpoch) }
                #expect(days == byDay.mapValues(\.count))
                #expect(words == Dictionary(grouping: ofKind) { $0.cause.words }.mapValues(\.count))
            }
            let week = now.adding(milliseconds: -7 * 86_400_000)
            let turns = own.filter { $0.instant >= week && $0.cause != .definition && $0.cause != .identity }
            let often = Dictionary(grouping: turns, by: \.profile).count { $0.value.count >= 4 }
            #expect(tally.flapping == often)
        }
    }
}
