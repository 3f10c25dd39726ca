import EventModel

/// One segment in full.
struct SegmentReport: Sendable {
    struct MetricRow: Sendable {
        let name: String
        let title: String?
        /// Averages over those who have a number, or a duration (in seconds); nil where nobody has.
        let members: Decimal128?
        let everybody: Decimal128?
        let isDuration: Bool
    }

    struct Member: Sendable {
        let id: String
        let email: String?
        let orders: Decimal128
        let revenue: Decimal128
    }

    let row: BoardReport.Row
    let asOf: Timestamp
    let zone: Zone
    let currency: String?
    let profileCount: Int
    let totalRevenue: Decimal128
    let comments: [String]
    let definition: String
    /// Sizes at instants of equal distance, the last one being `asOf`.
    let history: [(instant: Timestamp, size: Int)]
    let metrics: [MetricRow]
    let overlaps: [(name: String, count: Int, size: Int)]
    let members: [Member]
}

extension SegmentReport {
    func text(width: Int?, style: Style) -> String {
        let sections = [
            headline(style), plot(style), metricTable(width, style), overlapTable(style), memberTable(width, style),
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func headline(_ style: Style) -> String {
        var lines = [
            style.strong(row.name) + (row.title.map { "  \"\(printable($0))\"" } ?? "") + "  "
                + style.dim("segments/\(row.file)")
        ]
        lines += comments.map { "  " + style.dim(printable($0)) }
        lines.append("")
        lines += definition.split(separator: "\n").map { "  " + printable(String($0)) }
        lines.append("")
        lines.append(
            "\(style.strong(grouped(row.size))) of \(counted(profileCount, "profile")) "
                + "(\(percentage(row.size, of: profileCount))) as of \(spokenInstant(asOf, in: zone))")
        let currency = currency.map { " \($0)" } ?? ""
        lines.append(
            "net revenue \(groupedDecimal("\(row.revenue)", places: 2))\(currency)\(revenueShare) "
                + "from \(groupedDecimal("\(row.orders)")) net orders")
        if let entered = row.entered, let left = row.left {
            lines.append("in the last 30 days \(grouped(entered)) came in and \(grouped(left)) left")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var revenueShare: String {
        guard totalRevenue > .zero, let share = row.revenue.divided(by: totalRevenue) else { return "" }
        return " (\(percentage(share.approximate)) of all)"
    }

    private func plot(_ style: Style) -> String {
        guard let first = history.first, let last = history.last else { return "" }
        let chart = ColumnChart(
            values: history.map(\.size), firstLabel: spokenDay(zone.day(of: first.instant)),
            lastLabel: spokenDay(zone.day(of: last.instant)), columnWidth: 3)
        let text = chart.text(indent: 2, style: style)
        return text.isEmpty ? "" : "Size over the last year\n" + text
    }

    private func metricTable(_ width: Int?, _ style: Style) -> String {
        var table = Table([.text("metric"), .text("", flexible: true), .number("members"), .number("everybody")])
        for metric in metrics {
            table.append([
                Table.Cell(metric.name), Table.Cell(metric.title ?? "", .dim),
                Table.Cell(metric.spoken(metric.members)),
                Table.Cell(metric.spoken(metric.everybody)),
            ])
        }
        return metrics.isEmpty
            ? "" : "Averages over those who have the metric\n" + table.text(width: width, indent: 2, style: style)
    }

    private func overlapTable(_ style: Style) -> String {
        var table = Table([.text("also in"), .number("members"), .number("share"), .text("")])
        for overlap in overlaps {
            let share = row.size > 0 ? Double(overlap.count) / Double(row.size) : 0
            table.append([
                Table.Cell(overlap.name), Table.Cell(grouped(overlap.count)),
                Table.Cell(percentage(overlap.count, of: row.size)), Table.Cell(bar(share, width: 20), .accent),
            ])
        }
        return table.text(indent: 2, style: style)
    }

    private func memberTable(_ width: Int?, _ style: Style) -> String {
        var table = Table([
            .text("member"), .text("e-mail", flexible: true), .number("net orders"), .number("net revenue"),
        ])
        for member in members {
            table.append([
                Table.Cell(member.id), Table.Cell(member.email ?? ""), Table.Cell(groupedDecimal("\(member.orders)")),
                Table.Cell(groupedDecimal("\(member.revenue)", places: 2)),
            ])
        }
        let rest = row.size > members.count ? "  \"shoal members \(row.name)\" lists all \(grouped(row.size))\n" : ""
        return table.text(width: width, indent: 2, style: style) + rest
    }

    var json: JSONValue {
        .object([
            ("name", .text(row.name)),
            ("title", row.title.map { .text($0) }),
            ("file", .text(row.file)),
            ("description", .array(comments.map { .text($0) })),
            ("definition", .text(definition)),
            ("asOf", .time(asOf)),
            ("currency", currency.map { .text($0) }),
            ("profiles", .count(profileCount)),
            ("size", .count(row.size)),
            ("share", .share(row.size, of: profileCount)),
            ("netOrders", .number(row.orders)),
            ("netRevenue", .number(row.revenue)),
            ("entered", row.entered.map { .count($0) }),
            ("left", row.left.map { .count($0) }),
            ("history", .array(history.map { .object([("time", .time($0.instant)), ("size", .count($0.size))]) })),
            ("metrics", .array(metrics.map(\.json))),
            (
                "overlaps",
                .array(
                    overlaps.map {
                        .object([("name", .text($0.name)), ("both", .count($0.count)), ("size", .count($0.size))])
                    })
            ),
            ("sample", .array(members.map(\.json))),
        ])
    }
}

extension SegmentReport.MetricRow {
    fileprivate func spoken(_ average: Decimal128?) -> String {
        guard let average else { return "–" }
        guard isDuration else { return groupedDecimal("\(average)", places: 2) }
        let milliseconds = average.multiplied(by: 1000)?.floorToInt()
        return milliseconds.map { spokenDuration(milliseconds: Int64($0)) } ?? "–"
    }

    fileprivate var json: JSONValue {
        .object([
            ("name", .text(name)), ("title", title.map { .text($0) }),
            ("members", members.map { .number($0) }), ("everybody", everybody.map { .number($0) }),
        ])
    }
}

extension SegmentReport.Member {
    fileprivate var json: JSONValue {
        .object([
            ("id", .text(id)), ("email", email.map { .text($0) }), ("netOrders", .number(orders)),
            ("netRevenue", .number(revenue)),
        ])
    }
}
