import Columns
import EventModel
import EventStore
import SegmentEngine

/// What one worker has counted of the answers to surveys.
struct SatisfactionCounts: Sendable {
    static let event: Text = "Survey Answered"
    private static let survey = PropertyPath(.properties, ["survey"])
    private static let score = PropertyPath(.properties, ["score"])
    /// Where the words stand, the first that is there.
    private static let words = ["comment", "feedback", "text"].map { PropertyPath(.properties, [$0]) }
    static let paths = [survey, score] + words

    private let query: SatisfactionQuery
    private var finder: PeriodFinder
    /// By survey.
    private var tallies: [Tally]
    private var comments: [Noted] = []

    private struct Tally: Sendable {
        var all: SurveyScores
        /// By number of the calendar period.
        var points: [Int: SurveyScores] = [:]
        var groups: [SurveyScores]
        var unreadable = 0
    }

    private struct Noted: Sendable {
        let profile: ProfileNumber
        let time: Int64
        let survey: Survey
        let score: Int?
        let text: Text
    }

    init(_ query: SatisfactionQuery, _ finder: PeriodFinder) {
        self.query = query
        self.finder = finder
        tallies = Survey.allCases.map { survey in
            Tally(
                all: SurveyScores(survey),
                groups: Array(repeating: SurveyScores(survey), count: query.groups.count))
        }
    }

    mutating func add(_ reader: EventRows.Reader) {
        let block = reader.block
        guard let surveys = block.column(Self.survey) else { return }
        let scores = block.column(Self.score).map { ColumnNumbers($0) }
        let words = Self.words.compactMap { block.column($0) }
        reader.forEachStretch(of: 0) { profile, rows in
            for row in rows {
                guard let survey = Survey(surveys.cell(at: row)) else { continue }
                let number = scores?.number(at: row)?.asInt()
                let score = number.flatMap { survey.scores.contains($0) ? $0 : nil }
                let profile = block.profileNumbers[profile]
                count(survey, score, profile, at: block.times[row])
                for column in words {
                    guard case .string(let text) = column.cell(at: row), !text.utf8.isEmpty else { continue }
                    comments.append(
                        Noted(profile: profile, time: block.times[row], survey: survey, score: score, text: text))
                    break
                }
            }
        }
        keepLatest()
    }

    private mutating func count(_ survey: Survey, _ score: Int?, _ profile: ProfileNumber, at time: Int64) {
        let index = survey.place
        guard let score else {
            tallies[index].unreadable += 1
            return
        }
        let place = score - survey.scores.lowerBound
        tallies[index].all.counts[place] += 1
        tallies[index].points[finder.number(at: time), default: SurveyScores(survey)].counts[place] += 1
        for (number, group) in query.groups.enumerated() where group.members.contains(Int(profile)) {
            tallies[index].groups[number].counts[place] += 1
        }
    }

    private mutating func keepLatest() {
        guard comments.count > query.commentLimit else { return }
        comments.sort { ($0.time, $1.profile) > ($1.time, $0.profile) }
        // Of the last instant all are kept: their order is that of ids, which are not known here.
        let last = query.commentLimit > 0 ? comments[query.commentLimit - 1].time : .max
        comments.removeAll { $0.time < last }
        if query.commentLimit == 0 { comments.removeAll() }
    }

    mutating func merge(_ other: SatisfactionCounts) {
        for index in tallies.indices {
            tallies[index].all.add(other.tallies[index].all)
            tallies[index].unreadable += other.tallies[index].unreadable
            for (period, scores) in other.tallies[index].points {
                tallies[index].points[period, default: SurveyScores(scores.survey)].add(scores)
            }
            for (group, scores) in other.tallies[index].groups.enumerated() { tallies[index].groups[group].add(scores) }
        }
        comments += other.comments
    }

    func answer(_ id: (ProfileNumber) -> Text) -> SatisfactionQuery.Answer {
        let surveys = tallies.map { tally in
            SatisfactionQuery.SurveyAnswer(
                all: tally.all,
                points: tally.points.sorted { $0.key < $1.key }.map {
                    SatisfactionQuery.Point(firstDay: query.unit.firstDay(of: $0.key), scores: $0.value)
                },
                groups: zip(query.groups, tally.groups).map {
                    SatisfactionQuery.Group(name: $0.name, scores: $1)
                }, unreadable: tally.unreadable)
        }
        let named = comments.map { noted in
            SatisfactionQuery.Comment(
                profile: id(noted.profile), time: Timestamp(milliseconds: noted.time), survey: noted.survey,
                score: noted.score, text: noted.text)
        }
        let latest = named.sorted { left, right in
            if left.time != right.time { return left.time > right.time }
            return left.profile != right.profile ? left.profile < right.profile : left.text < right.text
        }
        return SatisfactionQuery.Answer(
            unit: query.unit, surveys: surveys, comments: Array(latest.prefix(query.commentLimit)))
    }
}

extension Survey {
    /// The survey that a cell names, in letters of any case.
    fileprivate init?(_ cell: Cell) {
        guard case .string(let text) = cell else { return nil }
        let folded = simpleCaseFold(text)
        guard let known = Survey.allCases.first(where: { simpleCaseFold(Text($0.rawValue)) == folded }) else {
            return nil
        }
        self = known
    }

    fileprivate var place: Int {
        switch self {
        case .nps: 0
        case .csat: 1
        case .ces: 2
        }
    }
}

extension SurveyScores {
    fileprivate mutating func add(_ other: SurveyScores) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }
}
