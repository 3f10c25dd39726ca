import EventModel
import EventStore
import SegmentLanguage
import TestSupport
import Testing

@testable import SegmentEngine

/// A session says at every instant what an evaluation from nothing says.
@Suite(.serialized)
struct LiveSessionTests {
    private static let batch = 5
    private static var batches: Range<Int> { 0..<(isLongRun ? 400 : 8) }

    @Test(arguments: batches)
    func `a profile decided from nothing is what the sweep over all says`(batch: Int) async throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let workspace = RandomHistories.make(seed: UInt64(seed))
            let program = randomProgram(seed: UInt64(seed))
            #expect(try await disagreements(workspace, program, workspace.messages) == [], "seed \(seed)")
        }
    }

    @Test(arguments: batches)
    func `a profile whose groups are counted from nothing is what the sweep over all says`(batch: Int) async throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let workspace = RandomHistories.make(seed: UInt64(seed))
            let program = Program(inDependencyOrder: randomGroupCounts(seed: UInt64(seed)))
            #expect(try await disagreements(workspace, program, workspace.messagesWithoutItems) == [], "seed \(seed)")
        }
    }

    /// What a session says from nothing that a sweep does not.
    private func disagreements(
        _ workspace: RandomCase, _ program: Program, _ messages: [Message]
    ) async throws -> [String] {
        let plan = Plan(program, settings: workspace.settings)
        let source = MemoryHistorySource(messages: messages, settings: workspace.settings)
        let now = workspace.instants[Int(workspace.seed % UInt64(workspace.instants.count))]
        let all = try await EngineAnswers(plan, source, at: now)
        let ranks = try await BatchEvaluator(plan: plan, source: source).ranks(at: now)
        let session = LiveSession(plan: plan, ranks: ranks)
        var found: [String] = []
        for block in source.histories(plan) {
            let memory = session.begin(block, at: now)
            let id = block.profileID(0)
            for (index, name) in session.names.enumerated() {
                let answer = session.answer(index, memory)
                let isSame =
                    answer.isMember.map { $0 == all.segments[name]?.contains(id) }
                    ?? (answer.value?.json == all.metrics[name]?[id])
                let text = plan.program[name].map { Printer.text(of: $0) } ?? ""
                if !isSame { found.append("\(id) at \(now): \(text)") }
            }
        }
        return found
    }

    /// Rows become visible one instant after another, and the session is asked in between as well.
    @Test(arguments: batches)
    func `what is decided anew is what an evaluation from nothing says`(batch: Int) throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let workspace = RandomHistories.make(seed: UInt64(seed))
            let plan = Plan(randomProgram(seed: UInt64(seed)), settings: workspace.settings)
            let source = MemoryHistorySource(messages: workspace.messages, settings: workspace.settings)
            let now = workspace.instants[seed % workspace.instants.count].milliseconds
            var random = SeededRandom(seed: UInt64(seed))
            let session = LiveSession(plan: plan, ranks: .none(for: plan))
            let fresh = LiveSession(plan: plan, ranks: .none(for: plan))
            for block in source.histories(plan) {
                let probes = Probes(block, zone: workspace.settings.zone, now: now)
                let instants = (probes.rowTimes + probes.some(&random, 6).map(\.milliseconds)).sorted()
                var memory = session.begin(block, at: Timestamp(milliseconds: instants[0] - 1))
                for instant in instants {
                    let time = Timestamp(milliseconds: instant)
                    session.update(&memory, block, at: time)
                    let problems = differences(session, memory, fresh, fresh.begin(block, at: time), at: time)
                    #expect(problems == [], "seed \(seed), \(block.profileID(0)) at \(time)")
                }
            }
        }
    }

    private func differences(
        _ session: LiveSession, _ memory: LiveSession.Memory, _ fresh: LiveSession, _ whole: LiveSession.Memory,
        at now: Timestamp
    ) -> [String] {
        session.names.indices.compactMap { index in
            let (own, other) = (session.answer(index, memory), fresh.answer(index, whole))
            let isSure = own.validUntil.map { $0 > now } ?? true
            if own.isMember == other.isMember, own.value == other.value, isSure { return nil }
            return "\(session.names[index]): \(own) instead of \(other)"
        }
    }

    /// Late messages too: what does not speak of a message goes on as if it had not come.
    @Test(arguments: batches)
    func `a message changes neither answer nor validity of definitions that it does not affect`(batch: Int) throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let workspace = RandomHistories.make(seed: UInt64(seed))
            let plan = Plan(randomProgram(seed: UInt64(seed)), settings: workspace.settings)
            let with = MemoryHistorySource(messages: workspace.messages, settings: workspace.settings)
            var random = SeededRandom(seed: UInt64(seed))
            for _ in 0..<(workspace.messages.isEmpty ? 0 : 6) {
                let left = random.int(below: workspace.messages.count)
                let message = workspace.messages[left]
                var rest = workspace.messages
                rest.remove(at: left)
                let without = MemoryHistorySource(messages: rest, settings: workspace.settings)
                // Without it a message of the same id would count.
                if with.duplicateCount != without.duplicateCount { continue }
                let now = message.time.adding(milliseconds: Int64(random.int(below: 3)) * 86_400_000)
                for name in Set(plan.names).subtracting(plan.affected(by: message)) {
                    let session = LiveSession(plan: plan, ranks: .none(for: plan), definitions: [name])
                    for block in with.histories(plan) {
                        // Nor did it join profiles, or begin one.
                        guard let other = without.history(like: block, plan), other.firstTimes == block.firstTimes,
                            addsAtMostOneRow(block, to: other)
                        else { continue }
                        let changes = changes(session, from: other, to: block, at: now)
                        let text = plan.program[name].map { Printer.text(of: $0) } ?? ""
                        #expect(changes == [], "seed \(seed), \(message.event) at \(message.time): \(text)")
                    }
                }
            }
        }
    }

    /// In any order, late ones too.
    @Test(arguments: batches)
    func `a message that arrives changes the answers to what an evaluation from nothing says`(batch: Int) throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let workspace = RandomHistories.make(seed: UInt64(seed))
            let plan = Plan(randomProgram(seed: UInt64(seed)), settings: workspace.settings)
            let with = MemoryHistorySource(messages: workspace.messages, settings: workspace.settings)
            let session = LiveSession(plan: plan, ranks: .none(for: plan))
            let fresh = LiveSession(plan: plan, ranks: .none(for: plan))
            var random = SeededRandom(seed: UInt64(seed))
            for left in workspace.messages.indices where random.int(below: 3) == 0 {
                let message = workspace.messages[left]
                var rest = workspace.messages
                rest.remove(at: left)
                let without = MemoryHistorySource(messages: rest, settings: workspace.settings)
                if with.duplicateCount != without.duplicateCount { continue }
                let now = message.time.adding(milliseconds: Int64(random.int(below: 20)) * 86_400_000)
                let later = now.adding(milliseconds: Int64(random.int(below: 40)) * 86_400_000)
                for block in with.histories(plan) {
                    guard let other = without.history(like: block, plan), addsAtMostOneRow(block, to: other) else {
                        continue
                    }
                    var memory = session.begin(other, at: now)
                    session.update(&memory, block, at: now, incoming: [Incoming(message)])
                    for time in [now, later] {
                        session.update(&memory, block, at: time)
                        let problems = differences(session, memory, fresh, fresh.begin(block, at: time), at: time)
                        #expect(problems == [], "seed \(seed), \(message.event), \(block.profileID(0)) at \(time)")
                    }
                }
            }
        }
    }

    /// Whether two histories differ by a row at most: a message that joins profiles or takes one apart, whose rows then
    /// come or go, leaves nothing of a memory, and sessions are not asked about it.
    private func addsAtMostOneRow(_ block: HistoryBlock, to other: HistoryBlock) -> Bool {
        guard (0...1).contains(block.rowCount - other.rowCount) else { return false }
        return block.times.sorted().difference(from: other.times.sorted()).count == block.rowCount - other.rowCount
    }

    /// How the only answer of a session differs between two histories at an instant, or while it is sure in the first.
    private func changes(
        _ session: LiveSession, from before: HistoryBlock, to after: HistoryBlock, at now: Timestamp
    ) -> [String] {
        let known = session.answer(0, session.begin(before, at: now))
        let fresh = session.answer(0, session.begin(after, at: now))
        var instants = [now]
        // Where memberships are followed through time, every event ends a stretch that is looked at.
        if let next = fresh.validUntil, next < known.validUntil ?? .distantFuture {
            instants += [next, known.validUntil?.adding(milliseconds: -1) ?? next.adding(milliseconds: 86_400_000)]
        }
        var changes = instants.compactMap { instant -> String? in
            let answer = session.answer(0, session.begin(after, at: instant))
            if answer.isMember == known.isMember, answer.value == known.value { return nil }
            return "\(answer) at \(instant) instead of \(known)"
        }
        if known.validUntil ?? .distantFuture < fresh.validUntil ?? .distantFuture {
            changes.append("\(known) was sure for less: \(fresh)")
        }
        return changes
    }

    @Test func `a late event is taken into account, and so is one that was dated ahead`() throws {
        var shop = Shop()
        shop.track("A", 10 * Shop.day)
        shop.track("A", -Shop.hour)
        let plan = try shop.plan("segment s: did \"A\" at least 3 times\nsegment t: did \"B\"\nmetric m: count(\"A\")")
        let session = LiveSession(plan: plan, ranks: .none(for: plan))
        let before = try #require(shop.source.histories(plan).first)
        var memory = session.begin(before, at: Shop.now)
        #expect(memory.validUntil == Shop.now.adding(milliseconds: Shop.hour))
        session.update(&memory, before, at: Shop.now.adding(milliseconds: Shop.hour))
        #expect(session.answer(2, memory).value == .number(2))
        #expect(session.isMember(0, memory) == false)

        shop.track("A", 5 * Shop.day)
        let after = try #require(shop.source.histories(plan).first)
        session.update(
            &memory, after, at: Shop.now.adding(milliseconds: 2 * Shop.hour), incoming: [Incoming(.track, event: "A")])
        #expect(session.isMember(0, memory))
        #expect(session.answer(2, memory).value == .number(3))
        #expect(session.isMember(1, memory) == false)
    }

    @Test func `an event before the first one changes when the profile began`() throws {
        var shop = Shop()
        shop.track("A", Shop.day)
        let plan = try shop.plan("segment old: profile.created < 5 days ago")
        let session = LiveSession(plan: plan, ranks: .none(for: plan))
        var memory = session.begin(try #require(shop.source.histories(plan).first), at: Shop.now)
        #expect(session.isMember(0, memory) == false)
        shop.track("B", 10 * Shop.day)
        session.update(
            &memory, try #require(shop.source.histories(plan).first), at: Shop.now,
            incoming: [Incoming(.track, event: "B")])
        #expect(session.isMember(0, memory))
    }

    @Test func `what ranks is asked again when the bands are set anew`() async throws {
        var shop = Shop()
        shop.track("A", Shop.day)
        shop.track("A", Shop.day, by: "v")
        shop.track("A", Shop.hour, by: "v")
        let plan = try shop.plan("metric m: count(\"A\")\nsegment best: m in top 50%")
        let session = LiveSession(plan: plan, ranks: .none(for: plan), definitions: ["best"])
        let block = try #require(shop.source.histories(plan).last)
        var memory = session.begin(block, at: Shop.now)
        #expect(session.isMember(0, memory) == false)
        session.ranks = try await BatchEvaluator(plan: plan, source: shop.source).ranks(at: Shop.now)
        session.update(&memory, block, at: Shop.now)
        #expect(session.isMember(0, memory))
    }
}

extension MemoryHistorySource {
    /// The histories of all profiles, one by one.
    fileprivate func histories(_ plan: Plan) -> [HistoryBlock] {
        (0..<ProfileNumber(profileCount)).compactMap { history(of: $0, projection: plan.projectionForValidity) }
    }

    /// The history of the profile that has the same id.
    fileprivate func history(like block: HistoryBlock, _ plan: Plan) -> HistoryBlock? {
        profileNumber(for: block.profileID(0)).flatMap { history(of: $0, projection: plan.projectionForValidity) }
    }
}
