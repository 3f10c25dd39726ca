package import Analytics
package import EventModel
import SegmentLanguage

/// What people do after an event, or before it: a flow, and a table with the same.
package struct PathsView: Sendable {
    let viewer: Viewer
    let fields: ReportFields
    let question: PathsQuestion?
    let state: ReportState<PathsQuery.Answer>
    let segments: [SegmentName]
    let events: [String]
    let zone: Zone

    package init(
        viewer: Viewer, fields: ReportFields, question: PathsQuestion?, state: ReportState<PathsQuery.Answer>,
        segments: [SegmentName], events: [String], zone: Zone
    ) {
        self.viewer = viewer
        self.fields = fields
        self.question = question
        self.state = state
        self.segments = segments
        self.events = events
        self.zone = zone
    }

    package var shell: Shell { Shell(report: "Paths", viewer: viewer, place: .paths, fields, state, body: body) }

    private var body: HTML {
        """
        \(Pieces.head("Paths", about: "What people do after an event, or before it."))
        \(form)
        \(state.note)
        \(result)
        """
    }

    private var form: HTML {
        let depths = PathsQuestion.depths.map { ("\($0)", counted($0, "step")) }
        let branches = PathsQuestion.branchCounts.map { ("\($0)", "\($0) of each") }
        func chosen(_ name: String, _ usual: Int) -> String { fields[name].isEmpty ? "\(usual)" : fields[name] }
        return """
            \(ReportForm.form("/paths", name: "Which paths", """
                <div class="lines"><div data-line>
                \(ReportForm.input("start", "Start from", fields["start"], wrong: fields.wrong["start"], list: "events", placeholder: "Product Added"))
                \(ReportForm.input("where", "where", fields["where"], wrong: fields.wrong["where"], placeholder: "price > 50", more: " data-filter-of"))
                </div></div>
                \(ReportForm.row(
                    ReportForm.select(
                        "direction", "Show", [("after", "What comes after"), ("before", "What came before")],
                        fields["direction"], wrong: fields.wrong["direction"]),
                    ReportForm.input("within", "Within", fields["within"], hint: "a length like 1 day; empty: the visit", wrong: fields.wrong["within"]),
                    ReportForm.input("steps", "Steps are", fields["steps"], wrong: fields.wrong["steps"], list: "events", placeholder: "any event"),
                    ReportForm.input("property", "Told apart by", fields["property"], hint: "a property, such as path", wrong: fields.wrong["property"]),
                    ReportForm.select("depth", "Follow", depths, chosen("depth", PathsQuestion.usualDepth), wrong: fields.wrong["depth"]),
                    ReportForm.select("branches", "Branches", branches, chosen("branches", PathsQuestion.usualBranches), wrong: fields.wrong["branches"]),
                    ReportForm.select(
                        "repeats", "The same again and again", [("joined", "Is one step"), ("all", "Is many steps")], fields["repeats"],
                        wrong: fields.wrong["repeats"]),
                    PeriodChoice.last(days: Period.usualDays).inputs(fields, mayBeEverything: true),
                    ReportForm.segment(
                        "segment", "Only members of", segments, fields["segment"], nobody: "Everybody",
                        wrong: fields.wrong["segment"])))
                """))
            \(ReportForm.list("events", events))
            """
    }

    private var result: HTML {
        guard case .ready(let answer, let asOf) = state, let question else { return hint }
        let root = answer.root
        let outside: HTML? =
            answer.outsideVisits > 0
            ? " \(counted(answer.outsideVisits, "such event")) lie in no visit and start no path; write a length of time to count them too."
            : nil
        guard root.count > 0 else {
            return Pieces.empty(
                "No path starts there in that time",
                "Choose a longer period or another event.\(outside) <a href=\"/data\">Data</a> lists the events that came in."
            )
        }
        let scope =
            question.within.map { "within \(Printer.text(of: SegmentLanguage.Value(.duration($0))))" }
            ?? "within its visit"
        let way = question.direction == .after ? "after" : "before"
        return """
            <section class="card">
            <header><h2>What happened \(way) \(question.start.title)</h2><span class="soft">as of \(Pieces.time(asOf, in: zone))</span></header>
            <p class="soft">\(counted(root.count, "path")) of \(counted(answer.profiles, "profile")), \(scope); \
            \(question.period.spoken(at: asOf, in: zone)).\(outside)</p>
            \(PathsDrawing(root: root, start: question.start.title, direction: question.direction, depth: question.depth).html)
            </section>
            <section class="card flush"><h2>The same as a table</h2>
            \(table(root, question))</section>
            """
    }

    private var hint: HTML {
        guard fields.wrong.isEmpty, !state.isPending else { return "" }
        guard let first = FunnelQuestion.suggested.dropFirst().first(where: { events.contains($0) }) ?? events.first
        else {
            return Pieces.empty(
                "No events yet",
                "Paths are made of events. Import a file with <code>shoal import FILE</code>, or send events to the tracking API; <a href=\"/data\">Data</a> has the keys."
            )
        }
        return Pieces.empty(
            "From where?",
            "Name an event to start from, or begin with <a href=\"/paths?start=\(pathPart(first))\">\(first)</a>.")
    }

    // MARK: - The table

    private func table(_ root: PathsQuery.Node, _ question: PathsQuestion) -> HTML {
        var rows: [HTML] = []
        append(root, level: 0, question, &rows)
        let columns: [Pieces.Column] = [
            .text("Step"), .number("Paths"), .number("Of the line above it"), .silent("Share of all"),
        ]
        let first: HTML = """
            <tr><th scope="row">\(question.start.title)</th><td class="number">\(grouped(root.count))</td><td></td><td></td></tr>

            """
        return Pieces.table(
            "Each line says what came \(question.direction == .after ? "next" : "just before"), and how often",
            columns, body: "<tbody>\n\(first)\(rows)</tbody>")
    }

    /// The branches of a node, its ends among them by their number, each with its own below it.
    private func append(_ node: PathsQuery.Node, level: Int, _ question: PathsQuestion, _ rows: inout [HTML]) {
        var lines: [(title: String, count: Int, node: PathsQuery.Node?)] = node.next.map {
            (Self.title($0), $0.count, $0)
        }
        if node.ended > 0, level < question.depth, node.gathered == 0 {
            let place = lines.firstIndex { $0.count < node.ended || $0.node?.event == nil } ?? lines.count
            lines.insert((question.direction == .after ? "(end)" : "(beginning)", node.ended, nil), at: place)
        }
        for line in lines {
            let level = min(level + 1, PathsQuestion.depths.upperBound)
            rows.append(
                """
                <tr><th scope="row" class="level-\(String(level))"><span class="visually-hidden">Step \(String(level)): </span>\(line.title)</th>\
                <td class="number">\(grouped(line.count))</td><td class="number">\(percentage(line.count, of: node.count))</td>\
                <td>\(Charts.bar(Double(line.count) / Double(max(node.count, 1))))</td></tr>

                """)
            if let next = line.node { append(next, level: level, question, &rows) }
        }
    }

    static func title(_ node: PathsQuery.Node) -> String {
        guard let event = node.event else { return "(other, \(counted(node.gathered, "kind")))" }
        return node.value.map { "\(event) \($0)" } ?? event.string
    }
}
