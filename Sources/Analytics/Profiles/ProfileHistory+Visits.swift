package import EventModel

/// What somebody did in one go, and what they answered.
extension ProfileHistory {
    /// A run of browsing events with gaps of at most 30 minutes, as the language counts visits.
    package struct Visit: Sendable {
        package let start: Timestamp
        /// Of its last event.
        package private(set) var end: Timestamp
        package private(set) var events = 1
        /// The campaign, or the site that led here, of its first event.
        package let origin: String?
        /// How often what was done, the most frequent first.
        package var names: [(name: Text, count: Int)] {
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
        }
        private var counts: [Text: Int]

        fileprivate init(_ message: Message) {
            start = message.time
            end = message.time
            counts = [message.event: 1]
            origin = message.origin
        }

        fileprivate static let longestGap: Int64 = 30 * 60_000

        fileprivate mutating func take(_ message: Message) {
            end = message.time
            events += 1
            counts[message.event, default: 0] += 1
        }
    }

    /// All visits, the oldest first.
    package var visits: [Visit] {
        var visits: [Visit] = []
        let browsing = messages.filter { $0.kind.isEvent && Vocabulary.browsingEvents.contains($0.event) }
        for message in browsing.sorted(by: { $0.time < $1.time }) {
            if let last = visits.last, message.time.milliseconds(since: last.end) <= Visit.longestGap {
                visits[visits.count - 1].take(message)
            } else {
                visits.append(Visit(message))
            }
        }
        return visits
    }

    /// An answer in a survey.
    package struct SurveyAnswer: Sendable {
        package let time: Timestamp
        package let survey: String
        package let score: String?
        /// What they wrote.
        package let words: String?
    }

    /// Answers, the oldest first.
    package var answers: [SurveyAnswer] {
        messages.filter { $0.kind.isEvent && $0.event == "Survey Answered" }.map { message in
            let words = ["comment", "feedback", "text"].lazy.compactMap { message.properties[Text($0)]?.text?.string }
            return SurveyAnswer(
                time: message.time, survey: message.properties["survey"]?.identity?.string ?? "survey",
                score: message.properties["score"]?.identity?.string, words: words.first { !$0.isEmpty })
        }
    }
}

extension Message {
    /// Where a visit came from, as its first event says.
    fileprivate var origin: String? {
        let campaign = context["campaign"]?.object
        for name in ["name", "source"] {
            if let text = campaign?[Text(name)]?.text?.string, !text.isEmpty { return text }
        }
        let page = context["page"]?.object
        let referrer = properties["referrer"]?.text?.string ?? page?["referrer"]?.text?.string ?? ""
        guard let start = referrer.firstRange(of: "://")?.upperBound else { return nil }
        let host = referrer[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return host.isEmpty ? nil : String(host)
    }
}
