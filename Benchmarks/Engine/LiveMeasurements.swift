import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension OpenedStore {
    /// All segments for single profiles spread over the store, each at the instant of one of its events.
    func live(_ definitions: Definitions, profiles: Int) async throws -> Figures.Live {
        let plan = Plan(definitions.program, settings: snapshot.settings)
        let ranks = try await BatchEvaluator(plan: plan, source: snapshot, workers: threads).ranks(at: now)
        let names = Set(definitions.segments)
        // The first round warms up.
        _ = try decide(plan, ranks, names, profiles)
        return try decide(plan, ranks, names, profiles)
    }

    private func decide(
        _ plan: Plan, _ ranks: RankThresholds, _ names: Set<Text>, _ profiles: Int
    ) throws -> Figures.Live {
        let session = LiveSession(plan: plan, ranks: ranks, definitions: names)
        var fetching: [UInt64] = []
        var evaluating: [UInt64] = []
        var redeciding: [UInt64] = []
        var members = 0
        var other: HistoryBlock?
        for number in stride(from: 0, to: snapshot.profileCount, by: max(1, snapshot.profileCount / profiles)) {
            let start = Usage.ofThread
            let block = try snapshot.history(of: ProfileNumber(number), projection: plan.projectionForValidity)
            let fetched = Usage.ofThread
            guard let block, let event = event(in: block, number) else { continue }
            fetching.append(fetched - start)
            let begun = Usage.ofThread
            let whole = session.begin(block, at: event.time)
            evaluating.append(Usage.ofThread - begun)
            members += session.names.indices.count { session.isMember($0, whole) }
            if let other, let spent = try redecide(session, whole, block, event, after: other) {
                redeciding.append(spent)
            }
            other = block
        }
        guard !fetching.isEmpty else { throw BenchmarkError("the store has no events") }
        return Figures.Live(
            definitions: names.count, fetchMicroseconds: Spread(nanoseconds: fetching),
            evaluateMicroseconds: Spread(nanoseconds: evaluating),
            redecideMicroseconds: Spread(nanoseconds: redeciding), members: members)
    }

    /// What it takes to decide anew when an event arrives, by a session that has just dealt with another profile and
    /// has the answers as of this one's event before; nil without such an event.
    ///
    /// - Throws: when the answers are not those of an evaluation from nothing.
    private func redecide(
        _ session: LiveSession, _ whole: LiveSession.Memory, _ block: HistoryBlock, _ event: Event,
        after other: HistoryBlock
    ) throws -> UInt64? {
        guard let before = event.before else { return nil }
        var memory = session.begin(block, at: before)
        _ = session.begin(other, at: before)
        let begun = Usage.ofThread
        session.update(&memory, block, at: event.time, incoming: [Incoming(.track, event: event.name, at: event.time)])
        let spent = Usage.ofThread - begun
        for index in session.names.indices
        where session.isMember(index, memory) != session.isMember(index, whole) {
            throw BenchmarkError("\(session.names[index]) of \(block.profileID(0)) at \(event.time) differs")
        }
        return spent
    }

    /// One of a profile's events.
    private struct Event {
        let name: Text
        let time: Timestamp
        /// The time of the event before it, when that is earlier.
        let before: Timestamp?
    }

    /// One of a profile's events up to the instant of the measurement; which one follows from the number.
    private func event(in block: HistoryBlock, _ number: Int) -> Event? {
        let times = block.times.filter { $0 <= now.milliseconds }.sorted()
        guard !times.isEmpty else { return nil }
        let time = times[number % times.count]
        guard let row = block.times.firstIndex(of: time),
            let section = block.sections.first(where: { $0.rows.contains(row) })
        else { return nil }
        return Event(
            name: block.eventNames[Int(section.name)], time: Timestamp(milliseconds: time),
            before: times.last { $0 < time }.map { Timestamp(milliseconds: $0) })
    }
}
