import Analytics
import EventModel
import SegmentLanguage

/// Paths as a tree that people and programs read.
struct PathsReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    let query: PathsQuery
    let answer: PathsQuery.Answer
    let segment: String?

    private var start: String {
        if case .named(let name) = query.start.events, query.start.filter == nil { return name.string }
        return Printer.text(of: EventQuery(query.start.events, where: query.start.filter))
    }

    private var scope: String {
        switch query.scope {
        case .visit: "within its visit"
        case .within(let length): "within \(Printer.text(of: SegmentLanguage.Value(.duration(length))))"
        }
    }

    func text(width: Int?, style: Style) -> String {
        var text =
            "Paths \(query.direction.rawValue) \(style.strong(printable(start))) \(scope), "
            + "as of \(spokenInstant(asOf, in: zone))" + (segment.map { ", members of \(printable($0))" } ?? "")
        if let window = query.start.window { text += ", \(Printer.text(of: window))" }
        text += "\n\n"
        let root = answer.root
        if root.count > 0 {
            var table = Table([.text("step", flexible: true), .number("paths"), .number("share"), .text("")])
            table.append([Table.Cell(start, .strong), Table.Cell(grouped(root.count)), "", ""])
            append(root, level: 0, indent: "", to: &table)
            text += table.text(width: width, style: style)
            text += style.dim("\(counted(root.count, "path")) of \(counted(answer.profiles, "profile"))\n")
        } else {
            text += "No path starts there in that time.\n"
        }
        guard answer.outsideVisits > 0 else { return text }
        return text
            + style.dim(
                "\(counted(answer.outsideVisits, "such event")) outside any visit left out; --within counts them too\n")
    }

    /// The branches of a node, its ends among them by their number, each with its own below it.
    ///
    /// Where paths are followed no further, and where others are gathered, the ends are not told.
    private func append(_ node: PathsQuery.Node, level: Int, indent: String, to table: inout Table) {
        var lines: [(title: String, count: Int, node: PathsQuery.Node?)] = node.next.map { next in
            (title(next), next.count, next)
        }
        if node.ended > 0, level < query.depth, node.gathered == 0 {
            let place = lines.firstIndex { $0.count < node.ended || $0.node?.event == nil } ?? lines.count
            lines.insert(("(end)", node.ended, nil), at: place)
        }
        for (index, line) in lines.enumerated() {
            let isLast = index == lines.count - 1
            let share = Double(line.count) / Double(max(node.count, 1))
            table.append([
                Table.Cell(indent + (isLast ? "└ " : "├ ") + line.title, line.node?.event == nil ? .dim : .plain),
                Table.Cell(grouped(line.count)), Table.Cell(percentage(share)),
                Table.Cell(bar(share, width: 16), .accent),
            ])
            if let next = line.node {
                append(next, level: level + 1, indent: indent + (isLast ? "  " : "│ "), to: &table)
            }
        }
    }

    private func title(_ node: PathsQuery.Node) -> String {
        guard let event = node.event else { return "(other, \(counted(node.gathered, "kind")))" }
        return node.value.map { "\(event) \($0)" } ?? event.string
    }

    // MARK: - JSON

    var json: JSONValue {
        let length: DurationLiteral? = if case .within(let length) = query.scope { length } else { nil }
        return .object([
            ("asOf", .time(asOf)),
            ("direction", .text(query.direction.rawValue)),
            ("start", .text(Printer.text(of: query.start))),
            ("steps", .text(Printer.text(of: query.steps))),
            ("within", length.map { .number(Decimal128(scaled: $0.milliseconds, exponent: -3)) }),
            ("property", query.property.map { .text(Printer.text(of: SegmentLanguage.Value(.property($0)))) }),
            ("segment", segment.map { .text($0) }),
            ("profiles", .count(answer.profiles)),
            ("outsideVisits", .count(answer.outsideVisits)),
            ("paths", .count(answer.root.count)),
            ("ended", .count(answer.root.ended)),
            ("next", .array(answer.root.next.map { json($0, of: answer.root.count) })),
        ])
    }

    private func json(_ node: PathsQuery.Node, of whole: Int) -> JSONValue {
        .object([
            ("event", node.event.map { .string($0) } ?? .null), ("value", node.value.map { .string($0) }),
            ("gathered", node.gathered > 0 ? .count(node.gathered) : nil), ("paths", .count(node.count)),
            ("share", .share(node.count, of: whole)), ("ended", .count(node.ended)),
            ("next", .array(node.next.map { json($0, of: node.count) })),
        ])
    }
}
