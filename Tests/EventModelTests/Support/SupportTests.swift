import EventModel
import Testing

@Suite struct ClockTests {
    @Test func `a manual clock stands still until it is moved`() {
        let clock = ManualClock(Timestamp(milliseconds: 1_000))
        #expect(clock.now() == clock.now())
        clock.advance(milliseconds: 500)
        #expect(clock.now().milliseconds == 1_500)
        clock.set(Timestamp(milliseconds: -1))
        #expect(clock.now().milliseconds == -1)
    }

    @Test func `the system clock is after this was written and does not stand still for long`() {
        let clock = SystemClock()
        let first = clock.now()
        #expect(first > Timestamp(milliseconds: 1_700_000_000_000))
        #expect(clock.now() >= first)
    }
}

@Suite struct RandomTests {
    @Test func `SplitMix64 gives its published numbers`() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<5).map { _ in generator.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func `a seed gives the same numbers every time and another seed gives others`() {
        var (first, again, other) = (SeededRandom(seed: 7), SeededRandom(seed: 7), SeededRandom(seed: 8))
        let numbers = (0..<100).map { _ in first.next() }
        #expect(numbers == (0..<100).map { _ in again.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
        let source = SeededRandomSource(seed: 7)
        #expect(numbers == (0..<100).map { _ in source.next() })
        #expect(SystemRandom().next() != SystemRandom().next())
    }

    @Test func `bounded numbers stay below their bound and reach all of it`() {
        var random = SeededRandom(seed: 9)
        for bound in [1, 2, 3, 7, 10] {
            var counts = Array(repeating: 0, count: bound)
            for _ in 0..<(1_000 * bound) { counts[random.int(below: bound)] += 1 }
            #expect(counts.allSatisfy { (800...1_200).contains($0) })
        }
        #expect(random.int(below: 0) == 0)
        #expect(random.int(below: -5) == 0)
        #expect((0..<1_000).allSatisfy { _ in (0..<1).contains(random.unit()) })
        #expect((0..<100).allSatisfy { _ in (0..<Int.max).contains(random.int(below: .max)) })
        #expect(random.element(of: [] as [Int]) == nil)
        #expect((0..<100).allSatisfy { _ in random.chance(1) && !random.chance(0) })
    }
}
