import EventModel

/// The first identifiers of a set by (time, text), never more than a limit.
///
/// The set only grows, and times only fall: so what is here depends on the set alone and not on the order in which it
/// grew, and what was pushed out comes back only with an earlier time of its own.
struct EarliestFirst: Sendable {
    struct Element: Sendable {
        let identifier: ProfileNumber
        let time: Timestamp
    }

    private(set) var elements: [Element] = []

    func contains(_ identifier: ProfileNumber) -> Bool { elements.contains { $0.identifier == identifier } }

    /// Whether `put` would change anything.
    func takes(
        _ identifier: ProfileNumber, at time: Timestamp, limit: Int, text: (ProfileNumber) -> Text
    ) -> Bool {
        guard elements.count >= limit, let last = elements.last, !contains(identifier) else { return true }
        return Self.isBefore(identifier, time, last, text)
    }

    /// Puts an identifier where it belongs, also when it is here with a later time.
    ///
    /// - Parameter text: the text of an identifier.
    /// - Returns: the one that had to go for it, if one had to; itself when it is too late.
    mutating func put(
        _ identifier: ProfileNumber, at time: Timestamp, limit: Int, text: (ProfileNumber) -> Text
    ) -> ProfileNumber? {
        if let place = elements.firstIndex(where: { $0.identifier == identifier }) { elements.remove(at: place) }
        // From behind: most links come in the order of their times.
        var place = elements.count
        while place > 0, Self.isBefore(identifier, time, elements[place - 1], text) { place -= 1 }
        guard place < limit else { return identifier }
        elements.insert(Element(identifier: identifier, time: time), at: place)
        return elements.count > limit ? elements.removeLast().identifier : nil
    }

    private static func isBefore(
        _ identifier: ProfileNumber, _ time: Timestamp, _ other: Element, _ text: (ProfileNumber) -> Text
    ) -> Bool {
        time == other.time ? text(identifier) < text(other.identifier) : time < other.time
    }
}
