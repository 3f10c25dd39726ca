import EventModel

/// Turns counts of work done into what is worth showing, and when.
///
/// On a terminal: a bar redrawn in place, at most ten times a second. Elsewhere (a log file): a plain
/// line every ten seconds. The meter has no clock of its own; each update carries its instant.
struct ProgressMeter: Sendable {
    enum Medium: Sendable {
        case terminal(width: Int)
        case log
    }

    let label: String
    /// What is counted; nil: only the share is worth showing.
    let unit: String?
    let medium: Medium
    private var startMilliseconds: Int64?
    private var shownMilliseconds: Int64?

    init(label: String, unit: String?, medium: Medium) {
        self.label = label
        self.unit = unit
        self.medium = medium
    }

    /// What to write now, or nil when it is too early.
    ///
    /// - Parameters:
    ///   - done: units of work done, for the rate.
    ///   - fraction: how much of the whole is done, 0...1; nil when the whole is unknown.
    ///   - now: any clock that moves on, in milliseconds.
    mutating func update(done: Int, fraction: Double?, at now: Int64) -> String? {
        let start = startMilliseconds ?? now
        startMilliseconds = start
        let due = shownMilliseconds.map { $0 + pause } ?? start + firstDelay
        guard now >= due else { return nil }
        shownMilliseconds = now
        let elapsed = now - start
        switch medium {
        case .terminal(let width): return "\r\u{1B}[2K" + bar(done: done, fraction: fraction, elapsed, width: width)
        case .log: return label + ": " + facts(done: done, fraction: fraction, elapsed) + "\n"
        }
    }

    /// What clears the bar, so that other lines can follow.
    var clearing: String {
        if case .terminal = medium, shownMilliseconds != nil { "\r\u{1B}[2K" } else { "" }
    }

    private var pause: Int64 { if case .terminal = medium { 100 } else { 10_000 } }

    /// Work that is done sooner than this, in milliseconds, shows nothing at all.
    private var firstDelay: Int64 { if case .terminal = medium { 300 } else { 10_000 } }

    private func bar(done: Int, fraction: Double?, _ elapsed: Int64, width: Int) -> String {
        let facts = facts(done: done, fraction: fraction, elapsed)
        guard let fraction else { return shortened("\(label)  \(facts)", to: width) }
        let room = max(0, min(30, width - displayWidth(of: label) - displayWidth(of: facts) - 6))
        let filled = shoal.bar(fraction, width: room)
        return shortened("\(label)  \(padded(filled, to: room))  \(facts)", to: width)
    }

    private func facts(done: Int, fraction: Double?, _ elapsed: Int64) -> String {
        var facts: [String] = []
        if let fraction { facts.append("\(Int((min(1, max(0, fraction)) * 100).rounded(.down))) %") }
        if let unit { facts.append("\(grouped(done)) \(unit)") }
        guard elapsed >= 500 else { return facts.joined(separator: ", ") }
        let rate = Double(done) / Double(elapsed) * 1000
        if let unit, rate.magnitude < 1e15 { facts.append("\(grouped(Int(rate.rounded()))) \(unit)/s") }
        if let fraction, fraction > 0.01, fraction < 1 {
            let left = Double(elapsed) * (1 - fraction) / fraction
            if left < 1e12 {
                facts.append("\(spokenDuration(milliseconds: max(1000, Int64(left) / 1000 * 1000))) left")
            }
        }
        return facts.joined(separator: ", ")
    }
}
