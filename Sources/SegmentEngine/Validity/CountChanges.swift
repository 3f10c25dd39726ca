/// How a count of matching events goes on by the clock alone: events leave the window, others enter it.
struct CountChanges {
    /// Events that match now.
    private(set) var count = 0
    /// Until when it is sure which events match, apart from leaving and entering.
    private var until = never
    private var changes: [(instant: Int64, by: Int)] = []

    mutating func collect(_ query: QueryNode, _ frame: Frame) {
        let span = query.span(frame)
        until = span.until
        let filterMoves = query.filter.map { $0.traits.clock != .still } ?? false
        query.forEachCandidate(frame, from: span.start, to: span.hasEntries ? .end : span.end) { place in
            let truth = query.filter?.evaluate(frame, place) ?? Truth(true)
            let position = frame.evaluator.position(of: Int(place.row))
            if position < span.end {
                until = min(until, truth.until)
                guard truth.holds else { return }
                count += 1
                let exit = span.exit(of: position.time)
                if exit != never { changes.append((exit, -1)) }
            } else if filterMoves {
                // Whether it will match when it enters cannot be told yet.
                until = min(until, span.entry(of: position.time))
            } else if truth.holds {
                let entry = span.entry(of: position.time)
                if entry != never { changes.append((entry, 1)) }
                let exit = span.exit(of: position.time)
                if exit != never, exit != entry { changes.append((exit, -1)) }
            }
        }
    }

    /// The first instant at which the count is one that `isWanted`, or at which it is no longer known.
    mutating func firstInstant(where isWanted: (Int) -> Bool) -> Int64 {
        changes.sort { $0.instant < $1.instant }
        var count = count
        var index = 0
        while index < changes.count, changes[index].instant < until {
            let instant = changes[index].instant
            while index < changes.count, changes[index].instant == instant {
                count += changes[index].by
                index += 1
            }
            if isWanted(count) { return instant }
        }
        return until
    }
}
