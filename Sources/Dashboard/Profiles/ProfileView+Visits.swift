import Analytics
import EventModel

/// When they were here, and what they said of it.
extension ProfileView {
    private static let shownVisits = 8
    private static let shownAnswers = 8

    var visitsCard: HTML {
        let visits = history.visits
        guard !visits.isEmpty else { return "" }
        let columns: [Pieces.Column] = [.text("Begun"), .text("Lasted"), .number("Events"), .text("What")]
        let rows = visits.reversed().prefix(Self.shownVisits).map { visit -> [HTML] in
            let length = visit.end.milliseconds(since: visit.start)
            let names = visit.names.prefix(3).map { $0.count > 1 ? "\($0.name) \(grouped($0.count))" : $0.name.string }
            let origin: HTML? = visit.origin.map { "<span class=\"under\">from \($0)</span>" }
            return [
                "\(Pieces.time(visit.start, in: zone))\(origin)",
                length < 1_000 ? "a moment" : "\(spokenDuration(milliseconds: length))",
                "\(grouped(visit.events))", "\(names.joined(separator: ", "))",
            ]
        }
        let caption =
            visits.count > Self.shownVisits
            ? "The newest of \(grouped(visits.count)) visits" : "All visits, the newest first"
        return "<section class=\"card flush\"><h2>Visits</h2>\n\(Pieces.table(caption, columns, rows))</section>"
    }

    var satisfactionCard: HTML {
        let answers = history.answers
        guard !answers.isEmpty else { return "" }
        let columns: [Pieces.Column] = [.text("Survey"), .number("Score"), .text("Words"), .text("When")]
        let rows = answers.reversed().prefix(Self.shownAnswers).map { answer -> [HTML] in
            [
                "\(answer.survey)", "\(answer.score ?? "–")", "\(answer.words ?? "–")",
                Pieces.time(answer.time, in: zone),
            ]
        }
        let caption =
            answers.count > Self.shownAnswers
            ? "The newest of \(grouped(answers.count)) answers" : "All answers, the newest first"
        return "<section class=\"card flush\"><h2>Satisfaction</h2>\n\(Pieces.table(caption, columns, rows))</section>"
    }
}
