package import Analytics
package import EventModel
import SegmentLanguage

/// How many come back, by when they first came: a heat table, and a curve of all cohorts together.
package struct RetentionView: Sendable {
    let viewer: Viewer
    let fields: ReportFields
    let question: RetentionQuestion?
    let state: ReportState<RetentionQuery.Answer>
    let segments: [SegmentName]
    let events: [String]
    let zone: Zone

    package init(
        viewer: Viewer, fields: ReportFields, question: RetentionQuestion?,
        state: ReportState<RetentionQuery.Answer>, segments: [SegmentName], events: [String], zone: Zone
    ) {
        self.viewer = viewer
        self.fields = fields
        self.question = question
        self.state = state
        self.segments = segments
        self.events = events
        self.zone = zone
    }

    /// So many cohorts and periods are shown, the latest cohorts.
    package static let shownCohorts = 24
    package static let shownPeriods = 14

    package var shell: Shell {
        Shell(report: "Retention", viewer: viewer, place: .retention, fields, state, body: body)
    }

    private var body: HTML {
        """
        \(Pieces.head("Retention", about: "How many come back in the days, weeks or months after their first."))
        \(form)
        \(state.note)
        \(result)
        """
    }

    private var form: HTML {
        let units = CalendarUnit.allCases.map { ($0.rawValue, $0.rawValue.capitalizedFirst + "s") }
        return """
            \(ReportForm.form("/retention", name: "Which retention", """
                <div class="lines"><div data-line>
                \(ReportForm.input("first", "They begin with", fields["first"], wrong: fields.wrong["first"], list: "events", placeholder: RetentionQuestion.usualFirst))
                \(ReportForm.input("where", "where", fields["where"], wrong: fields.wrong["where"], placeholder: "revenue > 50", more: " data-filter-of"))
                </div><div data-line>
                \(ReportForm.input("returning", "They come back with", fields["returning"], wrong: fields.wrong["returning"], list: "events", placeholder: "the same"))
                \(ReportForm.input("returning-where", "where", fields["returning-where"], wrong: fields.wrong["returning-where"], more: " data-filter-of"))
                </div></div>
                \(ReportForm.row(
                    ReportForm.select("by", "Count by", units, fields["by"].isEmpty ? "week" : fields["by"], wrong: fields.wrong["by"]),
                    ReportForm.select(
                        "kind", "Back means", [("exact", "In that very period"), ("rolling", "In that period or later")],
                        fields["kind"], wrong: fields.wrong["kind"]),
                    PeriodChoice.everything.inputs(fields, mayBeEverything: true),
                    ReportForm.segment(
                        "segment", "Only members of", segments, fields["segment"], nobody: "Everybody",
                        wrong: fields.wrong["segment"])))
                """))
            \(ReportForm.list("events", ["any event"] + events))
            """
    }

    private var result: HTML {
        guard case .ready(let answer, let asOf) = state, let question else { return "" }
        let cohorts = question.cohorts(of: answer, at: asOf, in: zone)
        guard !cohorts.isEmpty else {
            return events.isEmpty
                ? Pieces.empty(
                    "No events yet",
                    "Retention needs some history. Import a file with <code>shoal import FILE</code>, or send events to the tracking API; <a href=\"/data\">Data</a> has the keys."
                )
                : Pieces.empty(
                    "Nobody began in that time",
                    "Choose a longer period, or another event to begin with. <a href=\"/data\">Data</a> lists the events that came in."
                )
        }
        let table = RetentionTable(cohorts: cohorts, unit: answer.unit)
        let unit = answer.unit.rawValue
        let hidden = cohorts.count - table.shown.count
        let about: HTML = """
            They begin with \(question.first.title), and are back with \(question.returning.title)\
            \(question.kind == .rolling ? ", in that \(unit) or later" : ""). The last \(unit) of each line is not over yet. As of \
            \(Pieces.time(asOf, in: zone)).
            """
        let left: HTML? =
            hidden > 0
            ? " <span class=\"soft\">\(counted(hidden, "earlier cohort")) left out here; choose a period to see them.</span>"
            : nil
        return """
            <section class="card"><h2>All cohorts together</h2>
            \(curve(table, unit))</section>
            <section class="card flush"><h2>By the \(unit) they began in</h2>
            <p>\(about)\(left)</p>
            \(table.html)</section>
            """
    }

    private func curve(_ table: RetentionTable, _ unit: String) -> HTML {
        let points = table.overall.map { index, share in
            Charts.Point(label: "+\(index)", value: share * 100, text: percentage(share))
        }
        guard points.count > 1 else {
            return
                "<p class=\"soft\">There is not enough history for a curve yet: no \(unit) after the first is over.</p>"
        }
        let rows = table.overall.map { index, share -> [HTML] in
            ["\(index == 0 ? "The \(unit) they began in" : "\(counted(index, unit)) later")", "\(percentage(share))"]
        }
        return """
            \(Charts.line("Percent of all who began that were back, by \(unit)s since then", points))
            <details class="twin"><summary>As a table</summary>
            \(Pieces.table("Back, of all cohorts that are old enough", [.text("When"), .number("Back")], rows))</details>
            """
    }
}

/// Cohorts and who of them came back, as a table with colours.
struct RetentionTable {
    let shown: [RetentionQuery.Cohort]
    let cohorts: [RetentionQuery.Cohort]
    let unit: CalendarUnit
    let periods: Int
    /// The largest share shown of a period after the first.
    private let most: Double

    init(cohorts: [RetentionQuery.Cohort], unit: CalendarUnit) {
        self.cohorts = cohorts
        self.unit = unit
        shown = cohorts.suffix(RetentionView.shownCohorts)
        let periods = min(RetentionView.shownPeriods, shown.map(\.active.count).max() ?? 0)
        self.periods = periods
        most = shown.flatMap { cohort in (1..<max(periods, 2)).compactMap { cohort.share(after: $0) } }.max() ?? 0
    }

    /// The strongest colour is that of the largest share after the first period, which is mostly everybody.
    private func heat(_ share: Double) -> Int { most > 0 ? Self.step(share / most) : 0 }

    /// By period: the share of all who began long enough ago, those left out whose last period is not over.
    var overall: [(index: Int, share: Double)] {
        (0..<periods).compactMap { offset in
            let old = cohorts.filter { $0.active.count > offset + 1 }
            let size = old.reduce(0) { $0 + $1.size }
            guard size > 0 else { return nil }
            return (offset, Double(old.reduce(0) { $0 + $1.active[offset] }) / Double(size))
        }
    }

    var html: HTML {
        let columns: [Pieces.Column] =
            [.text(unit.rawValue.capitalizedFirst), .number("Profiles")] + (0..<periods).map { .number("+\($0)") }
        let rows = shown.reversed().map { cohort -> HTML in
            let cells = (0..<periods).map { offset -> HTML in
                guard let share = cohort.share(after: offset) else { return "<td></td>" }
                let isOpen: HTML? = offset == cohort.active.count - 1 ? " open-end" : nil
                return """
                    <td class="number heat-\(String(heat(share)))\(isOpen)" title="\(grouped(cohort.active[offset])) of \(grouped(cohort.size))">\(Self.percent(share))</td>
                    """
            }
            return """
                <tr><th scope="row"><time datetime="\(cohort.firstDay.iso)">\(unit.title(from: cohort.firstDay))</time></th>\
                <td class="number">\(grouped(cohort.size))</td>\(cells)</tr>

                """
        }
        let all = Dictionary(uniqueKeysWithValues: overall.map { ($0.index, $0.share) })
        let last = (0..<periods).map { offset -> HTML in
            guard let share = all[offset] else { return "<td></td>" }
            return "<td class=\"number heat-\(String(heat(share)))\">\(Self.percent(share))</td>"
        }
        let body: HTML = """
            <tbody>
            \(rows)</tbody>
            <tfoot><tr><th scope="row">All</th><td class="number">\(grouped(cohorts.reduce(0) { $0 + $1.size }))</td>\(last)</tr></tfoot>
            """
        return Pieces.table(
            "Percent of each cohort that was back so many \(unit.rawValue)s later, the newest first", columns,
            body: body, class: "heat")
    }

    /// 0 to 10.
    static func step(_ share: Double) -> Int { Int((min(max(share, 0), 1) * 10).rounded(.up)) }

    /// "12 %"; little is no nothing.
    static func percent(_ share: Double) -> String {
        let whole = Int((share * 100).rounded())
        return whole == 0 && share > 0 ? "<1 %" : "\(whole) %"
    }
}
