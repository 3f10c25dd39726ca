import EventModel
import Testing

@testable import SegmentEngine

struct PolynomialTests {
    private func polynomial(_ coefficients: Int...) -> Polynomial { Polynomial(coefficients.map { Decimal128($0) }) }

    @Test func `a line turns at its root`() {
        #expect(polynomial(-10, 3).firstTurn(upTo: 1_000) == 4)
        #expect(polynomial(10, 3).firstTurn(upTo: 1_000) == nil)
        #expect(polynomial(-9, 3).firstTurn(upTo: 1_000) == 3)
    }

    @Test func `a parabola turns at its first root, also where it only touches`() {
        // (h - 20)(h - 7)
        #expect(polynomial(140, -27, 1).firstTurn(upTo: 1_000) == 7)
        // (h - 9)^2
        #expect(polynomial(81, -18, 1).firstTurn(upTo: 1_000) == 9)
        #expect(polynomial(100, -18, 1).firstTurn(upTo: 1_000) == nil)
    }

    @Test(arguments: 0..<200)
    func `the first turn is the one that looking at every number finds`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var product = polynomial(random.int(below: 2) * 2 - 1)
        for _ in 0..<1 + random.int(below: 4) {
            product =
                product.multiplied(by: polynomial(random.int(below: 60) - 30, 1 + random.int(below: 3))) ?? product
        }
        func sign(_ h: Int) -> Int {
            var value = 0
            for coefficient in product.coefficients.reversed() { value = value * h + (coefficient.asInt() ?? 0) }
            return value.signum()
        }
        let expected = (1...100).first { sign($0) != sign(0) }
        #expect(product.firstTurn(upTo: 100) == expected.map(Int64.init))
    }
}
