import Columns
import EventModel
import Membership

extension SegmentView {
    /// Size over the last year, also before the segment was written.
    var history: HTML {
        guard let detail else {
            return
                "<section class=\"card\"><h2>Size over the last year</h2><p class=\"soft\">Being computed …</p></section>"
        }
        let points = detail.history.map { step in
            Charts.Point(
                label: spokenDay(zone.day(of: step.instant)), value: Double(step.size), text: grouped(step.size))
        }
        let columns: [Pieces.Column] = [.text("Day"), .number("Members"), .number("Came in"), .number("Left")]
        let rows = detail.history.reversed().map { step -> [HTML] in
            [
                Pieces.day(step.instant, in: zone), "\(grouped(step.size))",
                "\(step.entered.map { grouped($0) } ?? "–")", "\(step.left.map { grouped($0) } ?? "–")",
            ]
        }
        return """
            <section class="card"><header><h2>Size over the last year</h2>
            <span class="soft">by the definition as it is now</span></header>
            \(Charts.figure(
                .line, Charts.line("Members of \(title) over the last year", points, mark: mark(detail)),
                table: Pieces.table(
                    "Members every 30 days, with who came in and left since the day before", columns, rows)))
            </section>
            """
    }

    /// Where on the chart the segment was first written; nil when that is before it.
    private func mark(_ detail: SegmentDetail) -> (place: Double, text: String)? {
        guard let first = versions.first?.since, let start = detail.history.first?.instant,
            let end = detail.history.last?.instant, first > start, end > start
        else { return nil }
        let share = Double(first.milliseconds(since: start)) / Double(end.milliseconds(since: start))
        return (share * Double(detail.history.count - 1), "written")
    }

    /// Comings and goings of the last weeks, by day and by cause, and the newest ones.
    var flow: HTML {
        guard let figures, let tally = figures.flow.segments[name],
            !tally.entered.isEmpty || !tally.left.isEmpty
        else {
            return """
                <section class="card"><h2>In and out</h2>
                <p class="soft">Nobody came in or left since memberships are kept here. Each change will stand here with its cause.</p>
                </section>
                """
        }
        let days = (0..<SegmentFlow.days).map { figures.flow.firstDay.adding(days: $0) }
        let labels = days.map { "\($0.day).\($0.month)." }
        let entered = days.map { tally.entered[Int($0.daysSinceEpoch)] ?? 0 }
        let left = days.map { tally.left[Int($0.daysSinceEpoch)] ?? 0 }
        let columns: [Pieces.Column] = [.text("Day"), .number("Came in"), .number("Left")]
        let rows = zip(days, zip(entered, left)).reversed().filter { $0.1 != (0, 0) }.map { day, counts -> [HTML] in
            ["\(spokenDay(day))", "\(grouped(counts.0))", "\(grouped(counts.1))"]
        }
        return """
            <section class="card"><header><h2>In and out</h2>
            <span class="soft">the last \(grouped(SegmentFlow.days)) days, from the log of memberships</span></header>
            \(Charts.figure(
                .columns,
                Charts.columns("Members who came in and left, by day", labels, [("came in", entered), ("left", left)]),
                table: Pieces.table("Members who came in and left, by day", columns, rows)))
            <div class="grid">\(causes("Why they came in", tally.causesOfEntering))\
            \(causes("Why they left", tally.causesOfLeaving))</div>
            \(latest)
            </section>
            """
    }

    private func causes(_ title: String, _ counts: [String: Int]) -> HTML {
        guard !counts.isEmpty else { return "" }
        let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
        return """
            <div><h3>\(title)</h3>
            \(Pieces.bars(most.map { (name: "\($0.key)", amount: Double($0.value), text: grouped($0.value)) }))</div>
            """
    }

    private var latest: HTML {
        guard !changes.isEmpty else { return "" }
        let columns: [Pieces.Column] = [.text("Who"), .text("What"), .text("When"), .text("Why")]
        let rows = changes.map { change, id -> [HTML] in
            let who: HTML =
                id.map { "<a href=\"/profiles/\(pathPart($0))\">\($0)</a>" } ?? "<span class=\"soft\">erased</span>"
            let what = change.kind == .entered ? Pieces.tag("came in", "good") : Pieces.tag("left")
            return [who, what, Pieces.time(change.instant, in: zone), "\(change.cause.words)"]
        }
        return """
            <details class="twin"><summary>The newest changes</summary>
            \(Pieces.table("The newest changes", columns, rows))</details>
            """
    }

    /// Who the members are: what they buy, where they are, how they come, what they spend.
    var composition: HTML {
        guard let detail, entry.members?.isEmpty == false else { return "" }
        let parts: [HTML] = [
            share("What they bought, items by category", detail.categories),
            share("Countries", detail.countries), share("Channels, by medium of campaigns", detail.channels),
            spend(detail.spend),
        ].filter { !$0.text.isEmpty }
        guard !parts.isEmpty else { return "" }
        return """
            <section class="card"><header><h2>Who they are</h2>
            <span class="soft">as of \(Pieces.time(detail.asOf, in: zone))</span></header>
            <div class="grid">\(parts)</div></section>
            """
    }

    private func share(_ title: String, _ counts: [(name: String, count: Int)]) -> HTML {
        guard !counts.isEmpty else { return "" }
        return """
            <div><h3>\(title)</h3>
            \(Pieces.bars(counts.map { (name: "\($0.name)", amount: Double($0.count), text: grouped($0.count)) }))</div>
            """
    }

    private func spend(_ spend: SpendDistribution?) -> HTML {
        guard let spend else { return "" }
        let unit = currency.map { " \($0)" } ?? ""
        let bars = spend.bands.map { band -> (name: HTML, amount: Double, text: String) in
            let lower = groupedDecimal("\(band.lower)", places: band.lower == band.lower.rounded() ? 0 : 1)
            let upper = band.upper.map { groupedDecimal("\($0)", places: $0 == $0.rounded() ? 0 : 1) }
            let name = upper.map { "\(lower) to \($0)\(unit)" } ?? "\(lower)\(unit) and more"
            return (name: "\(name)", amount: Double(band.count), text: grouped(band.count))
        }
        return """
            <div><h3>Net revenue a buyer</h3>
            <p class="soft">Half of them below \(Pieces.money(spend.median, currency)), \
            \(Pieces.money(spend.average, currency)) on average.</p>
            \(Pieces.bars(bars))</div>
            """
    }
}
