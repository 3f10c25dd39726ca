import Columns
import EventModel
import TestSupport
import Testing

@testable import SegmentEngine

/// The small parts that sweeps are made of, beside plain loops.
struct KernelTests {
    @Test func `masks count, find and list the rows of any stretch`() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<200 {
            let start = random.int(below: 200)
            let rows = start..<start + random.int(below: 300)
            let wanted = Set(rows.filter { _ in random.chance(0.3) })
            let mask = RowMask(rows) { wanted.contains($0) }
            #expect(mask.count == wanted.count)
            for _ in 0..<20 {
                let low = rows.lowerBound + random.int(below: rows.count + 1)
                let high = low + random.int(below: rows.upperBound - low + 1)
                let expected = (low..<high).filter { wanted.contains($0) }
                mask.withBits { bits in
                    #expect(bits.count(low, high) == expected.count)
                    #expect(bits.first(low, high) == expected.first)
                    #expect(bits.last(low, high) == expected.last)
                    var listed: [Int] = []
                    bits.forEach(low, high) { listed.append($0) }
                    #expect(listed == expected)
                    #expect(bits.count(low, high, upTo: 2) >= min(2, expected.count))
                }
            }
        }
    }

    @Test func `masks of a set hold nothing outside their stretch`() {
        let set = Bitmap(full: 200)
        for rows in [0..<200, 3..<64, 64..<128, 65..<190, 7..<7, 150..<260] {
            #expect(RowMask(rows, in: set).count == rows.filter { $0 < 200 }.count)
        }
    }

    @Test func `estimates that tell an order tell the right one`() throws {
        var random = SeededRandom(seed: 2)
        func draw() -> (Decimal128, Estimate) {
            let digits = Int64(random.int(below: 1_000_000)) - 500_000
            let number = random.chance(0.1) ? digits &* 1_000_003_000_000 : digits
            let exponent = Int32(random.int(below: 13)) - 8
            let scale = Estimate.scale(exponent) ?? .nan
            return (Decimal128(scaled: number, exponent: exponent), Estimate(number, scale: scale))
        }
        var decided = 0
        for _ in 0..<20_000 {
            let (a, x) = draw()
            let (b, y) = draw()
            let (c, z) = draw()
            let results: [(Decimal128?, Estimate)] = [
                (a.adding(b), x + y), (a.subtracting(b), x - y), (a.multiplied(by: b), x * y),
                (a.divided(by: b), x / y), (a.subtracting(b)?.multiplied(by: a), (x - y) * x),
            ]
            for case (let exact?, let estimate) in results {
                guard let order = estimate.order(z) else { continue }
                decided += 1
                #expect(exact < c ? order < 0 : exact > c && order > 0, "\(exact) beside \(c)")
            }
        }
        #expect(decided > 50_000)
    }

    @Test func `equal values are close calls`() throws {
        let third = Estimate(1, scale: 1) / Estimate(3, scale: 1)
        #expect((third * Estimate(3, scale: 1)).order(Estimate(1, scale: 1)) == nil)
        #expect((Estimate(1, scale: 1) / Estimate(0, scale: 1)).order(Estimate(1, scale: 1)) == nil)
        let tenth = try #require(Estimate.scale(-1))
        #expect((Estimate(1, scale: tenth) + Estimate(2, scale: tenth)).order(Estimate(3, scale: tenth)) == nil)
    }

    @Test func `selection finds what sorting finds`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<300 {
            let range = random.chance(0.5) ? 5 : 1_000_000
            let numbers = (0..<1 + random.int(below: 200)).map { _ in Int64(random.int(below: range)) - 7 }
            let position = random.int(below: numbers.count)
            var pool = numbers
            let found = pool.withUnsafeMutableBufferPointer { RankPlaces.select(position, in: $0) }
            let number = numbers.sorted()[position]
            #expect(found.number == number)
            #expect(found.before == numbers.count { $0 < number })
        }
    }

    @Test func `of tied profiles the id at any place is that of all ids sorted`() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<300 {
            let length = 1 + random.int(below: 12)
            let ids = Set(
                (0..<1 + random.int(below: 60)).map { _ in
                    Text(String((0..<random.int(below: length)).map { _ in random.chance(0.5) ? "a" : "\u{e9}" }))
                })
            var tied = TiedIDs()
            for id in ids { tied.append(id) }
            for (position, id) in ids.sorted(by: >).enumerated() { #expect(tied.id(after: position) == id) }
        }
    }
}
