import EventModel

/// Where something stands in a profile's history: by time, then by arrival.
struct Place: Hashable, Comparable {
    let time: Int64
    let arrival: Int

    static func < (left: Place, right: Place) -> Bool {
        (left.time, left.arrival) < (right.time, right.arrival)
    }
}

/// One event, or one visit, as a definition sees it.
struct Event {
    /// Nil for a visit.
    let name: Text?
    let place: Place
    let properties: JSONObject
    let context: JSONObject
    /// The items it shows; a group shows fewer.
    var items: [JSONObject]
    /// What a visit has beside its first event's properties.
    let visit: VisitFigures?

    init(_ message: Message, arrival: Int) {
        name = message.event
        place = Place(time: message.time.milliseconds, arrival: arrival)
        properties = message.properties
        context = message.context
        items = itemsOf(message.properties)
        visit = nil
    }

    /// The visit that begins with `first`.
    init(visitFrom first: Event, figures: VisitFigures) {
        name = nil
        place = first.place
        properties = first.properties
        context = first.context
        items = first.items
        visit = figures
    }

    var time: Int64 { place.time }
    var isVisit: Bool { visit != nil }
}

/// The objects of `products`; without `products` an event with a `product_id` is its own single item.
private func itemsOf(_ properties: JSONObject) -> [JSONObject] {
    switch properties["products"] ?? .null {
    case .array(let elements):
        return elements.compactMap { if case .object(let item) = $0 { item } else { nil } }
    case .null:
        return lookUp(["product_id"], in: properties) == nil ? [] : [properties]
    default:
        return []
    }
}

/// The value at a path of keys; nil when it is missing, null, or the path leads into something that is no object.
func lookUp(_ parts: [Text], in object: JSONObject) -> JSONValue? {
    var value = JSONValue.object(object)
    for part in parts {
        guard case .object(let inner) = value, let next = inner[part] else { return nil }
        value = next
    }
    return value == .null ? nil : value
}
