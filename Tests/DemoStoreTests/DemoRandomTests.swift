import Testing

@testable import DemoStore

struct DemoRandomTests {
    @Test(arguments: [1.0e-9, 0.001, 0.3, 0.5, 0.999, 1, 1.4, 2, 2.718281828459045, 10, 12345.678])
    func `the logarithm inverts the exponential`(x: Double) {
        // exp by its series, after halving the argument until it is small.
        let y = naturalLogarithm(x)
        var term = 1.0
        var sum = 1.0
        for n in 1..<30 {
            term *= y / 64 / Double(n)
            sum += term
        }
        for _ in 0..<6 { sum *= sum }
        #expect(abs(sum / x - 1) < 1e-8)
    }

    @Test func `exponential numbers have the wanted mean`() {
        var random = DemoRandom(seed: 3, stream: 1)
        var sum = 0.0
        for _ in 0..<20_000 { sum += random.exponential(mean: 5) }
        #expect(abs(sum / 20_000 - 5) < 0.15)
    }

    @Test func `weights are drawn in proportion`() {
        var random = DemoRandom(seed: 4, stream: 1)
        let totals = runningTotals([1, 0, 3])
        var counts = [0, 0, 0]
        for _ in 0..<8_000 { counts[random.pick(totals)] += 1 }
        #expect(counts[1] == 0)
        #expect(abs(Double(counts[2]) / 8_000 - 0.75) < 0.02)
    }

    @Test func `numbers below a bound are below it and reach everything`() {
        var random = DemoRandom(seed: 5, stream: 1)
        var seen: Set<Int> = []
        for _ in 0..<500 { seen.insert(random.below(7)) }
        #expect(seen == Set(0..<7))
        #expect(random.below(0) == 0)
    }
}

struct JSONLineWriterTests {
    @Test(arguments: [
        (0, "0.00"), (5, "0.05"), (495, "4.95"), (1290, "12.90"), (-70, "-0.70"), (123_456_789, "1234567.89"),
    ])
    func `cents are written with two digits`(cents: Int, text: String) {
        var writer = JSONLineWriter()
        writer.cents(cents)
        #expect(String(decoding: writer.buffer, as: UTF8.self) == text)
    }

    @Test func `times of the day and hexadecimal numbers have all their digits`() {
        var writer = JSONLineWriter()
        writer.timeOfDay(((7 * 60 + 5) * 60 + 9) * 1_000 + 3)
        writer.literal(" ")
        writer.hexadecimal(0x0123_4567_89ab_cdef)
        writer.literal(" ")
        writer.digits(42, atLeast: 5)
        #expect(String(decoding: writer.buffer, as: UTF8.self) == "07:05:09.003 0123456789abcdef 00042")
    }
}

struct PersonaTests {
    @Test func `the table of personas is in the order of the kinds`() {
        #expect(Persona.all.map(\.kind) == Persona.Kind.allCases)
        #expect(Persona.all.reduce(0) { $0 + $1.share } == 1_000)
    }
}
