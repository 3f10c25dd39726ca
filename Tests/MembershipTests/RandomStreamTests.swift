import Columns
import EventModel
import EventStore
import Membership
import SegmentEngine
import SegmentLanguage
import TestSupport
import Testing

/// Kept memberships against an evaluation of everybody, over random streams, restarts and changes of definitions.
struct RandomStreamTests {
    static let batches = 0..<(isLongRun ? 100 : 10)
    static let batch = 10

    @Test(arguments: batches)
    func `kept members are those of an evaluation, and the log tells how they came to be`(batch: Int) async throws {
        for seed in batch * Self.batch..<(batch + 1) * Self.batch {
            let stream = try RandomStream(seed: UInt64(seed))
            try await stream.run()
            #expect(stream.problems == [], "seed \(seed)")
        }
    }
}

/// One random stream into a store with its memberships.
private final class RandomStream {
    private let seed: UInt64
    private let workspace: RandomCase
    private let directory: TemporaryDirectory
    private let clock: ManualClock
    private var random: SeededRandom
    private var store: EventStore
    private var memberships: Memberships
    private var program: Program
    /// Members as the log tells them, and how far it was read.
    private var told: [Text: (members: Bitmap, sequence: Int64, instant: Timestamp)] = [:]
    private(set) var problems: [String] = []

    init(seed: UInt64) throws {
        self.seed = seed
        workspace = RandomHistories.make(seed: seed)
        directory = try TemporaryDirectory()
        random = SeededRandom(seed: seed ^ 0x11FE)
        let first = workspace.messages.map(\.time).min() ?? Timestamp(milliseconds: 0)
        clock = ManualClock(first.adding(milliseconds: 20 * 86_400_000))
        store = try Self.open(directory.path, clock, 1 + random.int(below: 30))
        let settings = workspace.settings
        try store.update { stored in
            stored.zone = settings.zone
            stored.consentPurposeByChannel = settings.consentPurposeByChannel
        }
        try store.addProducts(workspace.products)
        memberships = try Memberships(store, directory: directory.path, clock: clock)
        program = randomProgram(seed: seed)
    }

    deinit {
        memberships.close()
        try? store.close()
    }

    private static func open(_ path: String, _ clock: ManualClock, _ rowsPerBlock: Int) throws -> EventStore {
        var options = EventStore.Options()
        options.maintenance = .none
        options.rowsPerBlock = rowsPerBlock
        return try EventStore.open(directory: path, mode: .createIfMissing, clock: clock, options: options)
    }

    func run() async throws {
        var rest = workspace.messages[...]
        // Some are there before anything is kept.
        if random.chance(0.5) { try append(&rest) }
        try await adopt()
        while !rest.isEmpty, problems.isEmpty {
            clock.advance(milliseconds: random.pick([0, 1, 999, 3_600_000, 86_400_000, 5 * 86_400_000]))
            try append(&rest)
            try await disturb()
        }
        for _ in 0..<3 where problems.isEmpty { try await waitForTheClock() }
    }

    private func append(_ rest: inout ArraySlice<Message>) throws {
        let portion = rest.prefix(1 + random.int(below: 8)).map { message in
            var message = message
            message.receivedAt = clock.now()
            return message
        }
        rest = rest.dropFirst(portion.count)
        _ = try store.append(portion, source: "test")
    }

    private func disturb() async throws {
        switch random.int(below: 13) {
        case 0: try store.seal()
        case 1: try store.compactIfNeeded(minimumParts: 2)
        case 2: try await restart()
        case 3:
            try await check()
            program = randomProgram(seed: seed &+ UInt64(random.int(below: 3)) &* 1_000_003)
            try await adopt()
        case 4, 5: try await waitForTheClock()
        case 6: try await erase()
        default: try await check()
        }
    }

    /// Everything is given up, now and then with messages that were not decided; it goes on from what is on the disk.
    private func restart() async throws {
        try await restart(around: {})
        try await check()
    }

    private func restart(around body: () throws -> Void) async throws {
        if random.chance(0.5) { try await memberships.catchUp() }
        if random.chance(0.3) { memberships.close() } else { memberships.abandon() }
        try store.close()
        try body()
        clock.advance(milliseconds: random.pick([0, 60_000, 86_400_000, 40 * 86_400_000]))
        store = try Self.open(directory.path, clock, 1 + random.int(below: 30))
        memberships = try Memberships(store, directory: directory.path, clock: clock)
        try await memberships.adopt(program)
    }

    // MARK: - Erasing

    /// Somebody is erased, while memberships are kept or not; now and then the process is ended amid it.
    private func erase() async throws {
        try await check()
        let snapshot = try store.snapshot()
        let profiles = (0..<ProfileNumber(snapshot.profileCount)).filter {
            !((try? snapshot.messages(of: $0)) ?? []).isEmpty
        }
        guard !profiles.isEmpty else { return }
        let profile = random.pick(profiles)
        let messages = Set(try snapshot.messages(of: profile).map(\.messageID))
        _ = try store.erase([profile], isFinal: false)
        let pending = try #require(try store.pendingErasure())
        if random.chance(0.5) {
            _ = try memberships.erase(pending)
            if random.chance(0.5) { try await restart(around: {}) }
        } else {
            if random.chance(0.3) { try await memberships.catchUp() }
            try await restart { [directory] in
                let file = try #require(try MembershipFile(directory: directory.path))
                _ = try file.erase(pending)
                if self.random.chance(0.3) { _ = try file.erase(pending) }
                file.close()
            }
        }
        try store.finishErasure()
        for name in told.keys where program[name]?.condition != nil {
            let gone = told[name]?.members.filter { pending.identifiers.contains(ProfileNumber($0)) } ?? []
            for number in gone { told[name]?.members.remove(number) }
            let changes = try memberships.changes(of: name, after: 0, limit: .max)
            let isBegunAnew = changes.contains {
                if case .baseline = $0.kind { $0.sequence > told[name]?.sequence ?? 0 } else { false }
            }
            if isBegunAnew { try takeAsGiven(name) }
            let left = changes.filter {
                $0.kind == .left && $0.profile == nil && $0.sequence > told[name]?.sequence ?? 0
            }
            if !isBegunAnew, left.count != gone.count {
                problems.append("\(gone.count) were erased from \(name), and \(left.count) left")
            }
            for (number, change) in changes.enumerated() {
                if change.sequence != Int64(number) + 1 { problems.append("\(change) is at \(number + 1)") }
                if let profile = change.profile, pending.identifiers.contains(profile) {
                    problems.append("\(change) names who was erased")
                }
                if case .message(let id, _) = change.cause, messages.contains(id) {
                    problems.append("\(change) names a message that was erased")
                }
            }
        }
        try await check()
    }

    private func adopt() async throws {
        try await memberships.adopt(program)
        for segment in program.segments { try begin(segment.name) }
        for name in told.keys where program[name] == nil { told[name] = nil }
        try await check()
    }

    /// Takes what a log begins with as given, and what an older one changed into as told.
    private func begin(_ name: Text) throws {
        guard let known = told[name] else { return try takeAsGiven(name) }
        let changes = try memberships.changes(of: name, after: known.sequence, limit: .max)
        let isNewLog = changes.contains { if case .baseline = $0.kind { true } else { false } }
        if isNewLog { try takeAsGiven(name) }
    }

    private func takeAsGiven(_ name: Text) throws {
        let now = try memberships.membership(of: name)
        told[name] = (now.members, now.sequence, now.watermark.instant)
    }

    /// Nothing comes in for a while: at each moment of it, the log must tell what an evaluation says.
    private func waitForTheClock() async throws {
        try await check()
        let start = clock.now()
        clock.advance(milliseconds: random.pick([3_600_000, 86_400_000, 8 * 86_400_000, 45 * 86_400_000]))
        try await memberships.catchUp()
        let length = clock.now().milliseconds(since: start)
        let between = start.adding(milliseconds: Int64(random.int(below: Int(length))))
        try await compare(at: between)
        try await check()
    }

    /// What is kept now is what an evaluation says.
    private func check() async throws {
        try await memberships.catchUp()
        try await memberships.refreshRanks()
        let watermark = memberships.condition.watermark
        let newest = try store.snapshot().arrival
        // The newest message may have been erased.
        if watermark?.arrival ?? 0 < newest { problems.append("the mark is \(watermark?.arrival ?? 0) of \(newest)") }
        try await compare(at: max(clock.now(), watermark?.instant ?? clock.now()), isNow: true)
    }

    private func compare(at instant: Timestamp, isNow: Bool = false) async throws {
        let plan = Plan(program, settings: store.settings)
        let names = Set(program.segments.map(\.name))
        let result = try await BatchEvaluator(plan: plan, source: store.snapshot()).evaluate(
            at: instant, BatchEvaluator.Request(definitions: names))
        for name in names.sorted() where isNow || !plan.rankedNames.contains(name) {
            let expected = result.members[name] ?? Bitmap()
            let text = program[name].map { Printer.text(of: $0) } ?? ""
            if isNow, try memberships.membership(of: name).members != expected {
                problems.append("kept at \(instant), \(text)")
            }
            if try tell(name, upTo: instant) != expected { problems.append("told at \(instant), \(text)") }
        }
    }

    /// Reads on in a log, entries up to an instant.
    private func tell(_ name: Text, upTo instant: Timestamp) throws -> Bitmap {
        guard var known = told[name] else { return Bitmap() }
        for change in try memberships.changes(of: name, after: known.sequence, limit: .max)
        where change.instant <= instant {
            let isErased = change.kind == .left && change.profile == nil
            let isIn = known.members.contains(Int(change.profile ?? 0))
            switch change.kind {
            case .entered where !isIn: known.members.insert(Int(change.profile ?? 0))
            case .left where isErased: break
            case .left where isIn: known.members.remove(Int(change.profile ?? 0))
            default: problems.append("\(change) does not follow")
            }
            if change.sequence != known.sequence + 1 { problems.append("\(change) after \(known.sequence)") }
            if change.instant < known.instant { problems.append("\(change) before \(known.instant)") }
            known.sequence = change.sequence
            known.instant = change.instant
        }
        told[name] = known
        return known.members
    }
}
