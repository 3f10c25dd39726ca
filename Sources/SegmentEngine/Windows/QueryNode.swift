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
        if pattern.isVisit || filter.map({ $0.traits.clock != .still }) ?? false {
            return forEachWatched(frame, span, body)
        }
        var until = span.until
        frame.evaluator.forEachRun(of: pattern, frame) { run in
            let (first, last) = indices(of: run, span, frame.evaluator)
            var index = first
            var hasMatch = false
            while index < last {
                let place = Occurrence(row: run[index])
                index += 1
                guard filter?.evaluate(frame, place).holds ?? true else { continue }
                // Of those inside the oldest leaves first.
                if !hasMatch { until = min(until, span.exit(of: frame.evaluator.binding.times[Int(place.row)])) }
                hasMatch = true
                body(place)
            }
            until = min(until, entry(of: run, from: last, span, frame))
        }
        return until
    }

    /// The same where each event and visit must be asked until when it matches.
    private func forEachWatched(_ frame: Frame, _ span: Span, _ body: (Occurrence) -> Void) -> Int64 {
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

    /// When the first of the rows after the window's end that match enters it.
    private func entry(of run: RowRun, from last: Int, _ span: Span, _ frame: Frame) -> Int64 {
        guard span.hasEntries else { return never }
        var index = last
        while index < run.count {
            let row = run[index]
            index += 1
            guard filter?.evaluate(frame, Occurrence(row: row)).holds ?? true else { continue }
            return span.entry(of: frame.evaluator.binding.times[row])
        }
        return never
    }

    /// How many match and until when it is as many; nil where events must be looked at one by one.
    func countOfUnfiltered(_ frame: Frame) -> (count: Int, until: Int64)? {
        guard filter == nil, !pattern.isVisit else { return nil }
        let span = span(frame)
        var count = 0
        var until = span.until
        let times = frame.evaluator.binding.times
        frame.evaluator.forEachRun(of: pattern, frame) { run in
            let (first, last) = indices(of: run, span, frame.evaluator)
            if first < last {
                count += last - first
                until = min(until, span.exit(of: times[run[first]]))
            }
            until = min(until, entry(of: run, from: last, span, frame))
        }
        return (count, until)
    }

    /// The first or last matching event, and until when it is the one; nil where all must be looked at.
    func edge(_ edge: SegmentLanguage.Window.Edge, _ frame: Frame) -> (row: Int?, until: Int64)? {
        guard !pattern.isVisit, filter.map({ $0.traits.clock == .still }) ?? true else { return nil }
        let evaluator = frame.evaluator
        let span = span(frame)
        var best: Int?
        var until = span.until
        evaluator.forEachRun(of: pattern, frame) { run in
            let (first, last) = indices(of: run, span, evaluator)
            var index = edge == .first ? first : last - 1
            let step = edge == .first ? 1 : -1
            while index >= first, index < last {
                let row = run[index]
                index += step
                guard filter?.evaluate(frame, Occurrence(row: row)).holds ?? true else { continue }
                let isBeaten = best.map { edge == .first ? evaluator.isBefore($0, row) : evaluator.isBefore(row, $0) }
                if isBeaten != true { best = row }
                break
            }
            until = min(until, entry(of: run, from: last, span, frame))
        }
        if let best { until = min(until, span.exit(of: evaluator.binding.times[best])) }
        return (best, frame.wantsValidity ? until : never)
    }

    /// The time of the newest but `number - 1` of the matching events of a window that events only leave; nil when there
    /// are fewer. `number` is above 0.
    ///
    /// - Precondition: what matches does not change by the clock, and the pattern is not that of visits.
    func time(ofNewest number: Int, _ frame: Frame) -> Int64? {
        let evaluator = frame.evaluator
        let span = span(frame)
        let times = evaluator.binding.times
        let codes = evaluator.binding.codes(of: pattern)
        if filter == nil, codes.count == 1 {
            let run = evaluator.visibleRun(codes[0], frame)
            let (first, last) = indices(of: run, span, evaluator)
            return last - first >= number ? times[run[last - number]] : nil
        }
        var instants = evaluator.instants
        evaluator.instants = []
        defer {
            instants.removeAll(keepingCapacity: true)
            evaluator.instants = instants
        }
        for code in codes {
            let run = evaluator.visibleRun(code, frame)
            let (first, last) = indices(of: run, span, evaluator)
            var index = last - 1
            var count = 0
            while index >= first, count < number {
                let row = run[index]
                index -= 1
                guard filter?.evaluate(frame, Occurrence(row: row)).holds ?? true else { continue }
                count += 1
                instants.append(times[row])
            }
        }
        if instants.count < number { return nil }
        if number == 1 { return instants.max() }
        if codes.count > 1 { instants.sort(by: >) }
        return instants[number - 1]
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
            let visits = evaluator.visits
            for visit in 0..<visits.count(at: frame.now) where isWanted() {
                let row = visits.firstRow(of: visit)
                if let group = frame.group, !group.showsVisit(row: row, evaluator) { continue }
                let position = evaluator.position(of: row)
                if start <= position, position < end { body(Occurrence(row: row, visit: visit)) }
            }
            return
        }
        evaluator.forEachRun(of: pattern, frame) { run in
            let (first, last) = indices(of: run, Span(start: start, end: end), evaluator)
            var index = first
            while index < last, isWanted() {
                body(Occurrence(row: run[index]))
                index += 1
            }
        }
    }

    private func countCandidates(_ frame: Frame, from start: Position, to end: Position) -> Int {
        guard start < end else { return 0 }
        if pattern.isVisit, window == nil, frame.group == nil { return frame.evaluator.visits.count(at: frame.now) }
        var count = 0
        if pattern.isVisit {
            forEachCandidate(frame, from: start, to: end) { _ in count += 1 }
            return count
        }
        frame.evaluator.forEachRun(of: pattern, frame) { run in
            let (first, last) = indices(of: run, Span(start: start, end: end), frame.evaluator)
            count += last - first
        }
        return count
    }

    /// The stretch of a run inside a window; never below nothing.
    @inline(__always)
    func indices(of run: RowRun, _ span: Span, _ evaluator: ProfileEvaluator) -> (Int, Int) {
        let first = span.start == .start ? 0 : run.firstIndex(from: span.start, evaluator)
        if span.end <= span.start { return (first, first) }
        var last = run.count
        // Runs end at now already; most windows do too.
        let end = span.end
        if last > first {
            let time = evaluator.binding.times[run[last - 1]]
            let isInside = time != end.time ? time < end.time : evaluator.position(of: run[last - 1]) < end
            if !isInside { last = run.firstIndex(from: end, evaluator) }
        }
        return (first, max(first, last))
    }
}
