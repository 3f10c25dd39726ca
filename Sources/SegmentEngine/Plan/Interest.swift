package import EventModel
import SegmentLanguage

/// Which messages can change a definition's answer for their profile.
struct Interest: Sendable {
    /// Patterns of events asked about, in filters' events too.
    var patterns: Set<Int> = []
    /// Event names that the language's own notions ask about: the cart, net orders, consent.
    var names: Set<Text> = []
    /// Whether identify messages matter: traits, the profile's zone.
    var traits = false
    /// Whether the context of any message matters: consent.
    var anyContext = false

    mutating func formUnion(_ other: Interest) {
        patterns.formUnion(other.patterns)
        names.formUnion(other.names)
        traits = traits || other.traits
        anyContext = anyContext || other.anyContext
    }
}

extension Plan {
    /// The definitions whose answer for its profile a message may change.
    ///
    /// The first message of a profile changes more: then ask for all.
    package func affected(by message: Message) -> [Text] {
        entries.filter { isAffected($0.interest, by: message) }.map(\.definition.name)
    }

    private func isAffected(_ interest: Interest, by message: Message) -> Bool {
        if interest.anyContext, !message.context.isEmpty { return true }
        switch message.kind {
        case .identify: return interest.traits
        // They move events from one profile to another.
        case .alias: return true
        case .group: return false
        case .track, .page, .screen:
            if interest.names.contains(message.event) { return true }
            return interest.patterns.contains { index in
                patterns[index].matches(message.event)
                    || (patterns[index].isVisit && Vocabulary.browsingEvents.contains(message.event))
            }
        }
    }
}
