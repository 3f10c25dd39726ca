import EventModel

/// The segment board: a line a segment.
struct BoardReport: Sendable {
    struct Row: Sendable {
        let name: String
        let title: String?
        /// The definition file, relative to the folder of definitions.
        let file: String
        /// It is there for other definitions only; the table leaves it out unless all are wanted.
        let isHelper: Bool
        let size: Int
        /// Orders and revenue of the members, net of cancellations and refunds, over all their history.
        let orders: Decimal128
        let revenue: Decimal128
        /// Sizes at the instants of `trendInstants`; empty when no trend was asked for.
        let trend: [Int]
        /// Profiles that are members now and were not at the first of these instants, and the other way round.
        let entered: Int?
        let left: Int?
    }

    let asOf: Timestamp
    let zone: Zone
    let currency: String?
    let profileCount: Int
    let trendInstants: [Timestamp]
    let rows: [Row]
    let broken: [BrokenFile]
}

extension BoardReport {
    /// - Parameter showsHelpers: whether segments that are there for other definitions only are lines too.
    func text(width: Int?, style: Style, showsHelpers: Bool = false) -> String {
        let instant = style.strong(spokenInstant(asOf, in: zone))
        var text = "Segments of \(counted(profileCount, "profile")) as of \(instant)\n\n"
        if rows.isEmpty {
            text += "There is no segment yet. Write one into the folder \"segments\" of the data directory.\n"
        }
        let shown = rows.filter { showsHelpers || !$0.isHelper }
        text += table(of: shown).text(width: width, style: style)
        let hidden = rows.count - shown.count
        if hidden > 0 {
            text += "\n" + style.dim("\(counted(hidden, "more helper")) of other definitions; --all shows them") + "\n"
        }
        return text + broken.map { "\n" + $0.text(style: style) }.joined()
    }

    private func table(of rows: [Row]) -> Table {
        let hasTrend = !trendInstants.isEmpty
        var columns: [Table.Column] = [
            .text("segment"), .text("title", flexible: true), .number("size"), .number("share"), .number("orders"),
            .number(currency.map { "revenue, \($0)" } ?? "revenue"),
        ]
        if hasTrend { columns += [.text("last 30 days"), .text("in, out")] }
        var table = Table(columns)
        for (index, row) in rows.enumerated() {
            if isGrouped(rows), index == 0 || rows[index - 1].file != row.file {
                if index > 0 { table.append([]) }
                table.append([Table.Cell(row.file, .dim)])
            }
            let trend = hasTrend ? [Table.Cell(sparkline(row.trend), .accent), Table.Cell(row.changeText)] : []
            table.append(
                [
                    Table.Cell(row.name, .strong), Table.Cell(row.title ?? ""), Table.Cell(grouped(row.size)),
                    Table.Cell(percentage(row.size, of: profileCount)), Table.Cell(groupedDecimal("\(row.orders)")),
                    Table.Cell(groupedDecimal("\(row.revenue)", places: 2)),
                ] + trend)
        }
        return table
    }

    /// Lines stand under the names of their files when they come in that order.
    private func isGrouped(_ rows: [Row]) -> Bool {
        let changes = zip(rows, rows.dropFirst()).count { $0.file != $1.file }
        return changes > 0 && changes + 1 == Set(rows.map(\.file)).count
    }

    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("currency", currency.map { .text($0) }),
            ("profiles", .count(profileCount)),
            ("trendInstants", .array(trendInstants.map { .time($0) })),
            ("segments", .array(rows.map { $0.json(of: profileCount) })),
            ("broken", .array(broken.map(\.json))),
        ])
    }
}

extension BoardReport.Row {
    fileprivate var changeText: String {
        guard let entered, let left else { return "" }
        if entered == 0, left == 0 { return "" }
        return "+\(grouped(entered)) −\(grouped(left))"
    }

    fileprivate func json(of profileCount: Int) -> JSONValue {
        .object([
            ("name", .text(name)),
            ("title", title.map { .text($0) }),
            ("file", .text(file)),
            ("helper", isHelper ? .bool(true) : nil),
            ("size", .count(size)),
            ("share", .share(size, of: profileCount)),
            ("netOrders", .number(orders)),
            ("netRevenue", .number(revenue)),
            ("trend", trend.isEmpty ? nil : .array(trend.map { .count($0) })),
            ("entered", entered.map { .count($0) }),
            ("left", left.map { .count($0) }),
        ])
    }
}
