import Analytics
import EventModel

/// Figures over time, as people and programs read them.
struct TrendReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    /// As they were asked for, one a series.
    let names: [String]
    let answer: TrendQuery.Answer
    let segment: String?

    /// So many periods fit a screen; JSON has all.
    private static let shownPeriods = 31

    func text(width: Int?, style: Style) -> String {
        var text =
            "By \(answer.unit.rawValue), as of \(style.strong(spokenInstant(asOf, in: zone)))"
            + (segment.map { ", members of \(printable($0))" } ?? "") + "\n\n"
        let shown = answer.points.suffix(Self.shownPeriods)
        guard let first = shown.first, let last = shown.last else { return text + "Nothing happened in that time.\n" }
        let chart = ColumnChart(
            values: shown.map { point in Int(min(max(0, point.values[0]?.approximate ?? 0), 1e15).rounded()) },
            firstLabel: spokenDay(first.firstDay), lastLabel: spokenDay(last.firstDay)
        ).text(indent: 2, style: style)
        if !chart.isEmpty { text += "\(printable(names[0]))\n" + chart + "\n" }
        var table = Table([.text(answer.unit.rawValue)] + names.map { .number($0) })
        for point in shown {
            let cells = point.values.map { value in
                Table.Cell(value.map { groupedDecimal($0.description, places: $0.isWhole ? nil : 2) } ?? "–")
            }
            table.append([Table.Cell(point.firstDay.iso)] + cells)
        }
        text += table.text(width: width, style: style)
        let hidden = answer.points.count - shown.count
        return hidden > 0
            ? text + style.dim("\(counted(hidden, "earlier \(answer.unit.rawValue)")) left out; --json has all\n")
            : text
    }

    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("by", .text(answer.unit.rawValue)),
            ("segment", segment.map { .text($0) }),
            ("measures", .array(names.map { .text($0) })),
            (
                "points",
                .array(
                    answer.points.map { point in
                        .object([
                            ("from", .text(point.firstDay.iso)),
                            ("values", .array(point.values.map { $0.map { .number($0) } ?? .null })),
                        ])
                    })
            ),
        ])
    }
}

extension Decimal128 {
    fileprivate var isWhole: Bool { scaled(exponent: 0) != nil }
}
