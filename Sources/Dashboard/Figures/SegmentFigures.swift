import Analytics
import Columns
package import EventModel
package import EventStore
package import Membership
import SegmentEngine
import SegmentLanguage

/// Figures about segments that take a look at everybody: computed in the background, kept, and renewed when they are old.
///
/// Pages are answered from what is there, at once; only the very first one waits a moment.
package actor SegmentFigures {
    private let store: EventStore
    private let memberships: Memberships
    private let clock: any Clock

    private var board: BoardFigures?
    private var isMakingBoard = false
    private var details: [Text: SegmentDetail] = [:]
    private var making: Set<Text> = []
    /// Why nothing could be computed the last time.
    private var failure: String?

    package init(store: EventStore, memberships: Memberships, clock: any Clock) {
        self.store = store
        self.memberships = memberships
        self.clock = clock
    }

    /// What is there is shown for so long before it is renewed, ms.
    private static let freshMilliseconds: Int64 = 60_000
    /// So many details are kept.
    private static let mostDetails = 32

    // MARK: - Asking

    /// The board's figures; nil when they are not there within the patience.
    package func board(patience: Duration) async -> BoardFigures? {
        guard let program = memberships.program else { return nil }
        if !isFresh(board.map { ($0.definitions, $0.asOf) }, of: program.definitions) {
            startBoard(program)
        }
        return await waited(patience) { board }
    }

    /// A segment's figures; nil when they are not there within the patience.
    package func detail(of name: Text, patience: Duration) async -> SegmentDetail? {
        guard let program = memberships.program, program[name]?.condition != nil else { return nil }
        let own = program.selecting([name])
        let known = details[name]
        // Those of another definition would be wrong, not old.
        if let known, known.definitions != own.definitions { details[name] = nil }
        if !isFresh(details[name].map { ($0.definitions, $0.asOf) }, of: own.definitions) {
            startDetail(name, own)
        }
        return await waited(patience) { details[name] }
    }

    private func waited<Figures>(_ patience: Duration, _ look: () -> Figures?) async -> Figures? {
        let step = Duration.milliseconds(15)
        var waited = Duration.zero
        while true {
            if let found = look() { return found }
            guard waited < patience, failure == nil else { return nil }
            waited += step
            try? await Task.sleep(for: step)
        }
    }

    private func isFresh(
        _ known: (definitions: [Definition], asOf: Timestamp)?, of definitions: [Definition]
    ) -> Bool {
        guard let known, known.definitions == definitions else { return false }
        return clock.now().milliseconds(since: known.asOf) < Self.freshMilliseconds
    }

    // MARK: - Computing

    private func startBoard(_ program: Program) {
        guard !isMakingBoard else { return }
        isMakingBoard = true
        failure = nil
        let (store, memberships, now) = (store, memberships, clock.now())
        Task(priority: .utility) {
            do {
                let made = try await BoardFigures.make(program, store, memberships, at: now)
                finish(made)
            } catch { fail("\(error)") }
            isMakingBoard = false
        }
    }

    private func finish(_ made: BoardFigures) { board = made }

    private func fail(_ cause: String) { failure = cause }

    private func startDetail(_ name: Text, _ program: Program) {
        guard making.insert(name).inserted else { return }
        failure = nil
        let (store, now) = (store, clock.now())
        Task(priority: .utility) {
            do {
                let made = try await SegmentDetail.make(name, program, store, at: now)
                keep(made, as: name)
            } catch { fail("\(error)") }
            making.remove(name)
        }
    }

    private func keep(_ made: SegmentDetail, as name: Text) {
        if details.count >= Self.mostDetails, let oldest = details.min(by: { $0.value.asOf < $1.value.asOf }) {
            details[oldest.key] = nil
        }
        details[name] = made
    }
}

extension BoardFigures {
    /// - Complexity: O(history) for each week of the past, and once more for now.
    @concurrent
    static func make(
        _ program: Program, _ store: EventStore, _ memberships: Memberships, at now: Timestamp
    ) async throws -> BoardFigures {
        let snapshot = try store.snapshot()
        let names = program.segments.map(\.name)
        let own = program.selecting(names, adding: metrics.map(\.definition))
        let evaluator = BatchEvaluator(plan: Plan(own, settings: snapshot.settings), source: snapshot, workers: 1)
        var pastSizes: [Text: [Int]] = [:]
        var aWeekAgo: [Text: Bitmap] = [:]
        for week in (1...weeks).reversed() {
            let instant = now.adding(milliseconds: -7 * Int64(week) * Timestamp.millisecondsPerDay)
            let past = try await evaluator.evaluate(at: instant, BatchEvaluator.Request(definitions: Set(names)))
            for name in names { pastSizes[name, default: []].append(past.members[name]?.count ?? 0) }
            if week == 1 { aWeekAgo = past.members }
        }
        let people = try await evaluator.evaluate(at: now)
        var revenue: [Text: Decimal128] = [:]
        var orders: [Text: Decimal128] = [:]
        for name in names {
            let members = people.members[name] ?? Bitmap()
            revenue[name] = people.total(of: .netRevenue, among: members)
            orders[name] = people.total(of: .netOrders, among: members)
        }
        return BoardFigures(
            definitions: program.definitions, asOf: now, people: people, byRevenue: RevenueOrder(people),
            totalRevenue: people.total(of: .netRevenue, among: people.population), revenue: revenue, orders: orders,
            pastSizes: pastSizes, membersAWeekAgo: aWeekAgo,
            flow: try flow(of: memberships, at: now, in: snapshot.settings.zone))
    }

    /// Read in portions, so that whoever decides memberships never waits long for the log.
    private static func flow(of memberships: Memberships, at now: Timestamp, in zone: Zone) throws -> SegmentFlow {
        let start = now.adding(milliseconds: -Int64(SegmentFlow.days) * Timestamp.millisecondsPerDay)
        var flow = SegmentFlow(upTo: now, in: zone, from: try memberships.lastPosition(before: start))
        while true {
            let changes = try memberships.changes(after: flow.position, limit: 10_000)
            guard !changes.isEmpty else { return flow }
            flow.add(changes)
            try Task.checkCancellation()
        }
    }
}
