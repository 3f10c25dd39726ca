import EventModel
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing

/// Random definitions over random histories.
@Suite struct RandomDefinitionsTests {
    @Test(arguments: 1...40)
    func `any definition has an answer, and the changes found say what a look at any instant says`(seed: UInt64) throws
    {
        let made = RandomHistories.make(seed: seed)
        var random = SeededRandom(seed: seed)
        let definitions = RandomDefinitions.make(random: &random, size: 6, pool: RandomHistories.pool)
        let program = Program(inDependencyOrder: definitions)
        let walking = ReferenceEvaluator(program: program, settings: made.settings, messages: made.messages)
        let looking = ReferenceEvaluator(program: program, settings: made.settings, messages: made.messages)
        let now = made.instants[0]
        let probes =
            made.instants
            + (0..<10).map { _ in
                let time = random.element(of: made.messages)?.time ?? now
                return time.adding(milliseconds: Int64(random.int(below: 90)) * 86_400_000)
            }
        let end = probes.max() ?? now
        for segment in program.segments.map(\.name) {
            for profile in walking.profiles {
                let changes = walking.changes(of: segment, profile: profile, through: end)
                for probe in probes {
                    let expected = changes.last { $0.instant <= probe }?.isMember ?? false
                    let found = looking.holds(segment: segment, profile: profile, at: probe)
                    #expect(found == expected, "\(segment) of \(profile) at \(probe)")
                }
            }
        }
        for instant in made.instants { _ = looking.metrics(at: instant) }
    }
}
