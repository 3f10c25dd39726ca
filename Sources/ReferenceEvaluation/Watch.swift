/// Collects, while something is evaluated at an instant, when the answer could next be another.
///
/// Most changes are known instants: an event leaves a window, a day ends. A comparison with a value that moves
/// with the clock has no known instant; it leaves a question that can be asked for any later instant, and the first
/// instant with another answer is looked for by halving.
final class Watch {
    /// A question to later instants; its answers are only ever compared with each other.
    struct Question {
        let ask: (Int64) -> AnyHashable
        /// Whether the answer may come back after a change, so that looking at the ends is not enough.
        let winding: Bool
    }

    let now: Int64
    private(set) var earliest: Int64?
    private(set) var questions: [Question] = []

    init(now: Int64) {
        self.now = now
    }

    /// The answer may change at `instant`; instants that are past are of no interest.
    func note(_ instant: Int64) {
        guard instant > now else { return }
        earliest = min(earliest ?? instant, instant)
    }

    /// The answer may change when `base` is `milliseconds` ago.
    func note(_ base: Int64, plus milliseconds: Int64) {
        note(shift(base, by: milliseconds))
    }

    func ask(winding: Bool = false, _ question: @escaping (Int64) -> AnyHashable) {
        questions.append(Question(ask: question, winding: winding))
    }

    /// All that `other`, which looked `delay` milliseconds further back, depends on.
    func absorb(_ other: Watch, delay: Int64 = 0) {
        if let instant = other.earliest { note(instant, plus: delay) }
        for question in other.questions {
            ask(winding: question.winding) { question.ask(shift($0, by: -delay)) }
        }
    }

    /// The first instant in (now, limit] at which the answer could be another.
    ///
    /// Questions are looked at in the order they were put, and only before what is found already: what a later one
    /// asks may be steady only until the change that an earlier one names.
    func next(upTo limit: Int64) -> Int64? {
        var found = earliest.flatMap { $0 <= limit ? $0 : nil }
        for question in questions {
            found = firstChange(of: question, upTo: found.map { $0 - 1 } ?? limit) ?? found
        }
        return found
    }

    private func firstChange(of question: Question, upTo limit: Int64) -> Int64? {
        guard limit > now else { return nil }
        let answer = question.ask(now)
        var low = now
        for high in steps(upTo: limit, winding: question.winding) {
            if question.ask(high) != answer { return halve(question, answer, from: low, to: high) }
            low = high
        }
        return nil
    }

    private func steps(upTo limit: Int64, winding: Bool) -> [Int64] {
        guard winding else { return [limit] }
        let pieces: Int64 = 64
        let width = (limit - now) / pieces
        let inner = width > 0 ? (1..<pieces).map { now + $0 * width } : Array(now + 1..<limit)
        return inner + [limit]
    }

    /// `from` still has the answer, `to` has another.
    private func halve(_ question: Question, _ answer: AnyHashable, from: Int64, to: Int64) -> Int64 {
        var same = from
        var other = to
        while other - same > 1 {
            let middle = same + (other - same) / 2
            if question.ask(middle) == answer { same = middle } else { other = middle }
        }
        return other
    }
}

/// Adds milliseconds to an instant, staying within what can be represented.
func shift(_ instant: Int64, by milliseconds: Int64) -> Int64 {
    let (sum, overflow) = instant.addingReportingOverflow(milliseconds)
    return overflow ? (milliseconds > 0 ? Int64.max : Int64.min) : sum
}
