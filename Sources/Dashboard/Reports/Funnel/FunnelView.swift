package import Analytics
package import EventModel
import SegmentLanguage

/// How far people go through steps, and where they are lost.
package struct FunnelView: Sendable {
    let viewer: Viewer
    let fields: ReportFields
    /// Nil before one was asked, and when it can't be read.
    let question: FunnelQuestion?
    let state: ReportState<FunnelQuery.Answer>
    let segments: [SegmentName]
    let events: [String]
    let zone: Zone

    package init(
        viewer: Viewer, fields: ReportFields, question: FunnelQuestion?, state: ReportState<FunnelQuery.Answer>,
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

    package var shell: Shell {
        Shell(report: "Funnels", viewer: viewer, place: .funnels, fields, state, body: body)
    }

    private var body: HTML {
        """
        \(Pieces.head("Funnels", about: "How many go how far through some steps, how long they take, and who they are that were lost on the way."))
        \(FunnelForm(fields: fields, segments: segments, events: events).html)
        \(state.note)
        \(result)
        """
    }

    private var result: HTML {
        guard case .ready(let answer, let asOf) = state, let question else { return hint }
        guard let first = answer.reached.first, first > 0 else {
            return Pieces.empty(
                "Nobody did the first step",
                "Choose a longer period, or another first step. <a href=\"/data\">Data</a> lists the events that came in."
            )
        }
        return """
            <section class="card" aria-labelledby="steps-title">
            <header><h2 id="steps-title">\(grouped(answer.reached.last ?? 0)) of \(grouped(first)) went all the way, \(percentage(answer.reached.last ?? 0, of: first))</h2>
            <span class="soft">as of \(Pieces.time(asOf, in: zone))</span></header>
            <p class="soft">\(explanation(question, asOf))</p>
            \(steps(answer, question, asOf))
            </section>
            \(groups(answer, question, asOf))
            """
    }

    private var hint: HTML {
        guard fields.wrong.isEmpty, !state.isPending else { return "" }
        if events.isEmpty {
            return Pieces.empty(
                "No events yet",
                "A funnel counts events such as <code>Product Viewed</code> and <code>Order Completed</code>. Import a file with <code>shoal import FILE</code>, or send events to the tracking API; <a href=\"/data\">Data</a> has the keys."
            )
        }
        let known = FunnelQuestion.suggested.filter { events.contains($0) }
        let offered = known.count >= 2 ? known : Array(events.prefix(2))
        let link = ReportFields(offered.enumerated().map { ("step\($0.offset + 1)", $0.element) }).address("/funnels")
        return Pieces.empty(
            "Which steps?",
            "Name the events that people should do one after another, or begin with <a href=\"\(link)\">\(offered.joined(separator: " → "))</a>."
        )
    }

    /// "within 7 days of the first step, in any order; first step on or after …"
    private func explanation(_ question: FunnelQuestion, _ asOf: Timestamp) -> String {
        var text =
            "All steps within \(Printer.text(of: SegmentLanguage.Value(.duration(question.within)))) of the first"
        if question.order == .loose { text += ", the later ones in any order" }
        text += "; first step in: \(question.period.spoken(at: asOf, in: zone))"
        if let segment = question.segment { text += "; only members of \(title(of: segment))" }
        return text + ". Each profile counts once."
    }

    private func title(of segment: Text) -> String {
        segments.first { $0.name == segment }?.title ?? segment.string
    }

    // MARK: - Steps

    private func steps(_ answer: FunnelQuery.Answer, _ question: FunnelQuestion, _ asOf: Timestamp) -> HTML {
        let reached = answer.reached
        let items = reached.indices.map { step -> HTML in
            let lost: HTML? =
                step + 1 < reached.count
                ? drop(reached[step] - reached[step + 1], of: reached[step], after: step, answer, question, asOf) : nil
            let before: HTML? =
                step == 0
                ? nil
                : "<span class=\"soft\">\(percentage(reached[step], of: reached[step - 1])) of the step before</span>"
            return """
                <li>
                <div class="step"><span class="count">\(String(step + 1))</span><span class="name">\(question.steps[step].title)</span>
                <a class="people" href="\(link(FunnelQuestion.People(step: step, areLost: false), asOf))">\(grouped(reached[step]))<span class="visually-hidden"> profiles who reached step \(String(step + 1))</span></a>
                <span class="share">\(percentage(reached[step], of: reached[0]))</span></div>
                \(Charts.bar(Double(reached[step]) / Double(max(reached[0], 1))))
                \(before)
                \(lost)</li>

                """
        }
        return """
            <ol class="funnel">
            \(items)</ol>
            <details class="twin"><summary>As a table</summary>
            \(table(answer, question))</details>
            """
    }

    /// The line between two steps: who was lost, and how long the others took.
    private func drop(
        _ lost: Int, of all: Int, after step: Int, _ answer: FunnelQuery.Answer, _ question: FunnelQuestion,
        _ asOf: Timestamp
    ) -> HTML {
        let who: HTML =
            lost > 0
            ? "<a href=\"\(link(FunnelQuestion.People(step: step, areLost: true), asOf))\">\(grouped(lost)) lost<span class=\"visually-hidden\"> after step \(String(step + 1))</span></a> <span class=\"soft\">(\(percentage(lost, of: all)))</span>"
            : "<span class=\"soft\">nobody lost</span>"
        let time: HTML? = spread(after: step, answer, question).map { spread in
            let since = question.order == .loose ? "from the first step" : "to the next step"
            return
                "<span class=\"soft\">half took at most \(spokenDuration(milliseconds: spread.median)) \(since), nine in ten \(spokenDuration(milliseconds: spread.p90))</span>"
        }
        return "<div class=\"lost\">↓ \(who) \(time)</div>"
    }

    private func spread(
        after step: Int, _ answer: FunnelQuery.Answer, _ question: FunnelQuestion
    ) -> FunnelQuery.Spread? {
        guard answer.times.indices.contains(step) else { return nil }
        return question.order == .loose ? answer.times[step].fromFirst : answer.times[step].fromBefore
    }

    private func table(_ answer: FunnelQuery.Answer, _ question: FunnelQuestion) -> HTML {
        let reached = answer.reached
        let since = question.order == .loose ? "from first" : "from before"
        let rows = reached.indices.map { step -> [HTML] in
            let spread = step == 0 ? nil : spread(after: step - 1, answer, question)
            return [
                "\(String(step + 1)). \(question.steps[step].title)", "\(grouped(reached[step]))",
                "\(percentage(reached[step], of: reached[0]))",
                "\(step == 0 ? "" : percentage(reached[step], of: reached[step - 1]))",
                "\(step + 1 < reached.count ? grouped(reached[step] - reached[step + 1]) : "")",
                "\(spread.map { spokenDuration(milliseconds: $0.median) } ?? "")",
                "\(spread.map { spokenDuration(milliseconds: $0.p90) } ?? "")",
            ]
        }
        return Pieces.table(
            "Profiles by step",
            [
                .text("Step"), .number("Profiles"), .number("Of all"), .number("Of step before"),
                .number("Lost after it"), .number("Median \(since)"), .number("90 %"),
            ], rows)
    }

    // MARK: - Groups

    private func groups(_ answer: FunnelQuery.Answer, _ question: FunnelQuestion, _ asOf: Timestamp) -> HTML {
        guard !answer.groups.isEmpty else {
            guard question.by != nil else { return "" }
            return Pieces.empty(
                "No value to tell apart by", "No event of the first step has that property in this period.")
        }
        let steps = question.steps.count
        let heading =
            question.by.map { "By \(Printer.text(of: SegmentLanguage.Value(.property($0)))) of the first step" }
            ?? "By segment"
        let columns: [Pieces.Column] =
            [.text(question.by == nil ? "Segment" : "Value"), .number("Step 1")]
            + (1..<max(steps, 1)).flatMap { [.number("Step \($0 + 1)"), .number("Lost before")] } + [
                .silent("Conversion")
            ]
        let rows = answer.groups.map { group -> [HTML] in
            let reached = group.reached
            let further = (1..<max(steps, 1)).flatMap { step -> [HTML] in
                let lost = reached[step - 1] - reached[step]
                let people = FunnelQuestion.People(step: step - 1, areLost: true, group: group.kind.group)
                return [
                    "\(grouped(reached[step]))<span class=\"under\">\(percentage(reached[step], of: reached[0]))</span>",
                    lost > 0 ? "<a href=\"\(link(people, asOf))\">\(grouped(lost))</a>" : "0",
                ]
            }
            return ["\(name(of: group.kind))", "\(grouped(reached[0]))"] + further
                + [Charts.bar(Double(reached[steps - 1]) / Double(max(reached[0], 1)))]
        }
        return """
            <section class="card flush"><h2>\(heading)</h2>
            \(Pieces.table("Profiles by step in each group; a profile may be in several", columns, rows))
            </section>
            """
    }

    private func name(of kind: FunnelQuery.Group.Kind) -> String {
        switch kind {
        case .segment(let name): title(of: name)
        case .others: "In none of them"
        case .value(_, let value): value.string
        }
    }

    /// The list of people, as of the same instant: as many as the number that was clicked.
    private func link(_ people: FunnelQuestion.People, _ asOf: Timestamp) -> String {
        fields.address("/funnels/people", changing: people.fields + [("at", asOf.iso8601)])
    }
}

extension FunnelQuestion.People {
    /// As they stand in the address of their page.
    package var fields: [(name: String, value: String?)] {
        var all: [(name: String, value: String?)] = [("who", "\(areLost ? "lost" : "reached")-\(step + 1)")]
        switch group {
        case .segment(let name): all.append(("of", "segment:\(name)"))
        case .others: all.append(("of", "others"))
        case .value(let value): all.append(("of", "value:\(value)"))
        case nil: break
        }
        return all
    }

    /// Nil for what says nobody.
    package init?(_ fields: ReportFields) {
        let parts = fields["who"].split(separator: "-", maxSplits: 1)
        guard parts.count == 2, parts[0] == "lost" || parts[0] == "reached", let number = Int(parts[1]),
            (1...FunnelQuestion.mostSteps).contains(number)
        else { return nil }
        let group: Group?
        let of = fields["of"]
        if of == "others" {
            group = .others
        } else if of.hasPrefix("segment:") {
            group = .segment(Text(String(of.dropFirst(8))))
        } else if of.hasPrefix("value:") {
            group = .value(Text(String(of.dropFirst(6))))
        } else if of.isEmpty {
            group = nil
        } else {
            return nil
        }
        self.init(step: number - 1, areLost: parts[0] == "lost", group: group)
    }
}
