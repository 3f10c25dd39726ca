/// Finds, for every first event of a sequence, the earliest last event of a chain that it starts.
///
/// Works backwards: for an event at step i, the earliest end reachable from it is the smallest of those of the
/// events at step i + 1 that come after it and not after the next blocker. Both limits only ever move forward, so
/// a sliding minimum finds all of them. Complexity: O(events); only where `not` steps stand both between steps and
/// at the end without a time of their own, O(events) per first event.
struct ChainFinder {
    private let node: SequenceNode
    private let now: Int64
    private let steps: [[Position]]
    private let gaps: [[Position]]
    private let trailing: [[Position]]
    /// For each event of the last step, whether its own trailing `not`s are decided and met.
    private let canEnd: [Bool]

    init(_ node: SequenceNode, now: Int64, steps: [[Position]], gaps: [[Position]], trailing: [[Position]]) {
        self.node = node
        self.now = now
        self.steps = steps
        self.gaps = gaps
        self.trailing = trailing
        canEnd = (steps.last ?? []).map { last in
            zip(node.trailing, trailing).allSatisfy { step, blockers in
                guard let within = step.within else { return true }
                let end = last.time.addingSaturating(within)
                guard end <= now else { return false }
                let next = Self.firstIndex(in: blockers, after: last)
                return next == blockers.count || blockers[next].time > end
            }
        }
    }

    func ends() -> [Position?] {
        let last = steps.count - 1
        let reachable = earliestEnds()
        return steps[0].indices.map { index in
            let start = steps[0][index]
            let limit = node.within.map { start.time.addingSaturating($0) } ?? .max
            guard var end = reachable[index] else { return nil }
            if let blocker = lastBlocker(upTo: limit) {
                // A plain trailing `not` looks as far as the limit, and is decided when that has come.
                guard limit <= now else { return nil }
                if steps[last][end] < blocker {
                    guard let later = laterEnd(from: index, notBefore: blocker, earliest: end) else { return nil }
                    end = later
                }
            } else if hasPlainTrailing, limit > now {
                return nil
            }
            return steps[last][end].time <= limit ? steps[last][end] : nil
        }
    }

    private var hasPlainTrailing: Bool { node.trailing.contains { $0.within == nil } }

    /// The last event of the plain trailing `not`s at or before a time.
    private func lastBlocker(upTo limit: Int64) -> Position? {
        var last: Position?
        for (step, blockers) in zip(node.trailing, trailing) where step.within == nil {
            let count = Self.firstIndex(in: blockers, after: Position(time: limit, arrival: .max))
            if count > 0 { last = last.map { max($0, blockers[count - 1]) } ?? blockers[count - 1] }
        }
        return last
    }

    /// For each event of step 0, the index of the earliest event of the last step that a chain reaches.
    private func earliestEnds() -> [Int?] {
        var ends: [Int?] = canEnd.indices.map { canEnd[$0] ? $0 : nil }
        for step in stride(from: steps.count - 2, through: 0, by: -1) {
            var minimum = SlidingMinimum()
            var added = 0
            ends = steps[step].map { [ends] position in
                let (low, high) = followers(of: position, step)
                while added < high {
                    minimum.append(ends[added], at: added)
                    added += 1
                }
                return minimum.value(from: low)
            }
        }
        return ends
    }

    /// The events of the next step that may follow: after the event, not after the next blocker.
    private func followers(of position: Position, _ step: Int) -> (low: Int, high: Int) {
        let next = steps[step + 1]
        let low = Self.firstIndex(in: next, after: position)
        let blockers = gaps[step]
        let blocker = Self.firstIndex(in: blockers, after: position)
        let high = blocker < blockers.count ? Self.firstIndex(in: next, after: blockers[blocker]) : next.count
        return (low, max(low, high))
    }

    /// The earliest end at or after `blocker` that a chain from a first event reaches.
    private func laterEnd(from start: Int, notBefore blocker: Position, earliest: Int) -> Int? {
        let last = steps.count - 1
        if last == 0 { return nil }
        let first = Self.firstIndex(in: steps[last], atOrAfter: blocker)
        if gaps.allSatisfy(\.isEmpty) {
            // Whatever comes after the earliest end can take its place.
            return canEnd.indices.dropFirst(max(first, earliest)).first { canEnd[$0] }
        }
        var reached = [start]
        for step in 0..<last {
            var next: [Int] = []
            var from = 0
            for index in reached {
                let (low, high) = followers(of: steps[step][index], step)
                from = max(from, low)
                while from < high {
                    next.append(from)
                    from += 1
                }
            }
            reached = next
        }
        return reached.first { $0 >= first && canEnd[$0] }
    }

    static func firstIndex(in positions: [Position], after position: Position) -> Int {
        firstIndex(positions) { $0 > position }
    }

    static func firstIndex(in positions: [Position], atOrAfter position: Position) -> Int {
        firstIndex(positions) { $0 >= position }
    }

    private static func firstIndex(_ positions: [Position], where isWanted: (Position) -> Bool) -> Int {
        var low = 0
        var high = positions.count
        while low < high {
            let middle = (low + high) / 2
            if isWanted(positions[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The smallest of the values in a stretch whose both ends only move forward.
private struct SlidingMinimum {
    private var candidates: [(value: Int, index: Int)] = []
    private var head = 0

    /// Adds the value at the next index; nil counts as larger than all.
    mutating func append(_ value: Int?, at index: Int) {
        guard let value else { return }
        while candidates.count > head, let last = candidates.last, last.value >= value { candidates.removeLast() }
        candidates.append((value, index))
    }

    /// The smallest value at or after `index`; nil without any.
    mutating func value(from index: Int) -> Int? {
        while head < candidates.count, candidates[head].index < index { head += 1 }
        return head < candidates.count ? candidates[head].value : nil
    }
}
