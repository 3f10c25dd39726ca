import EventModel
import EventStore
import SegmentLanguage
import TestSupport
import Testing

@testable import SegmentEngine

/// `validUntil` is never later than a change, and always later than now.
@Suite(.serialized)
struct ValidityTests {
    private static let batch = 10
    private static var batches: Range<Int> { 0..<(isLongRun ? 300 : 15) }

    @Test(arguments: batches)
    func `no answer changes before its validUntil`(batch: Int) throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let workspace = RandomHistories.make(seed: UInt64(seed))
            let program = randomProgram(seed: UInt64(seed))
            #expect(try violations(workspace, program, workspace.messages) == [], "seed \(seed)")
        }
    }

    @Test(arguments: batches)
    func `no answer about counts in groups changes before its validUntil`(batch: Int) throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let workspace = RandomHistories.make(seed: UInt64(seed))
            let program = Program(inDependencyOrder: randomGroupCounts(seed: UInt64(seed)))
            #expect(try violations(workspace, program, workspace.messagesWithoutItems) == [], "seed \(seed)")
        }
    }

    /// Looks at instants between now and `validUntil` at which something is likely to change.
    private func violations(_ workspace: RandomCase, _ program: Program, _ messages: [Message]) throws -> [String] {
        let seed = workspace.seed
        let plan = Plan(program, settings: workspace.settings)
        let withoutRanks = Set(plan.entries.filter(\.ranks.isEmpty).map(\.definition.name))
        let source = MemoryHistorySource(messages: messages, settings: workspace.settings)
        let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
        var random = SeededRandom(seed: seed)
        var found: [String] = []
        for number in 0..<ProfileNumber(source.profileCount) {
            guard let block = source.history(of: number, projection: plan.projectionForValidity) else { continue }
            let probes = Probes(block, zone: workspace.settings.zone, now: now.milliseconds)
            for start in [now] + probes.some(&random, 4) {
                found += violations(plan, withoutRanks, block, start, probes, &random)
            }
        }
        return found
    }

    private func violations(
        _ plan: Plan, _ names: Set<Text>, _ block: HistoryBlock, _ start: Timestamp, _ probes: Probes,
        _ random: inout SeededRandom
    ) -> [String] {
        let live = LiveEvaluator(plan: plan)
        let ranks = RankThresholds.none(for: plan)
        let state = live.state(of: block, at: start, ranks: ranks, definitions: names)
        var found: [String] = []
        for (name, answer) in state.answers {
            let text = plan.program[name].map { Printer.text(of: $0) } ?? ""
            let next = probes.rowTimes.first { $0 > start.milliseconds } ?? .max
            let until = answer.validUntil?.milliseconds ?? .max
            if until <= start.milliseconds { found.append("no progress at \(start): \(text)") }
            if until > next { found.append("later than the next event at \(start): \(text)") }
            for probe in probes.between(start.milliseconds, until, &random) {
                let later = live.state(
                    of: block, at: Timestamp(milliseconds: probe), ranks: ranks, definitions: [name]
                ).answers[name]
                if later?.isMember != answer.isMember || later?.value != answer.value {
                    found.append(
                        "\(block.profileIDs[0]) at \(start) valid until \(until), changed by "
                            + "\(Timestamp(milliseconds: probe)): \(text)")
                }
            }
        }
        return found
    }
}

/// Instants at which answers like to change.
struct Probes {
    let rowTimes: [Int64]
    private let instants: [Int64]

    init(_ block: HistoryBlock, zone: Zone, now: Int64) {
        rowTimes = block.times.sorted()
        let day: Int64 = 86_400_000
        let lengths: [Int64] = [
            0, 1, 1_000, 1_800_000, 3_600_000, day / 2, day, 36 * 3_600_000, 2 * day, 3 * day, 4 * day, 5 * day,
            7 * day, 14 * day, 21 * day, 28 * day, 30 * day, 35 * day, 60 * day, 90 * day, 120 * day, 150 * day,
            365 * day,
        ]
        var instants: Set<Int64> = []
        for time in rowTimes + [now] {
            for length in lengths {
                for beside in [-1, 0, 1] as [Int64] { instants.insert(time + length + beside) }
            }
        }
        for time in [now] {
            let today = zone.day(of: Timestamp(milliseconds: time))
            for days in -3...40 {
                let start = zone.startOfDay(today.adding(days: days)).milliseconds
                for beside in [-1, 0, 1] as [Int64] { instants.insert(start + beside) }
            }
            for hours in 0...30 { instants.insert(time - time % 3_600_000 + Int64(hours) * 3_600_000) }
        }
        self.instants = instants.sorted()
    }

    func some(_ random: inout SeededRandom, _ count: Int) -> [Timestamp] {
        (0..<count).map { _ in Timestamp(milliseconds: instants[random.int(below: instants.count)]) }
    }

    /// A few of the instants after `start` and before `end`: the last ones, and others by chance.
    func between(_ start: Int64, _ end: Int64, _ random: inout SeededRandom) -> [Int64] {
        let inside = instants.filter { $0 > start && $0 < end }
        var chosen = Array(inside.suffix(2)) + Array(inside.prefix(2))
        for _ in 0..<min(8, inside.count) { chosen.append(inside[random.int(below: inside.count)]) }
        if end != .max, end - start > 1 { chosen.append(end - 1) }
        return chosen
    }
}
