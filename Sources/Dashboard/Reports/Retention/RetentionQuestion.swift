package import Analytics
package import EventModel
package import SegmentLanguage

/// What the page of retention is asked for.
package struct RetentionQuestion: Hashable, Sendable {
    /// What makes a profile begin.
    package let first: EventQuery
    /// What counts as coming back.
    package let returning: EventQuery
    package let unit: CalendarUnit
    package let kind: RetentionQuery.Kind
    /// In which cohorts begin.
    package let period: PeriodChoice
    package let segment: Text?

    static let usualFirst = "any event"

    /// - Parameter fields: what is wrong is noted there.
    /// - Returns: nil when something is wrong.
    package init?(_ fields: inout ReportFields, segments: [SegmentName], zone: Zone) {
        let reader = QuestionReader(zone: zone)
        let everything = EventQuery(.anyEvent)
        let first = fields.events("first", filter: "where", reader)
        let returning = fields.events("returning", filter: "returning-where", reader)
        unit = fields.choice("by", usual: .week)
        kind = fields.choice("kind", usual: .exact)
        period = PeriodChoice(&fields, usual: .everything, mayBeEverything: true)
        segment = fields.segment("segment", among: segments)
        guard fields.wrong.isEmpty else { return nil }
        self.first = first ?? everything
        self.returning = returning ?? first ?? everything
    }

    package var query: RetentionQuery {
        RetentionQuery(first: first, returning: returning, unit: unit, kind: kind)
    }

    /// The cohorts of the period, those whose first day lies in it.
    package func cohorts(
        of answer: RetentionQuery.Answer, at now: Timestamp, in zone: Zone
    ) -> [RetentionQuery.Cohort] {
        guard let period = period.period(at: now, in: zone) else { return answer.cohorts }
        return answer.cohorts.filter { period.contains(zone.startOfDay($0.firstDay)) }
    }
}
