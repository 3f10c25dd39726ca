package import Columns
package import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// What shoppers answered in surveys: scores over time and by segment, and what they wrote last.
///
/// Every answer counts, also several of one person; a score that is no whole number of the survey's scale is left out
/// and told.
package struct SatisfactionQuery: Sendable {
    /// Answers in this time; nil: all.
    package let period: Period?
    /// By what the points count, in the workspace zone.
    package let unit: CalendarUnit
    /// Each is told by itself; their members as of the instant of the report.
    package let groups: [MemberGroup]
    /// How many of the latest comments are wanted.
    package let commentLimit: Int

    package init(
        _ period: Period? = nil, by unit: CalendarUnit = .month, groups: [MemberGroup] = [], commentLimit: Int = 20
    ) {
        self.period = period
        self.unit = unit
        self.groups = groups
        self.commentLimit = max(0, commentLimit)
    }

    package struct Answer: Sendable, Equatable {
        package let unit: CalendarUnit
        /// One for each survey, in the order of `Survey.allCases`.
        package let surveys: [SurveyAnswer]
        /// The latest first; of one instant by profile.
        package let comments: [Comment]
    }

    package struct SurveyAnswer: Sendable, Equatable {
        package let all: SurveyScores
        /// By calendar period, ascending; those without answers are left out.
        package let points: [Point]
        /// In the order of the query's groups.
        package let groups: [Group]
        /// Answers whose score is missing or not of the scale.
        package let unreadable: Int
    }

    package struct Point: Sendable, Equatable {
        package let firstDay: CalendarDay
        package let scores: SurveyScores
    }

    package struct Group: Sendable, Equatable {
        package let name: Text
        package let scores: SurveyScores
    }

    package struct Comment: Sendable, Equatable {
        package let profile: Text
        package let time: Timestamp
        package let survey: Survey
        /// Nil when the answer has no score of the scale.
        package let score: Int?
        package let text: Text
    }

    /// Complexity: O(answers).
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let window = period.map { Window.from(TimeLiteral($0.from), to: TimeLiteral($0.to)) }
        let answers = EventQuery(.named(SatisfactionCounts.event), window: window)
        let values = SatisfactionCounts.paths.map { (of: SegmentLanguage.Value(.property($0)), query: 0) }
        let rows = EventRows([answers], values: values, settings: input.settings)
        let empty = SatisfactionCounts(self, PeriodFinder(unit, in: input.settings.zone))
        let gathered = try await input.gather(rows, into: empty) { counts, reader in counts.add(reader) }
        var all = empty
        for counts in gathered { all.merge(counts) }
        return all.answer { input.source.profileID(of: $0) }
    }
}

/// Profiles that a report tells by themselves.
package struct MemberGroup: Sendable {
    package let name: Text
    /// By profile number.
    package let members: Bitmap

    package init(_ name: Text, _ members: Bitmap) {
        self.name = name
        self.members = members
    }
}
