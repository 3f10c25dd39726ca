import Analytics
package import EventModel
import SegmentEngine
import SegmentLanguage

/// The grid of recency and frequency, with sizes and revenue; each cell is a segment.
package struct RFMView: Sendable {
    let viewer: Viewer
    let fields: ReportFields
    let state: ReportState<RFMFacts>
    /// Whether the metrics that the grid ranks by are there.
    let hasMetrics: Bool
    let segments: [SegmentName]
    /// Whether a definition has a name already.
    let taken: @Sendable (Text) -> Bool
    let zone: Zone
    let currency: String?

    package init(
        viewer: Viewer, fields: ReportFields, state: ReportState<RFMFacts>, hasMetrics: Bool,
        segments: [SegmentName], taken: @escaping @Sendable (Text) -> Bool, zone: Zone, currency: String?
    ) {
        self.viewer = viewer
        self.fields = fields
        self.state = state
        self.hasMetrics = hasMetrics
        self.segments = segments
        self.taken = taken
        self.zone = zone
        self.currency = currency
    }

    package var shell: Shell { Shell(report: "RFM", viewer: viewer, place: .rfm, fields, state, body: body) }

    private var body: HTML {
        """
        \(Pieces.head("RFM", about: "Buyers by how lately they ordered (recency), how often (frequency) and for how much (monetary). Each score is a fifth of the buyers, 5 the best."))
        \(form)
        \(state.note)
        \(result)
        """
    }

    private var form: HTML {
        ReportForm.form(
            "/rfm", name: "Which grid",
            ReportForm.row(
                ReportForm.select(
                    "purchases", "Frequency counts", [("orders", "Orders"), ("days", "Days with an order")],
                    fields["purchases"], wrong: fields.wrong["purchases"]),
                ReportForm.select(
                    "colours", "Colours show", [("people", "People"), ("revenue", "Revenue")], fields["colours"],
                    wrong: fields.wrong["colours"]),
                ReportForm.segment(
                    "segment", "Only members of", segments, fields["segment"], nobody: "Everybody",
                    wrong: fields.wrong["segment"])))
    }

    private var result: HTML {
        guard hasMetrics else {
            return Pieces.empty(
                "The metrics of RFM are missing",
                "This store's definitions have no rfm_recency, rfm_frequency, rfm_monetary and buyers. Put back the ready segments, or <a href=\"/rfm?purchases=days\">count days with an order</a> instead."
            )
        }
        guard case .ready(let facts, let asOf) = state else { return "" }
        let answer = facts.answer
        guard answer.profiles > 0 else {
            return Pieces.empty(
                "Nobody has all three scores",
                "The grid needs orders: events <code>Order Completed</code> with a <code>revenue</code>. Import them with <code>shoal import orders.csv</code>, or send them to the tracking API."
            )
        }
        let left: HTML? =
            answer.unscored > 0 ? " \(counted(answer.unscored, "profile")) without all three measures left out." : nil
        let how: HTML =
            facts.query.measures.own.isEmpty && viewer.mayEdit
            ? "Click a cell to open it as a segment in the builder." : "Each cell leads to its definition below."
        return """
            <section class="card flush"><header><h2>\(counted(answer.profiles, "buyer"))</h2>
            <span class="soft">as of \(Pieces.time(asOf, in: zone))</span></header>
            <p class="soft">\(how)\(left)</p>
            \(grid(facts))</section>
            \(groups(answer))
            \(definitions(facts))
            \(scores(answer))
            """
    }

    // MARK: - The grid

    private struct Cell {
        var profiles = 0
        var revenue: Decimal128? = .zero
    }

    private func cell(_ answer: RFMQuery.Answer, _ recency: Int, _ frequency: Int) -> Cell {
        var cell = Cell()
        for one in answer.cells where one.recency == recency && one.frequency == frequency {
            cell.profiles += one.profiles
            cell.revenue = cell.revenue.flatMap { sum in one.revenue.flatMap { sum.adding($0) } }
        }
        return cell
    }

    private func grid(_ facts: RFMFacts) -> HTML {
        let answer = facts.answer
        let all = (1...5).flatMap { recency in (1...5).map { cell(answer, recency, $0) } }
        let showsRevenue = fields["colours"] == RFMQuestion.Colours.revenue.rawValue
        func weight(_ cell: Cell) -> Double {
            showsRevenue ? max(0, cell.revenue?.approximate ?? 0) : Double(cell.profiles)
        }
        let most = all.map(weight).max() ?? 0
        let rows = (1...5).reversed().map { recency -> HTML in
            let cells = (1...5).map { frequency -> HTML in
                let cell = cell(answer, recency, frequency)
                guard cell.profiles > 0 else { return "<td class=\"number\"><span class=\"soft\">–</span></td>" }
                let step = most > 0 ? RetentionTable.step(weight(cell) / most) : 0
                let revenue = share(cell.revenue, of: answer.revenue)
                return """
                    <td class="number heat-\(String(step))"><a href="\(link(facts, recency, frequency))">\(grouped(cell.profiles))\
                    <span class="visually-hidden"> profiles with recency \(String(recency)) and frequency \(String(frequency))</span></a>\
                    <span class="under">\(percentage(cell.profiles, of: answer.profiles))</span>\
                    <span class="under">\(revenue) rev.</span></td>
                    """
            }
            return "<tr><th scope=\"row\">Recency \(String(recency))</th>\(cells)</tr>\n"
        }
        return Pieces.table(
            "Recency downwards from the latest, frequency to the right: buyers, their share, and their share of revenue (rev.). Colours show \(showsRevenue ? "revenue" : "people").",
            [.text("")] + (1...5).map { .number("Frequency \($0)") }, body: "<tbody>\n\(rows)</tbody>",
            class: "heat rfm")
    }

    /// Into the builder where one segment says it all, else to its definitions on this page.
    private func link(_ facts: RFMFacts, _ recency: Int, _ frequency: Int) -> String {
        let all = RFMQuestion.definitions(of: facts.query, recency: recency, frequency: frequency, taken: taken)
        if all.count == 1, let path = PeopleView.builderPath(all[0], viewer) { return path }
        return fields.address("/rfm", changing: [("cell", "\(recency)\(frequency)")]) + "#definition"
    }

    /// The text of the cell that was clicked, for those who cannot open it in the builder.
    private func definitions(_ facts: RFMFacts) -> HTML? {
        let scores = fields["cell"].compactMap(\.wholeNumberValue)
        guard scores.count == 2, scores.allSatisfy((1...5).contains) else { return nil }
        let all = RFMQuestion.definitions(of: facts.query, recency: scores[0], frequency: scores[1], taken: taken)
        return """
            <section class="card"><h2>Recency \(String(scores[0])), frequency \(String(scores[1])) as text</h2>
            <p class="soft">Definitions to copy into a file of the store's segments.</p>
            <pre class="text" id="definition" tabindex="0">\(Printer.text(of: all))</pre>
            <p class="actions"><button class="quiet" type="button" data-copy="definition" hidden>Copy</button></p></section>
            """
    }

    private func share(_ amount: Decimal128?, of whole: Decimal128?) -> String {
        guard let amount, let whole, let share = amount.divided(by: whole) else { return "–" }
        return percentage(share.approximate)
    }

    // MARK: - Tables

    private func groups(_ answer: RFMQuery.Answer) -> HTML? {
        guard !answer.groups.isEmpty else { return nil }
        let unit = currency.map { ", \($0)" } ?? ""
        let rows = answer.groups.map { group -> [HTML] in
            [
                "<a href=\"/segments/\(pathPart(group.name.string))\">\((group.title ?? group.name).string)</a>",
                "\(grouped(group.profiles))", "\(percentage(group.profiles, of: answer.profiles))",
                Charts.bar(Double(group.profiles) / Double(max(answer.profiles, 1))),
                "\(group.revenue.map { groupedDecimal("\($0)", places: 2) } ?? "–")",
                "\(share(group.revenue, of: answer.revenue))",
            ]
        }
        return """
            <section class="card flush"><h2>Named groups</h2>
            \(Pieces.table(
                "Groups of cells that have a name; each is a segment", [
                    .text("Segment"), .number("Profiles"), .number("Of buyers"), .silent("Share"),
                    .number("Revenue\(unit)"), .number("Of revenue"),
                ], rows))</section>
            """
    }

    private func scores(_ answer: RFMQuery.Answer) -> HTML {
        let rows = RFMQuery.Measure.allCases.flatMap { measure in
            answer.scores.filter { $0.measure == measure }.sorted { $0.score > $1.score }.map { score -> [HTML] in
                [
                    "\(measure.rawValue.capitalizedFirst) \(String(score.score))", "\(grouped(score.profiles))",
                    "\(spoken(score.lowest))", "\(spoken(score.highest))", "\(spoken(score.average))",
                ]
            }
        }
        return """
            <section class="card flush"><h2>What the scores mean</h2>
            \(Pieces.table("The values that each score holds", [.text("Score"), .number("Profiles"), .number("From"), .number("To"), .number("Average")], rows))
            </section>
            """
    }

    private func spoken(_ value: SegmentEngine.Value) -> String {
        switch value {
        case .number(let number): groupedDecimal("\(number)", places: number.scaled(exponent: 0) != nil ? 0 : 2)
        case .time(let time): spokenDay(zone.day(of: time))
        case .duration(let length): length.floorToInt().map { spokenDuration(milliseconds: Int64($0)) } ?? "–"
        default: "–"
        }
    }
}
