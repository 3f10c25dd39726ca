import Analytics
import EventModel
import SegmentLanguage

/// Cohorts and who of them came back, as people and programs read it.
struct RetentionReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    let query: RetentionQuery
    let cohorts: [RetentionQuery.Cohort]
    let segment: String?

    /// So many cohorts and periods fit a screen; JSON has all.
    private static let shownCohorts = 16
    private static let shownPeriods = 12

    func text(width: Int?, style: Style) -> String {
        let first = Printer.text(of: query.first)
        let returning = Printer.text(of: query.returning)
        var text =
            "Retention by \(query.unit.rawValue), as of \(style.strong(spokenInstant(asOf, in: zone)))"
            + (segment.map { ", members of \(printable($0))" } ?? "") + "\n"
        text += "first: \(printable(first)), returning: \(printable(returning))"
        text += query.kind == .rolling ? ", in that \(query.unit.rawValue) or later\n\n" : "\n\n"
        guard !cohorts.isEmpty else { return text + "Nobody began in that time.\n" }
        let shown = cohorts.suffix(Self.shownCohorts)
        let periods = min(Self.shownPeriods, shown.map(\.active.count).max() ?? 0)
        var table = Table(
            [.text(query.unit.rawValue), .number("profiles")] + (0..<periods).map { .number("+\($0)") })
        for cohort in shown {
            let cells = cohort.active.prefix(periods).map { Table.Cell(wholePercent($0, of: cohort.size)) }
            table.append([Table.Cell(cohort.firstDay.iso), Table.Cell(grouped(cohort.size), .strong)] + cells)
        }
        table.append(
            [Table.Cell("all", .dim), Table.Cell(grouped(cohorts.reduce(0) { $0 + $1.size }), .dim)] + overall(periods))
        text += table.text(width: width, style: style)
        let hidden = cohorts.count - shown.count
        return hidden > 0 ? text + style.dim("\(counted(hidden, "earlier cohort")) left out; --json has all\n") : text
    }

    /// Of all cohorts that are old enough, the last period that is not over left out of each.
    private func overall(_ periods: Int) -> [Table.Cell] {
        (0..<periods).map { offset in
            let old = cohorts.filter { $0.active.count > offset + 1 }
            return Table.Cell(
                wholePercent(old.reduce(0) { $0 + $1.active[offset] }, of: old.reduce(0) { $0 + $1.size }), .dim)
        }
    }

    private func wholePercent(_ part: Int, of whole: Int) -> String {
        whole > 0 ? "\(Int((Double(part) / Double(whole) * 100).rounded())) %" : ""
    }

    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("by", .text(query.unit.rawValue)),
            ("kind", .text(query.kind.rawValue)),
            ("first", .text(Printer.text(of: query.first))),
            ("returning", .text(Printer.text(of: query.returning))),
            ("segment", segment.map { .text($0) }),
            (
                "cohorts",
                .array(
                    cohorts.map { cohort in
                        .object([
                            ("from", .text(cohort.firstDay.iso)), ("profiles", .count(cohort.size)),
                            ("active", .array(cohort.active.map { .count($0) })),
                            ("shares", .array(cohort.active.map { .share($0, of: cohort.size) })),
                        ])
                    })
            ),
        ])
    }
}
