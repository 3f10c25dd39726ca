internal import EventModel

extension DefinitionParser {
    /// WINDOW; nil when none comes.
    mutating func readWindow() throws(SyntaxFailure) -> Window? {
        guard let word = current.word else { return nil }
        switch word {
        case "in": return try readInLast()
        case "from": return try readFrom()
        case "before": return try readBefore()
        case "on":
            guard takeWords("on", "or", "after") else { return nil }
            return .onOrAfter(try readTime("after `on or after`"))
        case "since": return try readSince()
        case "within": return try readWithinAfter()
        case "today", "yesterday": return try readCalendar(word)
        case "this", "last": return try readCalendar(word)
        case "after":
            throw failure(
                .syntax, "`after` starts no window", help: "on or after 2026-11-27, or since last \"…\"")
        case "until":
            throw failure(.syntax, "`until` starts no window", suggestion: "before")
        case "during", "over":
            throw failure(.syntax, "`\(word)` starts no window", suggestion: "in last")
        default: return nil
        }
    }

    // MARK: - Durations and times

    /// `7 days`
    mutating func readDuration() throws(SyntaxFailure) -> DurationLiteral {
        let start = current.range
        let isNegative = takeSymbol(.minus)
        guard case .number(let number) = current.kind else {
            let unit = current.word.flatMap(Words.durationUnit)
            throw failure(
                .syntax, "expected a length of time, found \(current.described)",
                suggestion: unit.map { "1 \($0.rawValue)" }, help: "for instance 7 days")
        }
        advance()
        guard let word = current.word, let unit = Words.durationUnit(word) else {
            throw failure(
                .syntax, "expected a unit of time after \(number), found \(current.described)",
                help: "seconds, minutes, hours, days, weeks, months or years")
        }
        advance()
        let range = SourceRange(start: start.start, end: previousEnd)
        if isNegative { throw failure(.invalidDuration, "a length of time is not negative", at: range) }
        return try makeDuration(number, unit, at: range)
    }

    mutating func makeDuration(
        _ number: Decimal128, _ unit: DurationLiteral.Unit, at range: SourceRange
    ) throws(SyntaxFailure) -> DurationLiteral {
        if let duration = DurationLiteral(number, unit) { return duration }
        throw failure(
            .invalidDuration, "a length of time is a whole number of milliseconds, at most 100,000 years", at: range)
    }

    private mutating func readTime(_ place: String) throws(SyntaxFailure) -> TimeLiteral {
        guard case .time(let time) = current.kind else {
            throw failure(
                .syntax, "expected a date or a time \(place), found \(current.described)",
                help: "for instance 2026-11-27 or 2026-11-27T10:00:00Z")
        }
        advance()
        return time
    }

    /// A bound that is a literal time, `D ago` or `now`.
    private enum Bound {
        case time(TimeLiteral)
        case ago(DurationLiteral)
        case now
    }

    private mutating func readBound(_ place: String) throws(SyntaxFailure) -> Bound {
        switch current.kind {
        case .time(let time):
            advance()
            return .time(time)
        case .word("now"):
            advance()
            return .now
        case .number, .symbol(.minus):
            let duration = try readDuration()
            try expectWord("ago", "after the length of time")
            return .ago(duration)
        default:
            throw failure(
                .syntax, "expected a date, a time or `… ago` \(place), found \(current.described)",
                help: "for instance 2026-11-27, or 14 days ago")
        }
    }

    // MARK: - The forms

    private mutating func readInLast() throws(SyntaxFailure) -> Window? {
        if takeWords("in", "last") { return .inLast(try readDuration()) }
        if peek().isWord("the") || peek().isWord("past") || peek().isWord("next") {
            let range = SourceRange(start: current.range.start, end: peek().range.end)
            throw failure(.syntax, "a window is written `in last`", at: range, suggestion: "in last")
        }
        return nil
    }

    private mutating func readFrom() throws(SyntaxFailure) -> Window {
        let start = current.range
        advance()
        let lower = try readBound("after `from`")
        try expectWord("to", "after the start of the window")
        let upper = try readBound("after `to`")
        switch (lower, upper) {
        case (.time(let from), .time(let to)): return .from(from, to: to)
        case (.ago(let from), .ago(let to)): return .fromAgo(from, to: to)
        case (.ago(let from), .now): return .fromAgo(from, to: nil)
        case (.time, .now):
            throw failure(
                .syntax, "nothing after now is seen anyway", at: SourceRange(start: start.start, end: previousEnd),
                help: "write `on or after` and the date")
        default:
            throw failure(
                .syntax, "a window has two dates or two lengths of time, not one of each",
                at: SourceRange(start: start.start, end: previousEnd))
        }
    }

    private mutating func readBefore() throws(SyntaxFailure) -> Window {
        advance()
        if let edge = takeEdge() { return .beforeEvent(edge, try readQuery(allowsWindow: false)) }
        if case .string = current.kind {
            throw failure(
                .syntax, "say before which one of the events", help: "before first \"…\" or before last \"…\"")
        }
        switch try readBound("after `before`") {
        case .time(let time): return .before(time)
        case .ago(let duration): return .beforeAgo(duration)
        case .now:
            throw failure(.syntax, "everything seen is before now", help: "leave the window out")
        }
    }

    private mutating func readSince() throws(SyntaxFailure) -> Window {
        let start = current.range
        advance()
        if let edge = takeEdge() { return .since(edge, try readQuery(allowsWindow: false)) }
        if case .time(let time) = current.kind {
            let range = SourceRange(start: start.start, end: current.range.end)
            throw failure(
                .syntax, "`since` speaks of an event", at: range, suggestion: "on or after \(time.text)")
        }
        throw failure(
            .syntax, "expected `first` or `last` after `since`, found \(current.described)",
            help: "since last \"Order Completed\"")
    }

    private mutating func readWithinAfter() throws(SyntaxFailure) -> Window {
        advance()
        let duration = try readDuration()
        try expectWord("after", "after `within …`")
        guard let edge = takeEdge() else {
            throw failure(
                .syntax, "expected `first` or `last`, found \(current.described)",
                help: "within 7 days after first \"…\", or after last \"…\"")
        }
        return .withinAfter(duration, edge, try readQuery(allowsWindow: false))
    }

    private mutating func takeEdge() -> Window.Edge? {
        if takeWord("first") { return .first }
        return takeWord("last") ? .last : nil
    }

    private mutating func readCalendar(_ word: String) throws(SyntaxFailure) -> Window? {
        if let period = CalendarPeriod(rawValue: word) {
            advance()
            return .calendar(period)
        }
        if let next = peek().word, let period = CalendarPeriod(rawValue: "\(word) \(next)") {
            index += 2
            return .calendar(period)
        }
        if word == "last", case .number = peek().kind {
            throw failure(.syntax, "a window is written `in last`", suggestion: "in last")
        }
        let help = "this week, last week, this month, last month, this year, last year, today or yesterday"
        advance()
        throw failure(.syntax, "expected week, month or year after `\(word)`, found \(current.described)", help: help)
    }
}
