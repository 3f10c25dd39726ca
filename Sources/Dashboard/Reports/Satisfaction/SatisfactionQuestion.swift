package import Analytics
package import EventModel
package import SegmentLanguage

/// What the page of satisfaction is asked for.
package struct SatisfactionQuestion: Hashable, Sendable {
    package let unit: CalendarUnit
    package let period: PeriodChoice
    /// What counts as being active, for retention and churn.
    package let active: EventQuery
    /// Segments to be told by themselves.
    package let per: [Text]
    package let segment: Text?

    package static let usualActive = "Order Completed"
    package static let mostSegments = 5
    package static let shownComments = 20

    /// - Parameter fields: what is wrong is noted there.
    /// - Returns: nil when something is wrong.
    package init?(_ fields: inout ReportFields, segments: [SegmentName], zone: Zone) {
        let reader = QuestionReader(zone: zone)
        unit = fields.choice("by", usual: .month)
        period = PeriodChoice(&fields, usual: .last(days: 365), mayBeEverything: true)
        let active = fields.events("active", filter: nil, reader)
        per = fields.segments("per", among: segments, most: Self.mostSegments)
        segment = fields.segment("segment", among: segments)
        guard fields.wrong.isEmpty else { return nil }
        self.active = active ?? EventQuery(.named(Text(Self.usualActive)))
    }

    package func query(at now: Timestamp, in zone: Zone, groups: [MemberGroup]) -> SatisfactionQuery {
        SatisfactionQuery(
            period.period(at: now, in: zone), by: unit,
            groups: groups, commentLimit: Self.shownComments)
    }

    package func rates(at now: Timestamp, in zone: Zone) -> RetentionRateQuery {
        var events = active
        events.window = period.window(at: now, in: zone)
        return RetentionRateQuery(events, by: unit)
    }
}

/// What the page of satisfaction shows.
package struct SatisfactionFacts: Sendable {
    package let answer: SatisfactionQuery.Answer
    package let rates: RetentionRateQuery.Answer

    package init(answer: SatisfactionQuery.Answer, rates: RetentionRateQuery.Answer) {
        self.answer = answer
        self.rates = rates
    }
}
