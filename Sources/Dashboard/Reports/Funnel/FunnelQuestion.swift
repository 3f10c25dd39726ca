package import Analytics
package import EventModel
package import SegmentLanguage

/// What the page of funnels is asked for.
package struct FunnelQuestion: Hashable, Sendable {
    package let steps: [EventQuery]
    package let within: DurationLiteral
    package let order: FunnelQuery.Order
    /// In which the first step lies.
    package let period: PeriodChoice
    /// Only its members; nil: everybody.
    package let segment: Text?
    /// Segments to be told by themselves.
    package let per: [Text]
    /// The property of the first step to tell apart by.
    package let by: PropertyPath?

    package static let mostSteps = 10
    package static let mostSegments = 5
    package static let usualWithin = "7 days"
    static let shownValues = 8

    /// What the page offers to begin with.
    package static let suggested = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed"]

    /// - Parameter fields: what is wrong is noted there.
    /// - Returns: nil when no step is named, and when something is wrong.
    package init?(_ fields: inout ReportFields, segments: [SegmentName], zone: Zone) {
        let reader = QuestionReader(zone: zone)
        var steps: [EventQuery] = []
        for number in 1...Self.mostSteps {
            if let step = fields.events("step\(number)", filter: "where\(number)", reader) { steps.append(step) }
        }
        let within = fields.duration("within", reader, usual: Self.usualWithin)
        order = fields.choice("order", usual: .ordered)
        period = PeriodChoice(&fields, usual: .last(days: Period.usualDays), mayBeEverything: true)
        segment = fields.segment("segment", among: segments)
        let per = fields.segments("per", among: segments, most: Self.mostSegments)
        by = fields.property("by", reader, mayBeOfItems: true)
        if by != nil, !per.isEmpty { fields.refuse("by", "Choose segments or a property, not both.") }
        if !fields.isEmpty, steps.isEmpty, fields.wrong.isEmpty { fields.refuse("step1", "Name the first step.") }
        guard fields.wrong.isEmpty, let within, !steps.isEmpty else { return nil }
        self.steps = steps
        self.within = within
        self.per = per
    }

    /// The query, with the segments' members.
    package func query(at now: Timestamp, in zone: Zone, groups: [MemberGroup], wantsTimes: Bool = true) -> FunnelQuery
    {
        var steps = steps
        steps[0].window = period.window(at: now, in: zone)
        let split: FunnelQuery.Split? =
            by.map { .property($0, limit: Self.shownValues) } ?? (groups.isEmpty ? nil : .segments(groups))
        return FunnelQuery(steps: steps, within: within, order: order, by: split, wantsTimes: wantsTimes)
    }

    // MARK: - People

    /// Some of the people that a funnel speaks of.
    package struct People: Hashable, Sendable {
        /// Counted from 0: they reached this step.
        package let step: Int
        /// Whether only those who did not reach the next one.
        package let areLost: Bool
        package let group: Group?

        package init(step: Int, areLost: Bool, group: Group? = nil) {
            self.step = step
            self.areLost = areLost
            self.group = group
        }

        /// Of which group they are, as the address of a page says it.
        package enum Group: Hashable, Sendable {
            case segment(Text)
            case others
            case value(Text)
        }
    }

    /// The people as a definition that says exactly the same; nil for those who were lost after the last step.
    ///
    /// - Parameter taken: names that other definitions have.
    package func definition(
        of people: People, at now: Timestamp, in zone: Zone, taken: (Text) -> Bool = { _ in false }
    ) -> Definition? {
        guard steps.indices.contains(people.step) else { return nil }
        let query = query(at: now, in: zone, groups: [], wantsTimes: false)
        let kind = kind(of: people.group)
        let base = people.areLost ? "dropped_after_step_\(people.step + 1)" : "reached_step_\(people.step + 1)"
        let name = (0...).lazy.map { Text($0 == 0 ? base : "\(base)_\($0 + 1)") }.first { !taken($0) } ?? Text(base)
        let condition: Condition
        if people.areLost {
            guard let found = query.dropOff(after: people.step, in: kind, named: name)?.condition else { return nil }
            condition = found
        } else {
            condition = query.condition(reaching: people.step, in: kind)
        }
        return Definition(
            name: name, title: Text(title(of: people)), body: .segment(among(condition)))
    }

    private func among(_ condition: Condition) -> Condition {
        guard let segment else { return condition }
        let own = Condition(.inSegment(segment))
        if case .and(let terms) = condition.kind { return Condition(.and([own] + terms)) }
        return Condition(.and([own, condition]))
    }

    private func kind(of group: People.Group?) -> FunnelQuery.Group.Kind? {
        switch group {
        case .segment(let name): .segment(name)
        case .others: .others(per)
        case .value(let value): by.map { .value($0, value) }
        case nil: nil
        }
    }

    /// "Product Viewed, then not Order Completed"
    package func title(of people: People) -> String {
        guard steps.indices.contains(people.step) else { return "" }
        var text = steps[people.step].title
        if people.areLost, people.step + 1 < steps.count { text += ", then not \(steps[people.step + 1].title)" }
        switch people.group {
        case .segment(let name): text += " (\(name))"
        case .others: text += " (in none of the segments)"
        case .value(let value): text += " (\(value))"
        case nil: break
        }
        return text
    }
}

extension FunnelQuery.Group.Kind {
    /// As the address of a page says it.
    var group: FunnelQuestion.People.Group {
        switch self {
        case .segment(let name): .segment(name)
        case .others: .others
        case .value(_, let value): .value(value)
        }
    }
}
