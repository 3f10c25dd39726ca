import Analytics
import EventModel

/// The most frequent values, as people and programs read them.
struct TopReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    /// As they were asked for.
    let values: String
    let per: String?
    let lists: [TopQuery.List]
    let segment: String?

    func text(width: Int?, style: Style) -> String {
        var text =
            "Most frequent \(style.strong(printable(values))), as of \(spokenInstant(asOf, in: zone))"
            + (segment.map { ", members of \(printable($0))" } ?? "") + "\n\n"
        guard !lists.isEmpty else { return text + "No event has such a value.\n" }
        var table = Table(
            (per.map { [.text($0)] } ?? []) + [
                .text("value", flexible: true), .number("events"), .number("share"), .text(""),
            ])
        for list in lists {
            for (index, entry) in list.entries.enumerated() {
                let head = per == nil ? [] : [Table.Cell(index == 0 ? list.group?.string ?? "" : "", .strong)]
                let most = list.entries.first?.count ?? 1
                table.append(
                    head + [
                        Table.Cell(entry.value.string), Table.Cell(grouped(entry.count)),
                        Table.Cell(percentage(entry.count, of: list.total)),
                        Table.Cell(bar(Double(entry.count) / Double(max(most, 1)), width: 16), .accent),
                    ])
            }
        }
        text += table.text(width: width, style: style)
        guard per == nil, let list = lists.first else { return text }
        return text + style.dim("\(counted(list.distinct, "value")) in \(counted(list.total, "event"))\n")
    }

    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("values", .text(values)),
            ("per", per.map { .text($0) }),
            ("segment", segment.map { .text($0) }),
            (
                "lists",
                .array(
                    lists.map { list in
                        .object([
                            ("group", list.group.map { .string($0) }),
                            ("distinct", .count(list.distinct)),
                            ("events", .count(list.total)),
                            (
                                "entries",
                                .array(
                                    list.entries.map {
                                        .object([("value", .string($0.value)), ("events", .count($0.count))])
                                    })
                            ),
                        ])
                    })
            ),
        ])
    }
}
