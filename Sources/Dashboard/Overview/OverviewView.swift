package import EventModel
import SegmentLanguage

/// The first page: how the store does.
package struct OverviewView: Sendable {
    let viewer: Viewer
    let name: String
    let figures: OverviewFigures?
    /// The five base segments, which cover everybody exactly once.
    let bases: [SegmentBoard.Entry]
    let messages: Int
    let zone: Zone
    let currency: String?

    package init(
        viewer: Viewer, name: String, figures: OverviewFigures?, bases: [SegmentBoard.Entry], messages: Int, zone: Zone,
        currency: String?
    ) {
        self.viewer = viewer
        self.name = name
        self.figures = figures
        self.bases = bases
        self.messages = messages
        self.zone = zone
        self.currency = currency
    }

    package var shell: Shell {
        var shell = Shell(title: name, viewer: viewer, place: .overview, body: body, scripts: ["charts.js"])
        if figures == nil { shell.refreshSeconds = 3 }
        return shell
    }

    private var body: HTML {
        guard let figures else {
            return """
                \(Pieces.head(name))
                <p class="note">The figures are being computed; the page shows them by itself.</p>
                \(segments)
                """
        }
        let about: HTML = """
            The last \(String(OverviewFigures.days)) days beside the \(String(OverviewFigures.days)) before, as of \
            \(Pieces.time(figures.asOf, in: zone)). Days begin and end by \(zone.identifier) time.
            """
        guard messages > 0 else {
            return """
                \(Pieces.head(name, about: about))
                \(Pieces.empty("Nothing came in yet", """
                    Import what you have with <code>shoal import FILE</code>, or point an SDK at this server with the write \
                    key of <a href="/data">Data</a>. <a href="/data/live">Messages show here</a> as they come.
                    """))
                """
        }
        return """
            \(Pieces.head(name, about: about, actions: "<a class=\"button quiet\" href=\"/data/live\">What happens now</a>"))
            \(numbers(figures))
            <div class="halves wide-first">
            <div class="stack">\(chart(figures))<div class="grid">\(list("Products bought most", figures.products))\
            \(list("Categories bought most", figures.categories))</div></div>
            <div class="stack">\(segments)</div>
            </div>
            """
    }

    // MARK: - Figures

    private func numbers(_ figures: OverviewFigures) -> HTML {
        let conversion = ratio(figures.buyers, to: figures.active)
        let average = ratio(figures.revenue, to: figures.orders)
        return Pieces.figures([
            ("Revenue", Pieces.money(figures.revenue.now, currency), change(figures.revenue)),
            ("Orders", whole(figures.orders.now), change(figures.orders)),
            ("Average order", average.map { Pieces.money($0.now, currency) } ?? "–", average.flatMap(change)),
            ("Active shoppers", whole(figures.active.now), change(figures.active)),
            (
                "Of them ordered", conversion.map { "\(percentage($0.now.approximate))" } ?? "–",
                conversion.map { "\(percentage($0.before.approximate)) before" }
            ),
            ("First-time buyers", whole(figures.newBuyers.now), change(figures.newBuyers)),
            (
                "Returning buyers", whole(returning(figures).now), change(returning(figures))
            ),
            ("Visits", whole(figures.visits.now), change(figures.visits)),
        ])
    }

    private func returning(_ figures: OverviewFigures) -> OverviewFigures.Pair {
        OverviewFigures.Pair(
            now: figures.buyers.now.subtracting(figures.newBuyers.now) ?? .zero,
            before: figures.buyers.before.subtracting(figures.newBuyers.before) ?? .zero)
    }

    private func whole(_ number: Decimal128) -> HTML { "\(groupedDecimal("\(number)"))" }

    /// Nil where either stretch has nothing to divide by.
    private func ratio(_ pair: OverviewFigures.Pair, to other: OverviewFigures.Pair) -> OverviewFigures.Pair? {
        guard let now = pair.now.divided(by: other.now), let before = pair.before.divided(by: other.before) else {
            return nil
        }
        return OverviewFigures.Pair(now: now, before: before)
    }

    /// `+12.3 %`, or nothing to compare with.
    private func change(_ pair: OverviewFigures.Pair) -> HTML? {
        guard pair.before > .zero, let share = pair.now.divided(by: pair.before)?.approximate else {
            return "nothing before"
        }
        let difference = share - 1
        let sign = difference > 0 ? "+" : difference < 0 ? "−" : "±"
        let tone = difference > 0 ? "good" : difference < 0 ? "bad" : ""
        return
            "<span class=\"\(tone)\">\(sign)\(percentage(abs(difference)))</span><span class=\"visually-hidden\"> to the days before</span>"
    }

    // MARK: - Charts and lists

    private func chart(_ figures: OverviewFigures) -> HTML {
        let points = figures.byDay.map { entry in
            Charts.Point(
                label: "\(entry.day.day).\(entry.day.month).", value: entry.revenue.approximate,
                text: groupedDecimal("\(entry.revenue)", places: 2))
        }
        let unit = currency.map { ", \($0)" } ?? ""
        let columns: [Pieces.Column] = [.text("Day"), .number("Revenue\(unit)"), .number("Orders")]
        let rows = figures.byDay.reversed().map { entry -> [HTML] in
            [
                "<time datetime=\"\(entry.day.iso)\">\(spokenDay(entry.day))</time>",
                "\(groupedDecimal("\(entry.revenue)", places: 2))", whole(entry.orders),
            ]
        }
        return """
            <section class="card"><h2>Revenue by day</h2>
            \(Charts.figure(.line, Charts.line("Revenue by day over the last \(String(OverviewFigures.days)) days", points), table: Pieces.table("Revenue and orders by day", columns, rows)))
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

    private func list(_ title: String, _ entries: [(name: String, count: Int)]) -> HTML {
        guard !entries.isEmpty else { return "" }
        let bars = entries.map { (name: "\($0.name)" as HTML, amount: Double($0.count), text: grouped($0.count)) }
        return "<section class=\"card\"><h2>\(title)</h2>\n\(Pieces.bars(bars))</section>"
    }
}
