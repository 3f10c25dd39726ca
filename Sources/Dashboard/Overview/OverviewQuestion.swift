package import Analytics
package import EventModel

/// What the start page is asked for: a period, and by what its chart counts.
package struct OverviewQuestion: Hashable, Sendable {
    package let period: PeriodChoice
    /// Nil: what suits the length of the period.
    package let unit: CalendarUnit?
    /// Only its members; nil: everybody.
    package let segment: Text?

    /// What `shoal board` answers when nothing is chosen.
    package static let usual = PeriodChoice.last(days: Period.usualDays)

    /// - Parameter fields: what is wrong is noted there, and the usual takes its place.
    package init(_ fields: inout ReportFields, segments: [SegmentName]) {
        period = PeriodChoice(&fields, usual: Self.usual, mayBeEverything: false)
        segment = fields.segment("segment", among: segments)
        unit = fields["by"].isEmpty ? nil : fields.choice("by", usual: CalendarUnit.day)
    }

    package func query(at now: Timestamp, in zone: Zone) -> OverviewQuery {
        let period = period.period(at: now, in: zone) ?? Period.last(Period.usualDays, upTo: now, in: zone)
        return OverviewQuery(period, by: unit ?? Self.unit(for: period), limit: 10)
    }

    /// Days for up to a quarter, weeks for up to a year and a half.
    private static func unit(for period: Period) -> CalendarUnit {
        let days = period.to.milliseconds(since: period.from) / Timestamp.millisecondsPerDay
        return days <= 95 ? .day : days <= 550 ? .week : .month
    }
}
