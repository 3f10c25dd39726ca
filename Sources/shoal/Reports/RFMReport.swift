import Analytics
import EventModel
import SegmentEngine
import SegmentLanguage

/// An RFM grid as people and programs read it.
struct RFMReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    let currency: String?
    let query: RFMQuery
    let answer: RFMQuery.Answer
    let segment: String?

    private var revenueTitle: String { currency.map { "revenue, \($0)" } ?? "revenue" }

    func text(width: Int?, style: Style) -> String {
        var text =
            "RFM of \(style.strong(counted(answer.profiles, "profile"))) as of \(spokenInstant(asOf, in: zone))"
            + (segment.map { ", members of \(printable($0))" } ?? "") + "\n"
        let measures = RFMQuery.Measure.allCases.map { "\($0.rawValue): \(query.measures.metric($0))" }
        text += style.dim(printable(measures.joined(separator: ", "))) + "\n\n"
        guard answer.profiles > 0 else {
            return text + "Nobody has all three scores: the grid needs orders, and buyers to rank.\n"
        }
        text += grid.text(width: width, style: style)
        text += "\n" + scoreTable.text(width: width, style: style)
        if !answer.groups.isEmpty { text += "\n" + groupTable.text(width: width, style: style) }
        if answer.unscored > 0 {
            text += style.dim("\n\(counted(answer.unscored, "profile")) without all three measures left out\n")
        }
        return text
    }

    // MARK: - Tables

    /// Recency downwards from 5, frequency to the right: profiles, their share as a bar, and their revenue's share.
    private var grid: Table {
        var table = Table([.text("recency")] + (1...5).flatMap { [.number("frequency \($0)"), .text("")] })
        let most = (1...5).flatMap { recency in (1...5).map { profiles(recency, $0) } }.max() ?? 1
        for recency in (1...5).reversed() {
            table.append(
                [Table.Cell("\(recency)", .strong)]
                    + (1...5).flatMap { frequency in
                        let count = profiles(recency, frequency)
                        return [
                            Table.Cell(count > 0 ? grouped(count) : "·"),
                            Table.Cell(bar(Double(count) / Double(max(most, 1)), width: 4), .accent),
                        ]
                    })
            table.append(
                [Table.Cell("")]
                    + (1...5).flatMap { frequency -> [Table.Cell] in
                        let share = share(of: revenue(recency, frequency))
                        return [Table.Cell(profiles(recency, frequency) > 0 ? "\(share) rev." : "", .dim), ""]
                    })
        }
        return table
    }

    private func cells(_ recency: Int, _ frequency: Int) -> [RFMQuery.Cell] {
        answer.cells.filter { $0.recency == recency && $0.frequency == frequency }
    }

    private func profiles(_ recency: Int, _ frequency: Int) -> Int {
        cells(recency, frequency).reduce(0) { $0 + $1.profiles }
    }

    private func revenue(_ recency: Int, _ frequency: Int) -> Decimal128? {
        var sum = ExactSum()
        for cell in cells(recency, frequency) {
            guard let revenue = cell.revenue else { return nil }
            sum.add(revenue)
        }
        return sum.value()
    }

    private func share(of amount: Decimal128?) -> String {
        guard let amount, let all = answer.revenue, let share = amount.divided(by: all) else { return "–" }
        return percentage(share.approximate)
    }

    private var scoreTable: Table {
        var table = Table([
            .text("measure"), .number("score"), .number("profiles"), .number("from"), .number("to"),
            .number("average"),
        ])
        for score in answer.scores.sorted(by: { ($0.measure.place, -$0.score) < ($1.measure.place, -$1.score) }) {
            table.append([
                Table.Cell(score.score == 5 ? score.measure.rawValue : "", .strong), Table.Cell("\(score.score)"),
                Table.Cell(grouped(score.profiles)), Table.Cell(spoken(score.lowest)),
                Table.Cell(spoken(score.highest)),
                Table.Cell(spoken(score.average)),
            ])
        }
        return table
    }

    private func spoken(_ value: SegmentEngine.Value) -> String {
        switch value {
        case .number(let number): groupedDecimal(number.description, places: number.scaled(exponent: 0) != nil ? 0 : 2)
        case .time(let time): spokenDay(zone.day(of: time))
        case .duration(let length): length.floorToInt().map { spokenDuration(milliseconds: Int64($0)) } ?? "–"
        default: "–"
        }
    }

    private var groupTable: Table {
        var table = Table([
            .text("segment"), .text("title", flexible: true), .number("profiles"), .number("share"),
            .number(revenueTitle), .number("share"),
        ])
        for group in answer.groups {
            table.append([
                Table.Cell(group.name.string, .strong), Table.Cell(group.title?.string ?? ""),
                Table.Cell(grouped(group.profiles)), Table.Cell(percentage(group.profiles, of: answer.profiles)),
                Table.Cell(group.revenue.map { groupedDecimal($0.description, places: 2) } ?? "–"),
                Table.Cell(share(of: group.revenue)),
            ])
        }
        return table
    }
}

extension RFMQuery.Measure {
    fileprivate var place: Int {
        switch self {
        case .recency: 0
        case .frequency: 1
        case .monetary: 2
        }
    }
}

extension RFMReport {
    var json: JSONValue {
        let measures = query.measures
        return .object([
            ("asOf", .time(asOf)),
            ("recency", .string(measures.recency)),
            ("frequency", .string(measures.frequency)),
            ("monetary", .string(measures.monetary)),
            ("of", measures.population.map { .string($0) }),
            ("segment", segment.map { .text($0) }),
            ("profiles", .count(answer.profiles)),
            ("unscored", .count(answer.unscored)),
            ("revenue", .amount(answer.revenue)),
            ("definitions", measures.own.isEmpty ? nil : .text(Printer.text(of: measures.own))),
            ("cells", .array(answer.cells.map(cell))),
            (
                "scores",
                .array(
                    answer.scores.map { score in
                        .object([
                            ("measure", .text(score.measure.rawValue)), ("score", .count(score.score)),
                            ("profiles", .count(score.profiles)), ("lowest", score.lowest.json ?? .null),
                            ("highest", score.highest.json ?? .null), ("average", score.average.json ?? .null),
                        ])
                    })
            ),
            (
                "groups",
                .array(
                    answer.groups.map { group in
                        .object([
                            ("name", .string(group.name)), ("title", group.title.map { .string($0) }),
                            ("profiles", .count(group.profiles)),
                            ("share", .share(group.profiles, of: answer.profiles)),
                            ("revenue", .amount(group.revenue)),
                            ("revenueShare", .share(group.revenue, of: answer.revenue)),
                        ])
                    })
            ),
        ])
    }

    private func cell(_ cell: RFMQuery.Cell) -> JSONValue {
        let definition = query.definitions(
            recency: cell.recency, frequency: cell.frequency, monetary: cell.monetary,
            named: Text("rfm_cell_\(cell.name)")
        ).last
        return .object([
            ("cell", .text(cell.name)), ("recency", .count(cell.recency)), ("frequency", .count(cell.frequency)),
            ("monetary", .count(cell.monetary)), ("profiles", .count(cell.profiles)),
            ("share", .share(cell.profiles, of: answer.profiles)),
            ("revenue", .amount(cell.revenue)), ("revenueShare", .share(cell.revenue, of: answer.revenue)),
            ("definition", definition.map { .text(Printer.text(of: $0)) }),
        ])
    }
}
