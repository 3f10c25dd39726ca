package import EventModel

/// Which events: a pattern, a filter, a window.
package struct EventQuery: Hashable, Sendable {
    package var events: EventPattern
    /// What `where` says of each event; exactly one term in the text form.
    package var filter: Condition?
    package var window: Window?
    /// The pattern in its source.
    package var range: SourceRange

    package init(
        _ events: EventPattern, where filter: Condition? = nil, window: Window? = nil, range: SourceRange = .none
    ) {
        self.events = events
        self.filter = filter
        self.window = window
        self.range = range
    }

    package static func == (left: EventQuery, right: EventQuery) -> Bool {
        left.events == right.events && left.filter == right.filter && left.window == right.window
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(events)
        hasher.combine(filter)
        hasher.combine(window)
    }
}

/// `E` of the language.
package enum EventPattern: Hashable, Sendable {
    /// One canonical name (aliases are resolved by the parser).
    case named(Text)
    /// `any of ("A", "B")`, canonical names.
    case anyOf([Text])
    /// `any event`: every track, page and screen message; visits are no events.
    case anyEvent
    /// `events like "Email *"`: `*` is any run of characters, case-sensitive, whole canonical name.
    case like(Text)
    case visit
}

/// WINDOW of the language. `nil` where a window may stand means all history.
package indirect enum Window: Hashable, Sendable {
    /// `in last D`: (now - D, now].
    case inLast(DurationLiteral)
    /// `from D1 ago to D2 ago`: (now - D1, now - D2]; `to now` has no D2.
    case fromAgo(DurationLiteral, to: DurationLiteral?)
    /// `before D ago`: (.., now - D].
    case beforeAgo(DurationLiteral)
    /// `from T1 to T2`: [T1, T2).
    case from(TimeLiteral, to: TimeLiteral)
    /// `before T`: (.., T).
    case before(TimeLiteral)
    /// `on or after T`: [T, ..).
    case onOrAfter(TimeLiteral)
    /// `since last E [where F]`, `since first E`: strictly after it; without it all history.
    case since(Edge, EventQuery)
    /// `before first E`, `before last E`: strictly before it; without it all history.
    case beforeEvent(Edge, EventQuery)
    /// `within D after first E`: strictly after it, up to and including its time + D; without it empty.
    case withinAfter(DurationLiteral, Edge, EventQuery)
    case calendar(CalendarPeriod)

    package enum Edge: String, Hashable, Sendable, CaseIterable {
        case first, last
    }
}

package enum CalendarPeriod: String, Hashable, Sendable, CaseIterable {
    case today
    case yesterday
    case thisWeek = "this week"
    case lastWeek = "last week"
    case thisMonth = "this month"
    case lastMonth = "last month"
    case thisYear = "this year"
    case lastYear = "last year"
}
