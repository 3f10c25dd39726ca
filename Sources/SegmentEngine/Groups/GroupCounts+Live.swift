import EventModel
import EventStore
import SegmentLanguage

extension GroupCounts {
    /// What was counted in one group.
    struct Found {
        var count: Int
        /// The time of the event that a count turns with: the newest but so many; only meaningful from that count on.
        var turning: Int64

        static let nothing = Found(count: 0, turning: never)
    }

    /// Whether C holds in at least `least` groups of the events that a frame sees, and until when; nil where groups must be
    /// formed: see `sift`, and where windows do not just let events go.
    ///
    /// Goes back through the rows of each count's window and notes with which one the count turns.
    func truth(_ frame: Frame, atLeast least: Int) -> Truth? {
        guard isPlainInTime, least > 0, frame.evaluator.block.itemCount == 0,
            let keys = GroupKeys(evaluator: frame.evaluator, slot: path).coded
        else { return nil }
        let evaluator = frame.evaluator
        for count in counts where evaluator.binding.codes(of: count.query.pattern).count > 1 { return nil }
        var found = evaluator.foundInGroups
        evaluator.foundInGroups = []
        defer {
            found.removeAll(keepingCapacity: true)
            evaluator.foundInGroups = found
        }
        let owner = evaluator.nextOwner()
        for (index, count) in counts.enumerated() { note(count, index, keys, owner, frame, &found) }
        return found.withUnsafeBufferPointer { joined($0, atLeast: least) }
    }

    /// - Parameter found: group by group what was counted.
    private func joined(_ found: UnsafeBufferPointer<Found>, atLeast least: Int) -> Truth {
        var holding = 0
        var (untilHolding, untilFailing) = (never, never)
        var first = 0
        while first < found.count {
            let group = UnsafeBufferPointer(rebasing: found[first..<(first + counts.count)])
            first += counts.count
            let answer = truth(of: body, group)
            if !answer.holds {
                untilFailing = min(untilFailing, answer.until)
                continue
            }
            holding += 1
            untilHolding = min(untilHolding, answer.until)
            if holding >= least { return Truth(true, until: untilHolding) }
        }
        return Truth(false, until: untilFailing)
    }

    /// Whether every event counts, and leaves the window, if there is one, at most, with one event turning the answer.
    static func isPlainInTime(_ count: DidNode) -> Bool {
        if count.query.filter != nil { return false }
        guard let window = count.query.window else { return true }
        if case .inLast = window.kind { return count.requirement.onlyTurn != nil }
        return false
    }

    private func note(
        _ node: DidNode, _ index: Int, _ keys: CodedKeys, _ owner: Int32, _ frame: Frame, _ found: inout [Found]
    ) {
        let evaluator = frame.evaluator
        guard let code = evaluator.binding.codes(of: node.query.pattern).first else { return }
        let run = evaluator.visibleRun(code, frame)
        let (first, last) = node.query.indices(of: run, node.query.span(frame), evaluator)
        let turn = node.requirement.onlyTurn?.count ?? 0
        var place = last
        while place > first {
            place -= 1
            let row = run[place]
            let key = keys.ofEvent(row)
            if key < 0 { continue }
            let group: Int
            if let known = evaluator.keyNotes.note(key, for: owner) {
                group = Int(known)
            } else {
                group = found.count
                evaluator.keyNotes.set(Int32(truncatingIfNeeded: group), key, for: owner)
                for _ in counts { found.append(.nothing) }
            }
            found[group + index].count += 1
            if found[group + index].count == turn { found[group + index].turning = evaluator.binding.times[row] }
        }
    }

    private func truth(of condition: ConditionNode, _ found: UnsafeBufferPointer<Found>) -> Truth {
        switch condition {
        case let node as AndNode: return joined(node.operands, found, decisive: false)
        case let node as OrNode: return joined(node.operands, found, decisive: true)
        case let node as NotNode:
            let answer = truth(of: node.operand, found)
            return Truth(!answer.holds, until: answer.until)
        default:
            guard let index = counts.firstIndex(where: { $0 === condition }) else { return Truth(false) }
            return truth(of: counts[index], found[index])
        }
    }

    /// As long as one answer is the decisive one, that is the answer of all.
    private func joined(
        _ operands: [ConditionNode], _ found: UnsafeBufferPointer<Found>, decisive: Bool
    ) -> Truth {
        var until = never
        for operand in operands {
            let answer = truth(of: operand, found)
            if answer.holds == decisive { return answer }
            until = min(until, answer.until)
        }
        return Truth(!decisive, until: until)
    }

    private func truth(of node: DidNode, _ found: Found) -> Truth {
        guard case .inLast(let length) = node.query.window?.kind, let turn = node.requirement.onlyTurn else {
            return Truth(node.requirement.isMet(by: found.count))
        }
        if turn.count <= 0 { return Truth(turn.holdsFromThere) }
        if found.count < turn.count { return Truth(!turn.holdsFromThere) }
        return Truth(turn.holdsFromThere, until: found.turning.addingSaturating(length))
    }
}
