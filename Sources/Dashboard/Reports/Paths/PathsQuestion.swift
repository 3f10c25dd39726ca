package import Analytics
package import EventModel
package import SegmentLanguage

/// What the page of paths is asked for.
package struct PathsQuestion: Hashable, Sendable {
    package let start: EventQuery
    package let direction: PathsQuery.Direction
    /// Nil: within the visit.
    package let within: DurationLiteral?
    /// Which events are steps.
    package let steps: EventQuery
    package let property: PropertyPath?
    package let depth: Int
    package let branches: Int
    package let joinsRepeats: Bool
    package let period: PeriodChoice
    package let segment: Text?

    /// What becomes of the same step several times in a row.
    private enum Repeats: String, CaseIterable {
        case joined, all
    }

    package static let depths = 1...6
    package static let branchCounts = 2...10
    static let usualDepth = 3
    static let usualBranches = 4

    /// - Parameter fields: what is wrong is noted there.
    /// - Returns: nil when no start is named, and when something is wrong.
    package init?(_ fields: inout ReportFields, segments: [SegmentName], zone: Zone) {
        let reader = QuestionReader(zone: zone)
        let start = fields.events("start", filter: "where", reader)
        let steps = fields.events("steps", filter: nil, reader)
        direction = fields.choice("direction", usual: .after)
        within = fields.duration("within", reader, usual: "")
        property = fields.property("property", reader, mayBeOfItems: false)
        depth = fields.number("depth", Self.depths, usual: Self.usualDepth)
        branches = fields.number("branches", Self.branchCounts, usual: Self.usualBranches)
        joinsRepeats = fields.choice("repeats", usual: Repeats.joined) == .joined
        period = PeriodChoice(&fields, usual: .last(days: Period.usualDays), mayBeEverything: true)
        segment = fields.segment("segment", among: segments)
        if !fields.isEmpty, start == nil, fields.wrong.isEmpty {
            fields.refuse("start", "Name the event to start from.")
        }
        guard fields.wrong.isEmpty, let start else { return nil }
        self.start = start
        self.steps = steps ?? EventQuery(.anyEvent)
    }

    package func query(at now: Timestamp, in zone: Zone) -> PathsQuery {
        var start = start
        start.window = period.window(at: now, in: zone)
        return PathsQuery(
            direction, start, within: within.map { .within($0) } ?? .visit, steps: steps, property: property,
            depth: depth, branches: branches, joinsRepeats: joinsRepeats)
    }
}
