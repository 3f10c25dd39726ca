import Analytics
import EventModel
import SegmentLanguage

/// A funnel as people and programs read it.
struct FunnelReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    let funnel: FunnelQuery
    let reached: [Int]
    let segment: String?

    private var within: String { Printer.text(of: SegmentLanguage.Value(.duration(funnel.within))) }

    private func title(_ step: Int) -> String {
        let query = funnel.steps[step]
        if case .named(let name) = query.events, query.filter == nil { return name.string }
        return Printer.text(of: EventQuery(query.events, where: query.filter))
    }

    func text(width: Int?, style: Style) -> String {
        var text = "Funnel within \(within) of the first step, as of \(style.strong(spokenInstant(asOf, in: zone)))"
        if let window = funnel.steps[0].window { text += ", first step \(Printer.text(of: window))" }
        if let segment { text += ", members of \(printable(segment))" }
        text += "\n\n"
        var table = Table([
            .number(""), .text("step", flexible: true), .number("profiles"), .number("of all"),
            .number("of step before"),
            .text(""),
        ])
        for step in reached.indices {
            let share = reached[0] > 0 ? Double(reached[step]) / Double(reached[0]) : 0
            table.append([
                Table.Cell("\(step + 1)", .dim), Table.Cell(title(step), .strong), Table.Cell(grouped(reached[step])),
                Table.Cell(percentage(reached[step], of: reached[0])),
                Table.Cell(step == 0 ? "" : percentage(reached[step], of: reached[step - 1])),
                Table.Cell(bar(share, width: 24), .accent),
            ])
        }
        return text + table.text(width: width, style: style)
    }

    /// Who reached a step and not the next, as definitions.
    var definitions: String { Printer.text(of: reached.indices.compactMap(dropOff)) }

    private func dropOff(_ step: Int) -> Definition? {
        funnel.dropOff(after: step, named: Text("dropped_after_step_\(step + 1)"))
    }

    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("within", .number(Decimal128(scaled: funnel.within.milliseconds, exponent: -3))),
            ("segment", segment.map { .text($0) }),
            (
                "steps",
                .array(
                    reached.indices.map { step in
                        .object([
                            ("events", .text(Printer.text(of: funnel.steps[step]))),
                            ("profiles", .count(reached[step])),
                            ("shareOfFirst", .share(reached[step], of: reached[0])),
                            ("shareOfBefore", step == 0 ? nil : .share(reached[step], of: reached[step - 1])),
                            ("dropOff", dropOff(step).map { .text(Printer.text(of: $0)) }),
                        ])
                    })
            ),
        ])
    }
}
