import Connectors
import EventModel

/// What an import of one file did.
struct ImportReport: Sendable {
    let summary: ImportSummary

    func text(style: Style) -> String {
        var lines = [headline(style)]
        var table = Table([.text(""), .number(""), .text("")])
        row("stored", summary.taken, events, into: &table)
        row("there already", summary.duplicates, "", into: &table)
        row("products", summary.products, unchangedProducts, into: &table)
        row("passed over", summary.passedOver.values.reduce(0, +), reasons(summary.passedOver), into: &table)
        if summary.rejectedRows > 0 {
            table.append([
                Table.Cell("rejected", .bad), Table.Cell(grouped(summary.rejectedRows)),
                Table.Cell(reasons(summary.rejected)),
            ])
        }
        row("changed", summary.warnings.values.reduce(0, +), reasons(summary.warnings), into: &table)
        lines.append(String(table.text(indent: 2, style: style).dropLast()))
        lines.append("  " + whole)
        if let rejects = summary.rejectsPath, summary.rejectedRows > 0 {
            lines.append("  the rejected rows, with line and reason: \(printable(rejects))")
        }
        return lines.filter { !$0.trimmingBlanks.isEmpty }.joined(separator: "\n") + "\n"
    }

    private func headline(_ style: Style) -> String {
        let seconds = Double(max(1, summary.milliseconds)) / 1000
        let rows = grouped(Int((Double(summary.rows) / seconds).rounded()))
        let bytes = byteSize(Int((Double(summary.bytes) / seconds).rounded()))
        let time = spokenDuration(milliseconds: summary.milliseconds)
        return style.strong(printable(summary.path))
            + ": \(summary.format), \(counted(summary.rows, "row")) in \(time) "
            + style.dim("(\(rows) rows/s, \(bytes)/s)")
    }

    private var events: String {
        summary.takenByEvent.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
            .map { "\($0.key == "$identify" ? "traits" : $0.key.string) \(grouped($0.value))" }.joined(separator: ", ")
            + (summary.takenByEvent.count > 5 ? ", …" : "")
    }

    private var unchangedProducts: String {
        summary.productsUnchanged > 0 ? "\(grouped(summary.productsUnchanged)) unchanged" : ""
    }

    private var whole: String {
        guard summary.profiles > 0 else { return "" }
        var parts = ["the file names \(counted(summary.profiles, "id"))"]
        if summary.orders > 0 { parts.append(counted(summary.orders, "order")) }
        if let revenue = summary.revenue { parts.append("revenue \(groupedDecimal("\(revenue)", places: 2))") }
        return parts.joined(separator: ", ")
    }

    private func row(_ label: String, _ count: Int, _ detail: String, into table: inout Table) {
        guard count > 0 || !detail.isEmpty || (label == "stored" && summary.products == 0) else { return }
        table.append([Table.Cell(label), Table.Cell(grouped(count)), Table.Cell(detail, .dim)])
    }

    private func reasons(_ counts: [Text: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \(grouped($0.value))" }.joined(separator: ", ")
    }

    var json: JSONValue { summary.json }

    /// Why the file broke off, if it did.
    var outcomeError: ImportError? {
        if case .failed(let error) = summary.outcome { error } else { nil }
    }

    var isInterrupted: Bool {
        if case .interrupted = summary.outcome { true } else { false }
    }
}

extension String {
    fileprivate var trimmingBlanks: Substring { drop { $0 == " " } }
}
