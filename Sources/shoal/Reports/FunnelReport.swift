import Analytics
import EventModel
import SegmentLanguage

/// A funnel as people and programs read it.
struct FunnelReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    let funnel: FunnelQuery
    let answer: FunnelQuery.Answer
    let segment: String?

    private var within: String { Printer.text(of: SegmentLanguage.Value(.duration(funnel.within))) }

    private func title(_ step: Int) -> String {
        let query = funnel.steps[step]
        if case .named(let name) = query.events, query.filter == nil { return name.string }
        return Printer.text(of: EventQuery(query.events, where: query.filter))
    }

    func text(width: Int?, style: Style) -> String {
        var text = "Funnel within \(within) of the first step, as of \(style.strong(spokenInstant(asOf, in: zone)))"
        if funnel.order == .loose { text += ", later steps in any order" }
        if let window = funnel.steps[0].window { text += ", first step \(Printer.text(of: window))" }
        if let segment { text += ", members of \(printable(segment))" }
        text += "\n\n" + stepTable.text(width: width, style: style)
        if !answer.groups.isEmpty { text += "\n" + groupTable.text(width: width, style: style) }
        return text
    }

    // MARK: - Tables

    private var stepTable: Table {
        let reached = answer.reached
        let hasTimes = !answer.times.isEmpty
        var columns: [Table.Column] = [
            .number(""), .text("step", flexible: true), .number("profiles"), .number("of all"),
            .number("of step before"), .text(""),
        ]
        // In loose order there is no step before to count from.
        let since = funnel.order == .loose ? "from first" : "from before"
        if hasTimes { columns += [.number("median \(since)"), .number("90 %")] }
        var table = Table(columns)
        for step in reached.indices {
            let share = reached[0] > 0 ? Double(reached[step]) / Double(reached[0]) : 0
            var cells: [Table.Cell] = [
                Table.Cell("\(step + 1)", .dim), Table.Cell(title(step), .strong), Table.Cell(grouped(reached[step])),
                Table.Cell(percentage(reached[step], of: reached[0])),
                Table.Cell(step == 0 ? "" : percentage(reached[step], of: reached[step - 1])),
                Table.Cell(bar(share, width: 24), .accent),
            ]
            if hasTimes, step > 0 {
                let times = answer.times[step - 1]
                cells += spoken(funnel.order == .loose ? times.fromFirst : times.fromBefore)
            }
            table.append(cells)
        }
        return table
    }

    private func spoken(_ spread: FunnelQuery.Spread?) -> [Table.Cell] {
        guard let spread else { return ["–", "–"] }
        return [
            Table.Cell(spokenDuration(milliseconds: spread.median)),
            Table.Cell(spokenDuration(milliseconds: spread.p90), .dim),
        ]
    }

    /// A line for each group: how many began, how many of them reached each step.
    private var groupTable: Table {
        let steps = funnel.steps.count
        var table = Table(
            [.text(groupTitle, flexible: true), .number("profiles")]
                + (1..<max(steps, 1)).map { .number("step \($0 + 1)") }
                + [.text("")])
        for group in answer.groups {
            let share = group.reached[0] > 0 ? Double(group.reached[steps - 1]) / Double(group.reached[0]) : 0
            table.append(
                [Table.Cell(group.kind.title, .strong), Table.Cell(grouped(group.reached[0]))]
                    + group.reached.dropFirst().map { Table.Cell(percentage($0, of: group.reached[0])) }
                    + [Table.Cell(bar(share, width: 16), .accent)])
        }
        return table
    }

    private var groupTitle: String {
        if case .value(let path, _) = answer.groups.first?.kind {
            Printer.text(of: SegmentLanguage.Value(.property(path)))
        } else {
            "segment"
        }
    }

    // MARK: - Definitions

    /// Who reached a step and not the next, as definitions.
    var definitions: String { Printer.text(of: answer.reached.indices.compactMap { dropOff($0) }) }

    private func dropOff(_ step: Int, in group: FunnelQuery.Group.Kind? = nil) -> Definition? {
        funnel.dropOff(after: step, in: group, named: Text("dropped_after_step_\(step + 1)"))
    }

    // MARK: - JSON

    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("within", .number(Decimal128(scaled: funnel.within.milliseconds, exponent: -3))),
            ("order", .text(funnel.order.rawValue)),
            ("segment", segment.map { .text($0) }),
            ("steps", steps(answer.reached, answer.times)),
            (
                "groups",
                answer.groups.isEmpty
                    ? nil
                    : .array(
                        answer.groups.map { group in
                            .object([
                                ("name", group.kind.json),
                                ("steps", steps(group.reached, group.times, in: group.kind)),
                            ])
                        })
            ),
        ])
    }

    private func steps(
        _ reached: [Int], _ times: [FunnelQuery.StepTimes], in group: FunnelQuery.Group.Kind? = nil
    ) -> JSONValue {
        .array(
            reached.indices.map { step in
                let spread = step > 0 && step <= times.count ? times[step - 1] : nil
                return .object([
                    ("events", .text(Printer.text(of: funnel.steps[step]))),
                    ("profiles", .count(reached[step])),
                    ("shareOfFirst", .share(reached[step], of: reached[0])),
                    ("shareOfBefore", step == 0 ? nil : .share(reached[step], of: reached[step - 1])),
                    ("secondsFromBefore", spread?.fromBefore?.json),
                    ("secondsFromFirst", spread?.fromFirst?.json),
                    ("dropOff", dropOff(step, in: group).map { .text(Printer.text(of: $0)) }),
                ])
            })
    }
}

extension FunnelQuery.Group.Kind {
    fileprivate var title: String {
        switch self {
        case .segment(let name): name.string
        case .others: "(none of them)"
        case .value(_, let value): value.string
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .segment(let name): .string(name)
        case .others: .null
        case .value(_, let value): .string(value)
        }
    }
}

extension FunnelQuery.Spread {
    fileprivate var json: JSONValue {
        .object([
            ("median", .number(Decimal128(scaled: median, exponent: -3))),
            ("p90", .number(Decimal128(scaled: p90, exponent: -3))),
        ])
    }
}
