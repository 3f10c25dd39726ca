import EventModel
import SegmentLanguage

/// Which events: a pattern, a filter, a window; the unit that conditions and aggregates count or read.
final class QueryNode: Sendable {
    let pattern: Pattern
    let filter: ConditionNode?
    let window: WindowNode?
    let traits: NodeTraits
    /// The properties that the filter and an aggregate's X mention, for witnesses.
    let mentioned: [PathSlot]

    init(pattern: Pattern, filter: ConditionNode?, window: WindowNode?, mentioned: [PathSlot]) {
        self.mentioned = mentioned
        self.pattern = pattern
        self.filter = filter
        self.window = window
        var clock = window?.traits.clock ?? .still
        // Whether single rows match changes at instants that the filter names.
        if filter.map({ $0.traits.clock != .still }) ?? false { clock = .steps }
        traits = NodeTraits(readsGroup: true, clock: clock)
    }

    /// About how much a sweep over it costs beside others.
    var sweepingCost: Int {
        if pattern.isVisit { return 40 }
        return 1 + (pattern.names.map { $0.count > 1 } ?? true ? 4 : 0) + (filter == nil ? 0 : 4)
            + (window?.anchor == nil ? 0 : 10)
    }

    func span(_ frame: Frame) -> Span {
        window?.span(frame) ?? Span(end: Position(afterAllOf: frame.now))
    }

    /// Calls `body` for each matching event or visit inside the window; within one event name in history order.
    ///
    /// - Returns: until when the same events match, if the frame wants to know; else `never`.
    @inline(__always)
    func forEachMatch(_ frame: Frame, _ body: (Occurrence) -> Void) -> Int64 {
        let span = span(frame)
        guard frame.wantsValidity, traits.clock != .still else {
            forEachCandidate(frame, from: span.start, to: span.end) { place in
                if filter?.evaluate(frame, place).holds ?? true { body(place) }
            }
            return never
        }
        var until = span.until
        let filterMoves = filter.map { $0.traits.clock != .still } ?? false
        forEachCandidate(frame, from: span.start, to: span.hasEntries ? .end : span.end) { place in
            let truth = filter?.evaluate(frame, place) ?? Truth(true)
            let position = frame.evaluator.position(of: Int(place.row))
            if position < span.end {
                until = min(until, truth.until)
                guard truth.holds else { return }
                until = min(until, span.exit(of: position.time))
                body(place)
            } else if truth.holds || filterMoves {
                until = min(until, span.entry(of: position.time))
            }
        }
        return until
    }

    /// How many match; stops counting at `limit`, from where on nobody cares.
    func count(_ frame: Frame, upTo limit: Int) -> Int {
        let span = span(frame)
        if filter == nil { return countCandidates(frame, from: span.start, to: span.end) }
        var count = 0
        func look(at place: Occurrence) {
            if filter?.evaluate(frame, place).holds ?? true { count += 1 }
        }
        forEachCandidate(frame, from: span.start, to: span.end, while: { count < limit }, look)
        return count
    }

    /// Calls `body` for each event or visit of the pattern in a stretch of history, as far as the frame sees it.
    @inline(__always)
    func forEachCandidate(
        _ frame: Frame, from start: Position, to end: Position, while isWanted: () -> Bool = { true },
        _ body: (Occurrence) -> Void
    ) {
        guard start < end else { return }
        let evaluator = frame.evaluator
        if pattern.isVisit {
            for (visit, row) in visits(frame) where isWanted() {
                let position = evaluator.position(of: row)
                if start <= position, position < end { body(Occurrence(row: row, visit: visit)) }
            }
            return
        }
        evaluator.forEachRun(of: pattern, frame) { run in
            let (first, last) = Self.indices(of: run, start, end, evaluator)
            var index = first
            while index < last, isWanted() {
                body(Occurrence(row: run[index]))
                index += 1
            }
        }
    }

    private func countCandidates(_ frame: Frame, from start: Position, to end: Position) -> Int {
        guard start < end else { return 0 }
        var count = 0
        if pattern.isVisit {
            forEachCandidate(frame, from: start, to: end) { _ in count += 1 }
            return count
        }
        frame.evaluator.forEachRun(of: pattern, frame) { run in
            let (first, last) = Self.indices(of: run, start, end, frame.evaluator)
            count += max(last - first, 0)
        }
        return count
    }

    /// The visits that the frame sees; in a group those whose own value is the group's.
    private func visits(_ frame: Frame) -> [(visit: Int, row: Int)] {
        let visits = frame.evaluator.visits
        return (0..<visits.count(at: frame.now)).compactMap { visit in
            let row = visits.firstRow(of: visit)
            if let group = frame.group, !group.showsVisit(row: row, frame.evaluator) { return nil }
            return (visit, row)
        }
    }

    @inline(__always)
    private static func indices(
        of run: RowRun, _ start: Position, _ end: Position, _ evaluator: ProfileEvaluator
    ) -> (Int, Int) {
        let first = start == .start ? 0 : run.firstIndex(from: start, evaluator)
        var last = run.count
        // Runs end at now already; most windows do too.
        if last > first, end <= evaluator.position(of: run[last - 1]) {
            last = run.firstIndex(from: end, evaluator)
        }
        return (first, last)
    }
}
