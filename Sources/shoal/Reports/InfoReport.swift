import EventModel
import EventStore
import SegmentLanguage

/// What a data directory holds and how it is kept.
struct InfoReport: Sendable {
    let info: StoreInfo
    let library: DefinitionLibrary

    func text(width: Int?, style: Style) -> String {
        var table = Table([.text(""), .text("", flexible: true)])
        for (label, value) in facts { table.append([Table.Cell(label, .dim), Table.Cell(value)]) }
        var text = style.strong(printable(info.directory)) + "\n" + table.text(width: width, indent: 2, style: style)
        var events = Table([.text("event"), .number("count")])
        for event in info.eventNames.prefix(15) {
            events.append([Table.Cell(event.name.string), Table.Cell(grouped(event.rows))])
        }
        text += "\n" + events.text(width: width, indent: 2, style: style)
        if info.eventNames.count > 15 { text += "  and \(counted(info.eventNames.count - 15, "other event name"))\n" }
        for problem in problems { text += "\n" + style.text("warning:", .warning) + " \(printable(problem))\n" }
        return text + library.broken.map { "\n" + $0.text(style: style) }.joined()
    }

    private var zone: Zone { Zone(identifier: info.zone) ?? .utc }

    private var facts: [(String, String)] {
        var facts = [
            ("profiles", grouped(info.profiles)),
            (
                "messages",
                "\(grouped(info.messages)): \(counted(info.events, "event")), \(counted(info.identifies, "set", "sets")) of traits"
            ),
        ]
        if let first = info.firstTime, let last = info.lastTime {
            facts.append(("from, to", "\(spokenInstant(first, in: zone)), \(spokenInstant(last, in: zone))"))
        }
        facts += [
            ("products", grouped(info.products)),
            ("zone", info.zone),
            ("base currency", info.baseCurrency?.string ?? "none: amounts stay as they came"),
            ("definitions", definitions),
            ("sources", info.sources.map(\.string).joined(separator: ", ")),
            (
                "offered",
                "\(grouped(info.counters.offered)) messages: \(grouped(info.counters.stored)) stored, "
                    + "\(grouped(info.counters.duplicates)) there already, \(grouped(info.counters.rejected)) rejected"
            ),
            (
                "on disk",
                "\(byteSize(info.partBytes)) in \(counted(info.parts, "part")), "
                    + "\(byteSize(info.originalBytesStored)) of it the originals; \(byteSize(info.databaseBytes)) in shoal.db"
            ),
        ]
        if let bytes = info.bytesPerEvent, let beside = info.bytesPerEventBesideOriginals {
            facts.append(("a message takes", "\(tenths(bytes)) bytes, \(tenths(beside)) without its original"))
        }
        facts.append(("in the journal", counted(info.messagesInJournal, "message")))
        facts.append(("format, SQLite", "\(info.format), \(info.sqliteVersion)"))
        return facts.filter { !$0.1.isEmpty }
    }

    private var definitions: String {
        let program = library.program
        let files = counted(library.working.count, "file")
        return
            "\(counted(program.segments.count, "segment")) and \(counted(program.metrics.count, "metric")) in \(files)"
    }

    private var problems: [String] {
        info.unreadableParts.map { "\($0)" } + (info.maintenanceFailure.map { ["\($0)"] } ?? [])
    }

    private func tenths(_ amount: Double) -> String {
        guard amount.isFinite, amount.magnitude < 1e12 else { return "–" }
        let tenths = Int((amount * 10).rounded())
        return "\(grouped(tenths / 10)).\(tenths % 10)"
    }

    var json: JSONValue {
        .object([
            ("directory", .text(info.directory)),
            ("workspace", .text(info.workspace)),
            ("format", .count(info.format)),
            ("zone", .text(info.zone)),
            ("baseCurrency", info.baseCurrency.map { .string($0) }),
            ("profiles", .count(info.profiles)),
            ("identifiers", .count(info.identifiers)),
            ("messages", .count(info.messages)),
            ("events", .count(info.events)),
            ("identifies", .count(info.identifies)),
            ("products", .count(info.products)),
            ("firstTime", info.firstTime.map { .time($0) }),
            ("lastTime", info.lastTime.map { .time($0) }),
            ("watermark", info.watermark.map { .time($0) }),
            ("offered", .count(info.counters.offered)),
            ("stored", .count(info.counters.stored)),
            ("duplicates", .count(info.counters.duplicates)),
            ("rejected", .count(info.counters.rejected)),
            ("parts", .count(info.parts)),
            ("partBytes", .count(info.partBytes)),
            ("originalBytesStored", .count(info.originalBytesStored)),
            ("originalBytes", .count(info.originalBytes)),
            ("databaseBytes", .count(info.databaseBytes)),
            ("messagesInJournal", .count(info.messagesInJournal)),
            ("epoch", .count(info.epoch)),
            ("sqlite", .text(info.sqliteVersion)),
            (
                "eventNames",
                .array(info.eventNames.map { .object([("name", .string($0.name)), ("count", .count($0.rows))]) })
            ),
            ("sources", .array(info.sources.map { .string($0) })),
            ("segments", .count(library.program.segments.count)),
            ("metrics", .count(library.program.metrics.count)),
            ("problems", .array(problems.map { .text($0) })),
            ("broken", .array(library.broken.map(\.json))),
        ])
    }
}
