import EventModel
import SegmentLanguage

extension Scope {
    /// `for some P: C` and its like: C is asked in the group of each value of P.
    func holdsInGroups(_ quantifier: GroupQuantifier, _ path: PropertyPath, _ condition: Condition) -> Bool {
        let values = Set(events.flatMap { entities(path, of: $0) }).sorted()
        let groups = values.map { group(path, $0) }
        switch quantifier {
        case .some: return groups.contains { $0.holds(condition) }
        case .atLeast(let least): return groups.filter { $0.holds(condition) }.count >= least
        case .every: return !groups.isEmpty && groups.allSatisfy { $0.holds(condition) }
        }
    }

    /// The values of P that an event has: its own, and those of its items; of an item path only the items'.
    func entities(_ path: PropertyPath, of event: Event) -> Set<Text> {
        var found = Set(event.items.compactMap { itemEntity(path, $0, of: event) })
        if let own = ownEntity(path, of: event) { found.insert(own) }
        return found
    }

    private func ownEntity(_ path: PropertyPath, of event: Event) -> Text? {
        path.scope == .items ? nil : ReferenceValue(property(path, of: event, item: nil)).identity
    }

    private func itemEntity(_ path: PropertyPath, _ item: JSONObject, of event: Event) -> Text? {
        if path.scope == .context { return nil }
        let inItem = PropertyPath(scope: .items, parts: path.parts)
        return ReferenceValue(property(inItem, of: event, item: item)).identity
    }

    /// What the group of one value shows: events that have it, with only the items that have it; items without
    /// any value show where the event's own value is the group's. Visits show by their own value.
    private func group(_ path: PropertyPath, _ value: Text) -> Scope {
        var scope = self
        scope.events = events.filter { entities(path, of: $0).contains(value) }.map { narrowed($0, path, value) }
        scope.visits = visits.filter { ownEntity(path, of: $0) == value }.map { narrowed($0, path, value) }
        return scope
    }

    private func narrowed(_ event: Event, _ path: PropertyPath, _ value: Text) -> Event {
        let isOwn = ownEntity(path, of: event) == value
        var narrowed = event
        narrowed.items = event.items.filter { item in
            itemEntity(path, item, of: event).map { $0 == value } ?? isOwn
        }
        return narrowed
    }
}
