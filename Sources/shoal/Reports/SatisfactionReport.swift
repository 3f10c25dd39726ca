import Analytics
import EventModel
import SegmentLanguage

/// Scores of surveys and retention over time, as people and programs read them.
struct SatisfactionReport: Sendable {
    let asOf: Timestamp
    let zone: Zone
    /// What being active means.
    let events: EventQuery
    let answer: SatisfactionQuery.Answer
    let retention: [RetentionRateQuery.Point]
    let segment: String?

    /// So many periods fit a screen; JSON has all.
    private static let shownPeriods = 16

    func text(width: Int?, style: Style) -> String {
        var text =
            "Satisfaction by \(answer.unit.rawValue), as of \(style.strong(spokenInstant(asOf, in: zone)))"
            + (segment.map { ", members of \(printable($0))" } ?? "") + "\n\n"
        let asked = answer.surveys.filter { $0.all.answers > 0 }
        if asked.isEmpty { text += "No survey was answered: answers are events \"Survey Answered\".\n" }
        for survey in asked {
            text += heading(survey, style) + "\n"
            text += distribution(survey.all).text(width: width, indent: 2, style: style) + "\n"
        }
        if !asked.isEmpty { text += pointTable(asked).text(width: width, style: style) }
        if let groups = asked.first?.groups, !groups.isEmpty {
            text += "\n" + groupTable(asked).text(width: width, style: style)
        }
        text += "\n" + style.dim("active: \(printable(Printer.text(of: events)))") + "\n"
        text += retention.isEmpty ? "Nobody was active in that time.\n" : rateTable.text(width: width, style: style)
        if !answer.comments.isEmpty { text += "\n" + commentTable.text(width: width, style: style) }
        return text
    }

    /// "NPS 29.2 (16.6 to 41.7), 120 answers ▁▃▅".
    private func heading(_ survey: SatisfactionQuery.SurveyAnswer, _ style: Style) -> String {
        let scores = survey.all
        var text = style.strong("\(scores.survey.rawValue) \(spoken(scores))")
        if let interval = scores.interval {
            text += " (\(decimal(interval.lowerBound)) to \(decimal(interval.upperBound)))"
        }
        text += ", \(counted(scores.answers, "answer"))"
        let values = survey.points.suffix(Self.shownPeriods).map { Int((($0.scores.value ?? 0) * 100).rounded()) }
        if values.count > 1 { text += "  " + style.text(sparkline(values), .accent) }
        if survey.unreadable > 0 {
            text += style.dim("  \(counted(survey.unreadable, "answer")) off the scale left out")
        }
        return text
    }

    private func spoken(_ scores: SurveyScores) -> String {
        guard let value = scores.value else { return "–" }
        switch scores.survey {
        case .nps: return decimal(value)
        case .csat: return percentage(value / 100)
        case .ces: return decimal(value, places: 2)
        }
    }

    private func decimal(_ value: Double, places: Int = 1) -> String {
        Decimal128(value).map { groupedDecimal($0.description, places: places) } ?? "–"
    }

    // MARK: - Tables

    private func distribution(_ scores: SurveyScores) -> Table {
        var table = Table([.number(""), .number(""), .number(""), .text("")])
        let most = Double(max(scores.counts.max() ?? 1, 1))
        for (index, count) in scores.counts.enumerated() {
            table.append([
                Table.Cell("\(scores.survey.scores.lowerBound + index)", .strong), Table.Cell(grouped(count)),
                Table.Cell(percentage(count, of: scores.answers), .dim),
                Table.Cell(bar(Double(count) / most, width: 24), .accent),
            ])
        }
        return table
    }

    private func pointTable(_ surveys: [SatisfactionQuery.SurveyAnswer]) -> Table {
        var table = Table([.text(answer.unit.rawValue)] + columns(surveys))
        let days = Set(surveys.flatMap { $0.points.map(\.firstDay) }).sorted().suffix(Self.shownPeriods)
        for day in days {
            let scores = surveys.flatMap { survey in
                cells(survey.points.first { $0.firstDay == day }?.scores)
            }
            table.append([Table.Cell(day.iso)] + scores)
        }
        return table
    }

    private func groupTable(_ surveys: [SatisfactionQuery.SurveyAnswer]) -> Table {
        var table = Table([.text("segment")] + columns(surveys))
        for index in surveys[0].groups.indices {
            table.append(
                [Table.Cell(surveys[0].groups[index].name.string, .strong)]
                    + surveys.flatMap { cells($0.groups[index].scores) })
        }
        return table
    }

    private func columns(_ surveys: [SatisfactionQuery.SurveyAnswer]) -> [Table.Column] {
        surveys.flatMap { [.number($0.all.survey.rawValue), .number("answers")] }
    }

    private func cells(_ scores: SurveyScores?) -> [Table.Cell] {
        guard let scores, scores.answers > 0 else { return ["–", ""] }
        return [Table.Cell(spoken(scores)), Table.Cell(grouped(scores.answers), .dim)]
    }

    private var rateTable: Table {
        var table = Table([
            .text(answer.unit.rawValue), .number("active"), .number("new"), .number("retained"), .number("back"),
            .number("churned"), .number("retention rate"), .number("churn rate"),
        ])
        for point in retention.suffix(Self.shownPeriods) {
            table.append([
                Table.Cell(point.firstDay.iso), Table.Cell(grouped(point.active), .strong),
                Table.Cell(grouped(point.new)), Table.Cell(grouped(point.retained)),
                Table.Cell(grouped(point.reactivated)), Table.Cell(grouped(point.churned)),
                Table.Cell(point.retentionRate.map { percentage($0) } ?? "–"),
                Table.Cell(point.churnRate.map { percentage($0) } ?? "–"),
            ])
        }
        return table
    }

    private var commentTable: Table {
        var table = Table([
            .text("time"), .text("profile"), .text("survey"), .number("score"), .text("comment", flexible: true),
        ])
        for comment in answer.comments {
            table.append([
                Table.Cell(columnInstant(comment.time, in: zone), .dim), Table.Cell(comment.profile.string, .strong),
                Table.Cell(comment.survey.rawValue), Table.Cell(comment.score.map { "\($0)" } ?? "–"),
                Table.Cell(comment.text.string),
            ])
        }
        return table
    }
}

extension SatisfactionReport {
    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("by", .text(answer.unit.rawValue)),
            ("segment", segment.map { .text($0) }),
            ("surveys", .array(answer.surveys.map(json))),
            (
                "comments",
                .array(
                    answer.comments.map { comment in
                        .object([
                            ("profile", .string(comment.profile)), ("time", .time(comment.time)),
                            ("survey", .text(comment.survey.rawValue)), ("score", comment.score.map { .count($0) }),
                            ("comment", .string(comment.text)),
                        ])
                    })
            ),
            ("active", .text(Printer.text(of: events))),
            (
                "retention",
                .array(
                    retention.map { point in
                        .object([
                            ("from", .text(point.firstDay.iso)), ("active", .count(point.active)),
                            ("new", .count(point.new)), ("retained", .count(point.retained)),
                            ("reactivated", .count(point.reactivated)), ("churned", .count(point.churned)),
                            ("retentionRate", .share(point.retained, of: point.activeBefore)),
                            ("churnRate", .share(point.churned, of: point.activeBefore)),
                        ])
                    })
            ),
        ])
    }

    private func json(_ survey: SatisfactionQuery.SurveyAnswer) -> JSONValue {
        .object([
            ("survey", .text(survey.all.survey.rawValue)), ("scores", json(survey.all)),
            ("unreadable", .count(survey.unreadable)),
            (
                "points",
                .array(
                    survey.points.map {
                        .object([("from", .text($0.firstDay.iso)), ("scores", json($0.scores))])
                    })
            ),
            (
                "segments",
                .array(survey.groups.map { .object([("name", .string($0.name)), ("scores", json($0.scores))]) })
            ),
        ])
    }

    private func json(_ scores: SurveyScores) -> JSONValue {
        .object([
            ("answers", .count(scores.answers)), ("value", .rounded(scores.value)),
            ("low", .rounded(scores.interval?.lowerBound)), ("high", .rounded(scores.interval?.upperBound)),
            ("mean", .rounded(scores.mean)), ("favourable", .rounded(scores.favourableShare)),
            ("unfavourable", .rounded(scores.unfavourableShare)),
            ("counts", .array(scores.counts.map { .count($0) })),
        ])
    }
}
