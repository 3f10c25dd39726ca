package import EventModel

/// How far the answer is that the page of a report shows.
package enum ReportState<Answer: Sendable>: Sendable {
    /// Nothing was asked yet, or what was asked can't be read.
    case unasked
    /// It is being computed.
    case pending
    /// It could not be computed; the sentence says why and what to do.
    case failed(String)
    case ready(Answer, asOf: Timestamp)

    var isPending: Bool { if case .pending = self { true } else { false } }

    package init<Question>(_ outcome: KeptAnswers<Question, Answer>.Outcome) {
        switch outcome {
        case .ready(let answer, let asOf): self = .ready(answer, asOf: asOf)
        case .pending: self = .pending
        case .failed(let error as MembershipsMissing): self = .failed(error.words)
        case .failed(is ReportSlots.Full):
            self = .failed("More reports are being computed than the server takes on; load the page again in a moment.")
        case .failed:
            self = .failed("The report could not be computed; the log of the server says why. Load the page again.")
        }
    }

    /// What to show in the place of an answer that is not there; nil when it is.
    var note: HTML? {
        switch self {
        case .unasked, .ready: nil
        case .pending:
            "<p class=\"note\" role=\"status\">The figures are being computed; the page shows them by itself.</p>"
        case .failed(let why): "<p class=\"note bad\" role=\"alert\">\(why)</p>"
        }
    }
}

/// A segment that a report needs has no members yet.
package struct MembershipsMissing: Error {
    package let segment: Text

    package init(segment: Text) { self.segment = segment }

    var words: String {
        "The members of “\(segment)” are being found for the first time; load the page again in a moment."
    }
}

extension Shell {
    /// The page of a report: loaded anew by itself as long as the answer is being computed.
    init<Answer>(
        report title: String, viewer: Viewer, place: Place, _ fields: ReportFields, _ state: ReportState<Answer>,
        body: HTML
    ) {
        self.init(title: title, viewer: viewer, place: place, body: body, scripts: ["charts.js", "reports.js"])
        styles = ["reports.css"]
        hasErrors = !fields.wrong.isEmpty
        if state.isPending { refreshSeconds = 2 }
    }
}
