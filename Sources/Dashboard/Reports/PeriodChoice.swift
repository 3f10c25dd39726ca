package import Analytics
package import EventModel
package import SegmentLanguage

/// Which stretch of time a report is about, as somebody chose it; it stands for other instants from day to day.
package enum PeriodChoice: Hashable, Sendable {
    /// So many days before today, and today so far.
    case last(days: Int)
    case thisMonth, lastMonth
    /// A calendar month, by its first day.
    case month(CalendarDay)
    /// Whole days, the last one belongs to it; nil: until now.
    case days(from: CalendarDay, through: CalendarDay?)
    case everything

    /// As the address of a page has it.
    private static let words: [(word: String, title: String, choice: PeriodChoice)] = [
        ("7-days", "Last 7 days", .last(days: 7)), ("30-days", "Last 30 days", .last(days: Period.usualDays)),
        ("90-days", "Last 90 days", .last(days: 90)), ("365-days", "Last 365 days", .last(days: 365)),
        ("this-month", "This month", .thisMonth), ("last-month", "Last month", .lastMonth),
        ("all", "All time", .everything),
    ]
    private static let ownDays = "days"

    // MARK: - Reading

    /// Reads `period`, and with it `from` and `through`; what is wrong is noted at its field.
    ///
    /// - Parameter usual: without a choice, and when it can't be read.
    package init(_ fields: inout ReportFields, usual: PeriodChoice, mayBeEverything: Bool) {
        let word = fields["period"]
        self = usual
        switch word {
        case "": return
        case Self.ownDays:
            let (from, through) = (fields.day("from"), fields.day("through"))
            if fields["from"].isEmpty { fields.refuse("from", "Write the first day, like 2026-03-01.") }
            guard let from, fields.wrong["through"] == nil else { return }
            if let through, through < from {
                fields.refuse("through", "The last day lies before the first; choose a later one.")
                return
            }
            self = .days(from: from, through: through)
        default:
            if let known = Self.words.first(where: { $0.word == word })?.choice, mayBeEverything || known != .everything
            {
                self = known
            } else if let period = Period.month(word, in: .utc) {
                self = .month(Zone.utc.day(of: period.from))
            } else {
                fields.refuse("period", "“\(word)” is no period; choose one, or write a month like 2026-03.")
            }
        }
    }

    // MARK: - As a stretch of time

    /// The stretch of time as of an instant; nil: all there is.
    package func period(at now: Timestamp, in zone: Zone) -> Period? {
        let today = zone.day(of: now)
        switch self {
        case .last(let days): return Period.last(days, upTo: now, in: zone)
        case .thisMonth: return Period(from: zone.startOfDay(today.startOfMonth), to: now)
        case .lastMonth: return Period.month(of: today.startOfMonth(adding: -1), in: zone)
        case .month(let first): return Period.month(of: first, in: zone)
        case .days(let from, let through):
            return through.map { Period(from, through: $0, in: zone) } ?? Period(from: zone.startOfDay(from), to: now)
        case .everything: return nil
        }
    }

    /// The same as a window of the language, in days as people write them; nil: all there is.
    ///
    /// What goes up to now has no end: whoever is found by it later is found, too.
    package func window(at now: Timestamp, in zone: Zone) -> Window? {
        guard let period = period(at: now, in: zone) else { return nil }
        let from = Self.literal(zone.day(of: period.from))
        switch self {
        case .last, .thisMonth, .days(_, nil): return .onOrAfter(from)
        case .lastMonth, .month, .days: return .from(from, to: Self.literal(zone.day(of: period.to)))
        case .everything: return nil
        }
    }

    private static func literal(_ day: CalendarDay) -> TimeLiteral { TimeLiteral(text: Text(day.iso), isDate: true) }

    // MARK: - In words

    /// `1 Mar 2026 – 31 Mar 2026`
    package func spoken(at now: Timestamp, in zone: Zone) -> String {
        guard let period = period(at: now, in: zone) else { return "all time" }
        return period.spoken(in: zone)
    }

    private var word: String {
        switch self {
        case .days: Self.ownDays
        case .month(let first): String(first.iso.prefix(7))
        default: Self.words.first { $0.choice == self }?.word ?? ""
        }
    }

    // MARK: - As fields of a form

    /// A list to choose from, and two days for whoever wants others.
    package func inputs(_ fields: ReportFields, mayBeEverything: Bool) -> HTML {
        let typed = fields["period"]
        let chosen = typed.isEmpty ? word : typed
        var options = Self.words.filter { mayBeEverything || $0.choice != .everything }.map { ($0.word, $0.title) }
        if case .month(let first) = self { options.append((word, "\(spokenDay(first).dropFirst(2))")) }
        options.append((Self.ownDays, "These days:"))
        return """
            \(ReportForm.select("period", "Period", options, chosen, wrong: fields.wrong["period"]))
            <div class="days" data-days>
            \(ReportForm.input("from", "First day", fields["from"], type: "date", wrong: fields.wrong["from"]))
            \(ReportForm.input("through", "Last day", fields["through"], type: "date", wrong: fields.wrong["through"]))
            </div>
            """
    }
}

extension Period {
    /// "1 Dec 2017 – 31 Dec 2017"; with the time of day where it begins or ends within a day.
    package func spoken(in zone: Zone) -> String {
        let (first, end) = (zone.day(of: from), zone.day(of: to))
        let start = zone.startOfDay(first) == from ? spokenDay(first) : Self.withTime(from, in: zone)
        guard zone.startOfDay(end) == to, first < end else { return "\(start) – \(Self.withTime(to, in: zone))" }
        return "\(start) – \(spokenDay(end.adding(days: -1)))"
    }

    /// "31 Dec 2017, 17:05"
    private static func withTime(_ instant: Timestamp, in zone: Zone) -> String {
        let parts = zone.components(of: instant)
        let (hour, minute) = (parts.hour, parts.minute)
        return "\(spokenDay(parts.day)), \(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
