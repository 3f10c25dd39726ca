import Analytics
import EventModel

/// How the store does, as people read it.
struct StoreBoardReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    let currency: String?
    let answer: OverviewQuery.Answer
    let segment: String?

    /// So many points of the chart fit a screen; JSON has all.
    private static let shownPoints = 31

    func text(width: Int?, style: Style) -> String {
        var text =
            "Store \(style.strong(spoken(answer.period))), beside \(spoken(answer.before)), "
            + "as of \(spokenInstant(asOf, in: zone))" + (segment.map { ", members of \(printable($0))" } ?? "")
            + "\n\n"
        text += chart(style)
        text += figureTable.text(width: width, style: style)
        if !answer.products.isEmpty {
            text += "\n" + productTable.text(width: width, style: style)
            text += rest(answer.productCount - answer.products.count, style, "more product")
        }
        if !answer.categories.isEmpty {
            text += "\n" + categoryTable.text(width: width, style: style)
            text += rest(answer.categoryCount - answer.categories.count, style, "more category", "more categories")
        }
        if !answer.channels.isEmpty {
            text += "\n" + channelTable.text(width: width, style: style)
            text += rest(answer.channelCount - answer.channels.count, style, "more channel")
        }
        return text
    }

    private func rest(_ count: Int, _ style: Style, _ one: String, _ many: String? = nil) -> String {
        count > 0 ? style.dim("\(counted(count, one, many)) left out; --limit shows them") + "\n" : ""
    }

    /// "1 Dec 2017 – 31 Dec 2017"; with the time of day where it is no whole day.
    private func spoken(_ period: Period) -> String {
        let (first, end) = (zone.day(of: period.from), zone.day(of: period.to))
        guard zone.startOfDay(first) == period.from, zone.startOfDay(end) == period.to else {
            return "\(columnInstant(period.from, in: zone)) – \(columnInstant(period.to, in: zone))"
        }
        return "\(spokenDay(first)) – \(spokenDay(end.adding(days: -1)))"
    }

    private func chart(_ style: Style) -> String {
        let shown = answer.series.suffix(Self.shownPoints)
        guard let first = shown.first, let last = shown.last else { return "" }
        let chart = ColumnChart(
            values: shown.map { Int(min(max(0, $0.revenue?.approximate ?? 0), 1e15).rounded()) },
            firstLabel: spokenDay(first.firstDay), lastLabel: spokenDay(last.firstDay)
        ).text(indent: 2, style: style)
        return chart.isEmpty ? "" : "\(revenueTitle) by \(answer.unit.rawValue)\n" + chart + "\n"
    }

    // MARK: - Figures

    var revenueTitle: String { currency.map { "revenue, \($0)" } ?? "revenue" }

    private var figureTable: Table {
        var table = Table([.text("figure"), .number("period"), .number("before"), .number("change")])
        for line in OverviewLine.all {
            let (now, before) = (line.value(answer.figures), line.value(answer.figuresBefore))
            // What there is no trace of in either period is not worth a line.
            if case (.none, .none) = (now, before) { continue }
            let title = line.isMoney ? currency.map { "\(line.title), \($0)" } ?? line.title : line.title
            table.append([
                Table.Cell(title, line.isMain ? .strong : .plain), Table.Cell(now.text, line.isMain ? .strong : .plain),
                Table.Cell(before.text), Table.Cell(now.change(from: before), .dim),
            ])
        }
        return table
    }

    // MARK: - Lists

    private var productTable: Table {
        var table = Table([
            .text("product"), .text("name", flexible: true), .number("orders"), .number("pieces"),
            .number(revenueTitle), .number("before"),
        ])
        for product in answer.products {
            table.append([
                Table.Cell(product.id.string, .strong), Table.Cell(product.name?.string ?? ""),
                Table.Cell(grouped(product.orders)), Table.Cell(amount(product.quantity, places: nil)),
                Table.Cell(amount(product.revenue)), Table.Cell(amount(product.revenueBefore), .dim),
            ])
        }
        return table
    }

    private var categoryTable: Table {
        var table = Table([
            .text("category", flexible: true), .number("orders"), .number("pieces"), .number(revenueTitle),
            .number("before"),
        ])
        for category in answer.categories {
            table.append([
                Table.Cell(category.name.string, .strong), Table.Cell(grouped(category.orders)),
                Table.Cell(amount(category.quantity, places: nil)), Table.Cell(amount(category.revenue)),
                Table.Cell(amount(category.revenueBefore), .dim),
            ])
        }
        return table
    }

    private var channelTable: Table {
        var table = Table([
            .text("channel", flexible: true), .number("visits"), .number("before"), .number("orders"),
            .number("before"), .number("conversion"), .number(revenueTitle), .number("before"),
        ])
        for channel in answer.channels {
            table.append([
                Table.Cell(channel.name?.string ?? "(no visit)", channel.name == nil ? .dim : .strong),
                Table.Cell(grouped(channel.visits)), Table.Cell(grouped(channel.visitsBefore), .dim),
                Table.Cell(grouped(channel.orders)), Table.Cell(grouped(channel.ordersBefore), .dim),
                Table.Cell(channel.conversion.map { percentage($0) } ?? "–"), Table.Cell(amount(channel.revenue)),
                Table.Cell(amount(channel.revenueBefore), .dim),
            ])
        }
        return table
    }

    private func amount(_ amount: Decimal128?, places: Int? = 2) -> String {
        amount.map { groupedDecimal($0.description, places: places) } ?? "–"
    }
}
