import Analytics
package import EventModel
import SegmentLanguage

/// What shoppers say in surveys, and whether they stay.
package struct SatisfactionView: Sendable {
    let viewer: Viewer
    let fields: ReportFields
    let question: SatisfactionQuestion?
    let state: ReportState<SatisfactionFacts>
    /// Whether somebody who wrote a comment is still there.
    let isKnown: @Sendable (Text) -> Bool
    let segments: [SegmentName]
    let events: [String]
    let zone: Zone

    package init(
        viewer: Viewer, fields: ReportFields, question: SatisfactionQuestion?,
        state: ReportState<SatisfactionFacts>, isKnown: @escaping @Sendable (Text) -> Bool, segments: [SegmentName],
        events: [String], zone: Zone
    ) {
        self.viewer = viewer
        self.fields = fields
        self.question = question
        self.state = state
        self.isKnown = isKnown
        self.segments = segments
        self.events = events
        self.zone = zone
    }

    /// So many periods are shown in a table, the latest ones.
    static let shownPeriods = 36

    package var shell: Shell {
        Shell(report: "Satisfaction", viewer: viewer, place: .satisfaction, fields, state, body: body)
    }

    private var body: HTML {
        """
        \(Pieces.head("Satisfaction", about: "What shoppers answer in surveys, and whether they stay."))
        \(form)
        \(state.note)
        \(result)
        """
    }

    private var form: HTML {
        let units = CalendarUnit.allCases.map { ($0.rawValue, $0.rawValue.capitalizedFirst + "s") }
        let typed = fields.all("per").filter { !$0.isEmpty }
        let count = max(min(typed.count + 1, SatisfactionQuestion.mostSegments), typed.count)
        let lines = (0..<count).map { index -> HTML in
            """
            <div data-line>\(ReportForm.segment(
                "per", "Segment \(index + 1)", segments, index < typed.count ? typed[index] : "", nobody: "–",
                id: "per\(index + 1)", wrong: index + 1 == count ? fields.wrong["per"] : nil))</div>

            """
        }
        let isOpen: HTML? = typed.isEmpty ? nil : " open"
        return """
            \(ReportForm.form("/satisfaction", name: "Which answers", """
                \(ReportForm.row(
                    PeriodChoice.last(days: 365).inputs(fields, mayBeEverything: true),
                    ReportForm.select("by", "Count by", units, fields["by"].isEmpty ? "month" : fields["by"], wrong: fields.wrong["by"]),
                    ReportForm.input("active", "Staying means", fields["active"], wrong: fields.wrong["active"], list: "events", placeholder: SatisfactionQuestion.usualActive),
                    ReportForm.segment(
                        "segment", "Only members of", segments, fields["segment"], nobody: "Everybody",
                        wrong: fields.wrong["segment"])))
                <details class="split"\(isOpen)><summary>Tell segments apart</summary>
                <fieldset class="lines" data-lines="One more segment" data-most="\(String(SatisfactionQuestion.mostSegments))"><legend>Segments</legend>
                \(lines)</fieldset></details>
                """))
            \(ReportForm.list("events", ["any event"] + events))
            """
    }

    private var result: HTML {
        guard case .ready(let facts, let asOf) = state, let question else { return "" }
        let asked = facts.answer.surveys.filter { $0.all.answers > 0 || $0.unreadable > 0 }
        let rates = RetentionRates(points: facts.rates.points, unit: facts.rates.unit, active: question.active.title)
        return """
            <p class="soft">\(question.period.spoken(at: asOf, in: zone)), as of \(Pieces.time(asOf, in: zone)).</p>
            \(asked.isEmpty ? noAnswers : surveys(asked, facts.answer))
            \(rates.html)
            \(comments(facts.answer))
            """
    }

    private var noAnswers: HTML {
        """
        <div class="card empty"><h2>No answers to surveys in this time</h2>
        <p>Answers are events <code>Survey Answered</code> with <code>survey</code> (NPS, CSAT or CES) and <code>score</code>, and if there is one a <code>comment</code>. Send them to <code>/v1/track</code>:</p>
        <pre class="text" tabindex="0">{"event": "Survey Answered", "userId": "ann", "properties": {"survey": "NPS", "score": 9, "comment": "Lovely"}}</pre></div>
        """
    }

    // MARK: - Surveys

    private func surveys(_ surveys: [SatisfactionQuery.SurveyAnswer], _ answer: SatisfactionQuery.Answer) -> HTML {
        let cards = surveys.map { survey -> HTML in
            let scores = survey.all
            let interval: HTML? = scores.interval.map {
                "<p class=\"soft\">95 times in 100 between \(decimal($0.lowerBound)) and \(decimal($0.upperBound))</p>"
            }
            let odd: HTML? =
                survey.unreadable > 0
                ? "<p class=\"soft\">\(counted(survey.unreadable, "answer")) off the scale left out</p>" : nil
            let bars = scores.survey.scores.map { score -> (name: HTML, amount: Double, text: String) in
                let count = scores.count(in: score...score)
                return (
                    "\(String(score))", Double(count), "\(grouped(count)) · \(percentage(count, of: scores.answers))"
                )
            }
            return """
                <section class="card"><header><h2>\(scores.survey.rawValue)</h2><span class="soft">\(counted(scores.answers, "answer"))</span></header>
                <p class="size">\(Self.spoken(scores))</p><p class="soft">\(Self.meaning(scores.survey))</p>
                \(interval)\(odd)
                \(curve(survey, by: answer.unit))
                <details class="twin"><summary>Answers by score</summary>
                \(Pieces.bars(bars))</details></section>

                """
        }
        return "<div class=\"grid\">\(cards)</div>\n\(points(surveys, by: answer.unit))\n\(groups(surveys))"
    }

    private static func meaning(_ survey: Survey) -> String {
        switch survey {
        case .nps: "Percent who would recommend (9, 10) less percent who would not (0 to 6)"
        case .csat: "Percent who are satisfied (4, 5)"
        case .ces: "The mean of 1 (hard) to 7 (easy)"
        }
    }

    private func curve(_ survey: SatisfactionQuery.SurveyAnswer, by unit: CalendarUnit) -> HTML {
        let points = survey.points.suffix(Self.shownPeriods).compactMap { point in
            point.scores.value.map {
                Charts.Point(label: unit.label(from: point.firstDay), value: $0, text: Self.spoken(point.scores))
            }
        }
        let range: ClosedRange<Double> =
            switch survey.all.survey {
            case .nps: -100...100
            case .csat: 0...100
            case .ces: 1...7
            }
        return Charts.trace("\(survey.all.survey.rawValue) by \(unit.rawValue)", points, within: range, isSmall: true)
    }

    private func points(_ surveys: [SatisfactionQuery.SurveyAnswer], by unit: CalendarUnit) -> HTML {
        let days = Set(surveys.flatMap { $0.points.map(\.firstDay) }).sorted().suffix(Self.shownPeriods)
        let rows = days.reversed().map { day -> [HTML] in
            ["<time datetime=\"\(day.iso)\">\(unit.title(from: day))</time>"]
                + surveys.flatMap { survey in
                    Self.cells(survey.points.first { $0.firstDay == day }?.scores)
                }
        }
        return """
            <section class="card flush"><h2>Scores by \(unit.rawValue)</h2>
            \(Pieces.table("Scores and answers by \(unit.rawValue), the newest first", [.text(unit.rawValue.capitalizedFirst)] + Self.columns(surveys), rows))
            </section>
            """
    }

    private func groups(_ surveys: [SatisfactionQuery.SurveyAnswer]) -> HTML? {
        guard let first = surveys.first, !first.groups.isEmpty else { return nil }
        let rows = first.groups.indices.map { index -> [HTML] in
            let name = first.groups[index].name
            let title = segments.first { $0.name == name }?.title ?? name.string
            return ["<a href=\"/segments/\(pathPart(name.string))\">\(title)</a>"]
                + surveys.flatMap {
                    $0.groups.indices.contains(index) ? Self.cells($0.groups[index].scores) : ["–", ""]
                }
        }
        return """
            <section class="card flush"><h2>Scores by segment</h2>
            \(Pieces.table("Scores and answers of those who are members now", [.text("Segment")] + Self.columns(surveys), rows))
            </section>
            """
    }

    private static func columns(_ surveys: [SatisfactionQuery.SurveyAnswer]) -> [Pieces.Column] {
        surveys.flatMap { [.number($0.all.survey.rawValue), .number("Answers")] }
    }

    private static func cells(_ scores: SurveyScores?) -> [HTML] {
        guard let scores, scores.answers > 0 else { return ["–", ""] }
        return ["\(spoken(scores))", "\(grouped(scores.answers))"]
    }

    static func spoken(_ scores: SurveyScores) -> String {
        guard let value = scores.value else { return "–" }
        switch scores.survey {
        case .nps: return decimal(value)
        case .csat: return percentage(value / 100)
        case .ces: return decimal(value, places: 2)
        }
    }

    private static func decimal(_ value: Double, places: Int = 1) -> String {
        Decimal128(value).map { groupedDecimal("\($0)", places: places) } ?? "–"
    }

    private func decimal(_ value: Double) -> String { Self.decimal(value) }

    // MARK: - Comments

    private func comments(_ answer: SatisfactionQuery.Answer) -> HTML? {
        // Whoever was erased since the answer was made is shown no more.
        let known = answer.comments.filter { isKnown($0.profile) }
        guard !known.isEmpty else { return nil }
        let rows = known.map { comment -> [HTML] in
            [
                "<a href=\"/profiles/\(pathPart(comment.profile.string))\">\(comment.profile.string)</a>",
                "\(comment.text.string)", "\(comment.survey.rawValue)", "\(comment.score.map { "\($0)" } ?? "–")",
                Pieces.time(comment.time, in: zone),
            ]
        }
        return """
            <section class="card flush"><h2>What they wrote</h2>
            \(Pieces.table("The newest comments", [.text("Profile"), .text("Comment"), .text("Survey"), .number("Score"), .text("When")], rows))
            </section>
            """
    }
}

/// How many of those who were active in a period stay in the next.
struct RetentionRates {
    let points: [RetentionRateQuery.Point]
    let unit: CalendarUnit
    let active: String

    var html: HTML {
        let shown = points.suffix(SatisfactionView.shownPeriods)
        guard !shown.isEmpty else {
            return Pieces.empty(
                "Nobody was active in this time",
                "Staying means: \(active). Choose a longer period, or another event that shows that somebody stays.")
        }
        let curve = shown.compactMap { point in
            point.retentionRate.map {
                Charts.Point(
                    label: unit.label(from: point.firstDay), value: $0 * 100, text: percentage($0))
            }
        }
        let rows = shown.reversed().map { point -> [HTML] in
            [
                "<time datetime=\"\(point.firstDay.iso)\">\(unit.title(from: point.firstDay))</time>",
                "\(point.retentionRate.map { percentage($0) } ?? "–")",
                "\(point.churnRate.map { percentage($0) } ?? "–")",
                "\(grouped(point.active))", "\(grouped(point.new))", "\(grouped(point.retained))",
                "\(grouped(point.reactivated))", "\(grouped(point.churned))",
            ]
        }
        return """
            <section class="card"><h2>Retention rate and churn rate by \(unit.rawValue)</h2>
            <p class="soft">Of those active in the \(unit.rawValue) before, how many stayed, and how many were lost. Active means: \(active). The last \(unit.rawValue) may not be over yet.</p>
            \(Charts.trace("Retention rate by \(unit.rawValue), percent", curve, within: 0...100))
            \(Pieces.table("The newest \(unit.rawValue) first", [
                .text(unit.rawValue.capitalizedFirst), .number("Retention rate"), .number("Churn rate"), .number("Active"),
                .number("New"), .number("Retained"), .number("Back"), .number("Lost"),
            ], rows))</section>
            """
    }
}
