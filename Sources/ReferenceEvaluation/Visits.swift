import EventModel

/// What a visit has beside the properties of its first event.
struct VisitFigures {
    /// How many browsing events.
    let events: Int
    /// From its first browsing event to its last.
    let milliseconds: Int64
    /// When its span ends: 30 minutes after the last browsing event.
    let spanEnd: Int64

    /// The visit's own properties, by name.
    func property(_ name: Text) -> JSONValue? {
        switch name {
        case "events": .number(Decimal128(events))
        case "duration": .number(Decimal128(scaled: milliseconds, exponent: -3))
        default: nil
        }
    }
}

/// A visit's longest pause, and how long after it other events still belong to it.
let visitPause: Int64 = 30 * 60_000

/// The visits of a profile that are formed by these events, all it shows as of an instant, in history order.
func visits(in events: [Event]) -> [Event] {
    let browsing = events.filter { event in event.name.map { Vocabulary.browsingEvents.contains($0) } ?? false }
    var runs: [[Event]] = []
    for event in browsing {
        if let last = runs.last?.last, event.time - last.time <= visitPause {
            runs[runs.count - 1].append(event)
        } else {
            runs.append([event])
        }
    }
    return runs.compactMap { run in
        guard let first = run.first, let last = run.last else { return nil }
        let figures = VisitFigures(
            events: run.count, milliseconds: last.time - first.time, spanEnd: last.time + visitPause)
        return Event(visitFrom: first, figures: figures)
    }
}

/// The place of the visit that an event belongs to: it lies in the visit's span. A visit belongs to itself.
func visitPlace(of event: Event, among visits: [Event]) -> Place? {
    if event.isVisit { return event.place }
    return visits.first { visit in
        guard let figures = visit.visit else { return false }
        return visit.time <= event.time && event.time <= figures.spanEnd
    }?.place
}
