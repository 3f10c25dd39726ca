package import Analytics
package import EventModel
import SegmentLanguage

/// The first page: how the store does in a period, beside the period before it.
package struct OverviewView: Sendable {
    let viewer: Viewer
    let name: String
    let fields: ReportFields
    let question: OverviewQuestion
    let state: ReportState<OverviewQuery.Answer>
    /// The five base segments, which cover everybody exactly once.
    let bases: [SegmentBoard.Entry]
    let segmentNames: [SegmentName]
    let messages: Int
    /// What came in just now, the newest first.
    let arrivals: [LiveView.Arrival]
    let zone: Zone
    let currency: String?

    package init(
        viewer: Viewer, name: String, fields: ReportFields, question: OverviewQuestion,
        state: ReportState<OverviewQuery.Answer>, bases: [SegmentBoard.Entry], segmentNames: [SegmentName],
        messages: Int, arrivals: [LiveView.Arrival], zone: Zone, currency: String?
    ) {
        self.viewer = viewer
        self.name = name
        self.fields = fields
        self.question = question
        self.state = state
        self.bases = bases
        self.segmentNames = segmentNames
        self.messages = messages
        self.arrivals = arrivals
        self.zone = zone
        self.currency = currency
    }

    package var shell: Shell {
        var shell = Shell(report: name, viewer: viewer, place: .overview, fields, state, body: body)
        shell.scripts.append("ticker.js")
        return shell
    }

    private var body: HTML {
        guard messages > 0 else {
            return """
                \(Pieces.head(name))
                \(Pieces.empty("Nothing came in yet", """
                    Import what you have with <code>shoal import FILE</code>, or point an SDK at this server with the write \
                    key of <a href="/data">Data</a>. <a href="/data/live">Messages show here</a> as they come.
                    """))
                """
        }
        guard case .ready(let answer, let asOf) = state else {
            return """
                \(Pieces.head(name))
                \(form)
                \(state.note)
                \(segments)
                """
        }
        let about: HTML = """
            \(answer.period.spoken(in: zone)), beside \(answer.before.spoken(in: zone)). As of \
            \(Pieces.time(asOf, in: zone)); days begin and end by \(zone.identifier) time.
            """
        let lists = OverviewLists(answer: answer, currency: currency)
        return """
            \(Pieces.head(name, about: about))
            \(form)
            \(numbers(answer))
            <div class="halves wide-first">
            <div class="stack">\(chart(answer))\(lists.channels)\(lists.products)\(lists.categories)</div>
            <div class="stack">\(segments)\(ticker)\(allNumbers(answer))</div>
            </div>
            """
    }

    private var form: HTML {
        let units =
            [("", "What suits it")] + CalendarUnit.allCases.map { ($0.rawValue, $0.rawValue.capitalizedFirst + "s") }
        return ReportForm.form(
            "/", name: "Which period",
            ReportForm.row(
                question.period.inputs(fields, mayBeEverything: false),
                ReportForm.segment(
                    "segment", "Only members of", segmentNames, fields["segment"], nobody: "Everybody",
                    wrong: fields.wrong["segment"]),
                ReportForm.select("by", "Count by", units, fields["by"], wrong: fields.wrong["by"])))
    }

    // MARK: - Figures

    /// Those to look at first, as they are called here.
    private static let shown: [(key: String, title: String)] = [
        ("revenue", "Revenue"), ("orders", "Orders"), ("averageOrderValue", "Average order"),
        ("visitConversion", "Visits with an order"), ("profileConversion", "Active shoppers who ordered"),
        ("cartAbandonment", "Carts left"), ("activeProfiles", "Active shoppers"), ("newProfiles", "New shoppers"),
        ("newBuyers", "First-time buyers"), ("returningBuyers", "Returning buyers"),
    ]

    private func numbers(_ answer: OverviewQuery.Answer) -> HTML {
        // Without visits, the share of shoppers says what the share of visits cannot.
        let hidden = answer.figures.visitConversion == nil ? "visitConversion" : "profileConversion"
        let figures = Self.shown.filter { $0.key != hidden }.compactMap {
            key, title -> (name: String, figure: HTML, note: HTML?)? in
            guard let line = OverviewLine.of(key) else { return nil }
            let (now, before) = (line.value(answer.figures), line.value(answer.figuresBefore))
            return (title, spoken(now, line), note(now, before, line))
        }
        return Pieces.figures(figures)
    }

    private func spoken(_ amount: OverviewLine.Amount, _ line: OverviewLine) -> HTML {
        if line.isMoney, case .amount(let money) = amount { return Pieces.money(money, currency) }
        return "\(amount.text)"
    }

    /// "+12.5 %, 1,234 before".
    private func note(_ now: OverviewLine.Amount, _ before: OverviewLine.Amount, _ line: OverviewLine) -> HTML {
        guard before != .none else { return "nothing before" }
        guard let change = change(now, before, line) else { return "as before" }
        return "\(change), \(spoken(before, line)) before"
    }

    /// Nil where nothing changed.
    private func change(
        _ now: OverviewLine.Amount, _ before: OverviewLine.Amount, _ line: OverviewLine
    ) -> HTML? {
        let text = now.change(from: before)
        guard !text.isEmpty, let later = now.number, let earlier = before.number else { return nil }
        return "<span class=\"\((later > earlier) != line.isLoss ? "good" : "bad")\">\(text)</span>"
    }

    private func allNumbers(_ answer: OverviewQuery.Answer) -> HTML {
        let rows = OverviewLine.all.compactMap { line -> [HTML]? in
            let (now, before) = (line.value(answer.figures), line.value(answer.figuresBefore))
            guard now != .none || before != .none else { return nil }
            let unit = line.isMoney ? currency.map { ", \($0)" } ?? "" : ""
            return [
                "\(line.title.capitalizedFirst)\(unit)", "\(now.text)", "\(before.text)",
                change(now, before, line) ?? "",
            ]
        }
        return """
            <section class="card flush"><h2>All figures</h2>
            \(Pieces.table("The period beside the one before", [.text("Figure"), .number("Period"), .number("Before"), .number("Change")], rows))
            </section>
            """
    }

    // MARK: - Charts and lists

    private func chart(_ answer: OverviewQuery.Answer) -> HTML {
        let points = answer.series.map { point in
            Charts.Point(
                label: answer.unit.label(from: point.firstDay),
                value: point.revenue?.approximate ?? 0,
                text: point.revenue.map { groupedDecimal("\($0)", places: 2) } ?? "–")
        }
        let unit = answer.unit.rawValue
        let columns: [Pieces.Column] = [
            .text(unit.capitalizedFirst), .number("Revenue\(currency.map { ", \($0)" } ?? "")"), .number("Orders"),
            .number("Buyers"), .number("Active shoppers"), .number("Visits"),
        ]
        let rows = answer.series.reversed().map { point -> [HTML] in
            [
                "<time datetime=\"\(point.firstDay.iso)\">\(answer.unit.title(from: point.firstDay))</time>",
                "\(point.revenue.map { groupedDecimal("\($0)", places: 2) } ?? "–")", "\(grouped(point.orders))",
                "\(grouped(point.buyers))", "\(grouped(point.activeProfiles))", "\(grouped(point.visits))",
            ]
        }
        let line = Charts.line("Revenue by \(unit), \(answer.period.spoken(in: zone))", points)
        return """
            <section class="card"><h2>Revenue by \(unit)</h2>
            \(Charts.figure(.line, line, table: Pieces.table("Figures by \(unit), the newest first", columns, rows)))
            </section>
            """
    }

    private var segments: HTML {
        let sizes = bases.compactMap { entry in entry.size.map { (entry: entry, size: $0) } }
        let all = sizes.map(\.size).reduce(0, +)
        guard all > 0 else { return "" }
        let bars = sizes.map { entry, size -> (name: HTML, amount: Double, text: String) in
            let name = entry.definition.name.string
            let link: HTML = "<a href=\"/segments/\(pathPart(name))\">\(entry.definition.title?.string ?? name)</a>"
            return (name: link, amount: Double(size), text: "\(grouped(size)) · \(percentage(size, of: all))")
        }
        return """
            <section class="card"><header><h2>Everybody, now</h2><a href="/segments">All segments</a></header>
            \(Pieces.bars(bars))</section>
            """
    }

    /// What comes in just now; a script adds to it.
    private var ticker: HTML {
        let lines = arrivals.map { arrival -> HTML in
            """
            <li><span>\(arrival.what)</span> <span class="soft">\(arrival.who)</span> \(Pieces.time(arrival.received, in: zone))</li>

            """
        }
        let none: HTML? =
            arrivals.isEmpty
            ? "<p class=\"soft\" id=\"ticker-none\">Nothing came in since the server started.</p>" : nil
        return """
            <section class="card"><header><h2>Just now</h2><a href="/data/live">All that comes in</a></header>
            \(none)<ul class="ticker" id="ticker" data-last="\(String(arrivals.first?.number ?? 0))">
            \(lines)</ul></section>
            """
    }
}
