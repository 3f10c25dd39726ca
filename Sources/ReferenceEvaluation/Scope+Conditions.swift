import EventModel
import SegmentLanguage

extension Scope {
    /// Whether a condition holds here; in a filter, of the event and item that the scope speaks of.
    func holds(_ condition: Condition) -> Bool {
        switch condition.kind {
        case .and(let parts): parts.allSatisfy { holds($0) }
        case .or(let parts): parts.contains { holds($0) }
        case .not(let part): !holds(part)

        case .did(let query, let count): (count ?? .atLeastOnce).isMet(by: number(of: matches(query), count?.unit))
        case .didNot(let query): matches(query).isEmpty
        case .didInPeriods(let query, let least, let periods, let unit):
            periodsWithMatch(query, periods, unit) >= least
        case .every(let query, let requirement): everyMatch(query, has: requirement)
        case .sequence(let sequence, let count, let window):
            (count ?? .atLeastOnce).isMet(by: number(of: starts(of: sequence, window), count?.unit))
        case .forGroups(let quantifier, let path, let inner): holdsInGroups(quantifier, path, inner)

        case .compare(let left, let comparison, let right, let ignoringCase):
            ofSomeItem([left, right]) { $0.compare(left, comparison, right, ignoringCase: ignoringCase) }
        case .between(let value, let low, let high):
            ofSomeItem([value, low, high]) { scope in
                scope.compare(value, .greaterOrEqual, low) && scope.compare(value, .lessOrEqual, high)
            }
        case .isIn(let value, let elements, let negated, let ignoringCase):
            ofSomeItem([value] + elements) { $0.isIn(value, elements, negated, ignoringCase) }
        case .exists(let value, let negated): ofSomeItem([value]) { $0.exists(value) != negated }
        case .text(let value, let textOperator, let part, let ignoringCase):
            ofSomeItem([value, part]) { $0.textCompare(value, textOperator, part, ignoringCase) }

        case .rank(let metric, let band, let population): isRanked(metric, band, population)
        case .inSegment(let segment): world.isMember(profile, of: segment, at: now, watch: watch)
        case .inSegmentForAtLeast(let segment, let duration): hasBeenMember(of: segment, for: duration.milliseconds)
        case .wasInSegment(let segment, let duration):
            world.isMember(
                profile, of: segment, at: shift(now, by: -duration.milliseconds), delay: duration.milliseconds,
                watch: watch)
        case .entered(let segment, let window): changed(segment, to: true, window)
        case .left(let segment, let window): changed(segment, to: false, window)
        case .anniversary(let value, let window): ofSomeItem([value]) { $0.hasAnniversary(value, window) }
        case .canReceive(let channel): profile.canReceive(channel, settings: world.settings, at: now)

        case .anyItem(let filter): items.contains { holds(filter, ofItem: $0) }
        case .everyItem(let filter): !items.isEmpty && items.allSatisfy { holds(filter, ofItem: $0) }
        }
    }

    private var items: [JSONObject] { event?.items ?? [] }

    private func holds(_ filter: Condition, ofItem item: JSONObject) -> Bool {
        guard let event else { return false }
        return speaking(of: event, item: item).holds(filter)
    }

    /// A bare item path in a comparison means any item; several in one comparison speak of the same item.
    private func ofSomeItem(_ values: [Value], _ holds: (Scope) -> Bool) -> Bool {
        guard let event, item == nil, values.contains(where: \.mentionsItems) else { return holds(self) }
        return event.items.contains { holds(speaking(of: event, item: $0)) }
    }

    private func compare(
        _ left: Value, _ comparison: Comparison, _ right: Value, ignoringCase: Bool = false
    ) -> Bool {
        let relation = relation(left, right, ignoringCase)
        askLater(left, right) { $0.relation(left, right, ignoringCase) }
        return relation.satisfies(comparison)
    }

    private func relation(_ left: Value, _ right: Value, _ ignoringCase: Bool) -> Relation {
        ReferenceEvaluation.relation(value(left), value(right), ignoringCase: ignoringCase, zone: zone)
    }

    private func isIn(_ value: Value, _ elements: [Value], _ negated: Bool, _ ignoringCase: Bool) -> Bool {
        let isEqualToSome = elements.contains { compare(value, .equal, $0, ignoringCase: ignoringCase) }
        return negated ? !isEqualToSome && self.value(value).isComparable : isEqualToSome
    }

    private func exists(_ value: Value) -> Bool {
        let found = self.value(value)
        askLater(value, value) { $0.value(value).isNull }
        return !found.isNull
    }

    private func textCompare(
        _ left: Value, _ textOperator: TextOperator, _ right: Value, _ ignoringCase: Bool
    ) -> Bool {
        textHolds(value(left), textOperator, value(right), ignoringCase: ignoringCase, zone: zone) {
            world.regex($0, ignoringCase: ignoringCase)
        }
    }

    /// Where a value moves with the clock, leaves the question to later instants.
    ///
    /// To be called after the values were looked at: their own questions (when does the hour end?) come first.
    private func askLater<Answer: Hashable>(_ left: Value, _ right: Value, _ question: @escaping (Scope) -> Answer) {
        guard world.moves(left) || world.moves(right) else { return }
        watch.ask(winding: world.winds(left) || world.winds(right)) { AnyHashable(question(at($0))) }
    }
}

extension ReferenceValue {
    /// Whether comparisons with it can hold: it is no null, list or object.
    fileprivate var isComparable: Bool {
        switch self {
        case .null, .list, .object: false
        default: true
        }
    }
}

// MARK: - Events that match

extension Scope {
    /// The events that fit a query's pattern, lie in its window and pass its filter, in history order.
    func matches(_ query: EventQuery) -> [Event] {
        let span = query.window.map { self.span(of: $0) }
        return candidates(query.events).filter { event in
            if let window = query.window { watchLeaving(of: event.time, window) }
            return (span?.contains(event.place) ?? true) && passes(event, query.filter)
        }
    }

    /// The events, or visits, that fit a pattern.
    private func candidates(_ pattern: EventPattern) -> [Event] {
        switch pattern {
        case .named(let name): events.filter { $0.name == name }
        case .anyOf(let names): events.filter { event in names.contains { $0 == event.name } }
        case .anyEvent: events
        case .like(let pattern): events.filter { $0.name.map { nameFits($0, pattern: pattern) } ?? false }
        case .visit: visits
        }
    }

    func passes(_ event: Event, _ filter: Condition?) -> Bool {
        guard let filter else { return true }
        return speaking(of: event).holds(filter)
    }

    /// How many events, or the distinct days or visits they belong to.
    func number(of events: [Event], _ unit: CountRequirement.Unit?) -> Int {
        switch unit ?? .times {
        case .times: events.count
        case .days: Set(events.map { zone.day(of: Timestamp(milliseconds: $0.time)) }).count
        case .visits: Set(events.compactMap { visitPlace(of: $0, among: allVisits) }).count
        }
    }

    /// Of the last so many periods, the newest being (now - period, now], those that hold a match.
    private func periodsWithMatch(_ query: EventQuery, _ periods: Int, _ unit: PeriodUnit) -> Int {
        let length = unit.milliseconds
        var found: Set<Int64> = []
        for event in matches(query) {
            let index = (now - event.time) / length
            guard index < Int64(periods) else { continue }
            watch.note(event.time, plus: (index + 1) * length)
            found.insert(index)
        }
        return found.count
    }

    private func everyMatch(_ query: EventQuery, has requirement: Condition) -> Bool {
        let found = matches(query)
        return !found.isEmpty && found.allSatisfy { passes($0, requirement) }
    }
}
