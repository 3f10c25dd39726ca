import EventModel
import SegmentLanguage

/// A sequence's steps in the order they are looked for (language, section 5).
private struct Steps {
    struct Positive {
        let query: EventQuery
        /// What must not happen between the positive step before and this one.
        let unless: [EventQuery]
    }

    let first: EventQuery
    let later: [Positive]
    let trailing: [Sequence.Step]

    init?(_ steps: [Sequence.Step]) {
        guard let start = steps.first else { return nil }
        first = start.query
        var later: [Positive] = []
        var pending: [Sequence.Step] = []
        for step in steps.dropFirst() {
            if step.negated {
                pending.append(step)
            } else {
                later.append(Positive(query: step.query, unless: pending.map(\.query)))
                pending = []
            }
        }
        self.later = later
        trailing = pending
    }
}

extension Scope {
    /// The first events of the sequences that are counted: each starts a chain, and lies strictly after the last
    /// event of the chain counted before, which was the one that ended earliest.
    func starts(of sequence: Sequence, _ window: Window?) -> [Event] {
        guard let steps = Steps(sequence.steps) else { return [] }
        let starts = matches(EventQuery(steps.first.events, where: steps.first.filter, window: window))
        var counted: [Event] = []
        var end: Place?
        for start in starts {
            if let end, start.place <= end { continue }
            guard let last = earliestEnd(steps, from: start, sequence) else { continue }
            counted.append(start)
            end = last
        }
        return counted
    }

    /// The place of the last positive event of the chain from `start` that ends earliest; nil without a chain.
    private func earliestEnd(_ steps: Steps, from start: Event, _ sequence: Sequence) -> Place? {
        guard let path = sequence.same else { return earliestEnd(steps, from: start, sequence) { _ in true } }
        return entities(path, of: start)
            .compactMap { value in
                earliestEnd(steps, from: start, sequence) { entities(path, of: $0).contains(value) }
            }
            .min()
    }

    private func earliestEnd(
        _ steps: Steps, from start: Event, _ sequence: Sequence, where belongs: (Event) -> Bool
    ) -> Place? {
        let deadline = sequence.within.map { shift(start.time, by: $0.milliseconds) }
        var reached = [start.place]
        for step in steps.later {
            let excluded = step.unless.flatMap { matches($0) }.filter(belongs).map(\.place)
            let candidates = matches(step.query).filter(belongs).map(\.place)
            // Steps only go on in time, so what lies past the deadline leads nowhere.
            reached = candidates.filter { place in
                if place <= start.place || deadline.map({ place.time > $0 }) ?? false { return false }
                return reached.contains { before in
                    before < place && !excluded.contains { before < $0 && $0 < place }
                }
            }
        }
        return reached.first { last in
            deadline.map { last.time <= $0 } ?? true
                && steps.trailing.allSatisfy { isKept($0, after: last, deadline, where: belongs) }
        }
    }

    /// Whether a trailing `not` step is decided and nothing matched it in its time.
    private func isKept(
        _ step: Sequence.Step, after last: Place, _ deadline: Int64?, where belongs: (Event) -> Bool
    ) -> Bool {
        guard let end = step.within.map({ shift(last.time, by: $0.milliseconds) }) ?? deadline else { return false }
        watch.note(end)
        guard end <= now else { return false }
        return !matches(step.query).contains { belongs($0) && last < $0.place && $0.time <= end }
    }
}
