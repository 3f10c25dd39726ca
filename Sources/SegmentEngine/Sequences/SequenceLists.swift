/// The events of one profile that match the steps of a sequence, each list in history order.
struct SequenceLists {
    struct Event {
        var position: Position
        var place: Occurrence
    }

    private(set) var steps: [[Event]] = []
    /// The blockers between positive step i and i + 1.
    private var gaps: [[Event]] = []
    private var trailing: [[Event]] = []
    private(set) var until = never

    init(_ node: SequenceNode, _ frame: Frame) {
        steps = node.steps.map { list([$0], frame) }
        // Without a first step there is nothing to look for, unless to say until when.
        if steps[0].isEmpty, !frame.wantsValidity { return }
        gaps = node.gaps.map { list($0, frame) }
        trailing = node.trailing.map { list([$0.query], frame) }
    }

    private mutating func list(_ queries: [QueryNode], _ frame: Frame) -> [Event] {
        var events: [Event] = []
        for query in queries {
            until = min(
                until,
                query.forEachMatch(frame) { place in
                    events.append(Event(position: frame.evaluator.position(of: Int(place.row)), place: place))
                })
        }
        var isSorted = true
        for index in events.indices.dropFirst() where events[index].position < events[index - 1].position {
            isSorted = false
            break
        }
        if !isSorted { events.sort { $0.position < $1.position } }
        return events
    }

    /// Notes the instants at which first events leave or enter the window, and those of pending decisions.
    mutating func watch(_ span: Span, _ node: SequenceNode, _ frame: Frame) {
        until = min(until, span.until)
        let waits = node.trailing.contains { $0.within == nil }
        for start in steps[0] where start.position >= span.start {
            let time = start.position.time
            until = min(until, start.position < span.end ? span.exit(of: time) : span.entry(of: time))
            if waits, let within = node.within { wait(for: time.addingSaturating(within), frame.now) }
        }
        for trailing in node.trailing {
            guard let within = trailing.within else { continue }
            for last in steps[steps.count - 1] { wait(for: last.position.time.addingSaturating(within), frame.now) }
        }
    }

    private mutating func wait(for decision: Int64, _ now: Int64) {
        if decision > now { until = min(until, decision) }
    }

    /// For each first event, the earliest last event of a chain that it starts; nil when it starts none.
    func chainEnds(_ node: SequenceNode, _ frame: Frame) -> [Position?] {
        if steps[0].isEmpty { return [] }
        guard let same = node.same else {
            return ChainFinder(
                node, now: frame.now, steps: steps.map { $0.map(\.position) }, gaps: gaps.map { $0.map(\.position) },
                trailing: trailing.map { $0.map(\.position) }
            ).ends()
        }
        return sharedEnds(node, GroupKeys(evaluator: frame.evaluator, slot: same), frame)
    }

    /// With `same P`: per value of P a search among the events that have it; the earliest end counts.
    private func sharedEnds(_ node: SequenceNode, _ keys: GroupKeys, _ frame: Frame) -> [Position?] {
        var ends = [Position?](repeating: nil, count: steps[0].count)
        let steps = steps.map { byKey($0, keys, frame) }
        let gaps = gaps.map { byKey($0, keys, frame) }
        let trailing = trailing.map { byKey($0, keys, frame) }
        for (key, starts) in steps[0] {
            let found = ChainFinder(
                node, now: frame.now, steps: steps.map { positions($0[key]) }, gaps: gaps.map { positions($0[key]) },
                trailing: trailing.map { positions($0[key]) }
            ).ends()
            for (start, end) in zip(starts, found) {
                guard let end else { continue }
                ends[start.index] = ends[start.index].map { min($0, end) } ?? end
            }
        }
        return ends
    }

    private typealias Keyed = (index: Int, position: Position)

    private func positions(_ events: [Keyed]?) -> [Position] { events.map { $0.map(\.position) } ?? [] }

    private func byKey(_ events: [Event], _ keys: GroupKeys, _ frame: Frame) -> [Int32: [Keyed]] {
        var lists: [Int32: [Keyed]] = [:]
        for (index, event) in events.enumerated() {
            keys.ofAll(Int(event.place.row), in: frame.group) {
                lists[$0, default: []].append((index, event.position))
            }
        }
        return lists
    }
}
