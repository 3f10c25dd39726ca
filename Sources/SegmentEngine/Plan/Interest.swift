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

/// A message that has arrived, as far as it decides which definitions it concerns.
package struct Incoming: Hashable, Sendable {
    package var kind: MessageKind
    /// The canonical name; empty for messages that are no events.
    package var event: Text
    /// Its time; nil when it is not known.
    package var time: Timestamp?
    /// Whether it has a context: a person's choices may stand there.
    package var hasContext: Bool

    package init(_ message: Message) {
        self.init(message.kind, event: message.event, at: message.time, hasContext: !message.context.isEmpty)
    }

    /// - Parameter hasContext: true when it is not known.
    package init(_ kind: MessageKind, event: Text = "", at time: Timestamp? = nil, hasContext: Bool = true) {
        self.kind = kind
        self.event = event
        self.time = time
        self.hasContext = hasContext
    }
}

extension Plan {
    /// The definitions whose answer for its profile a message may change.
    ///
    /// The first message of a profile, one dated before it, and one that joins profiles change more: then ask for all.
    package func affected(by message: Message) -> [Text] {
        let incoming = Incoming(message)
        return entries.filter { isAffected($0.interest, by: incoming) }.map(\.definition.name)
    }

    func isAffected(_ interest: Interest, by incoming: Incoming) -> Bool {
        if interest.anyContext, incoming.hasContext { return true }
        switch incoming.kind {
        case .identify: return interest.traits
        // They move events from one profile to another.
        case .alias: return true
        case .group: return false
        case .track, .page, .screen:
            if interest.names.contains(incoming.event) { return true }
            return interest.patterns.contains { index in
                patterns[index].matches(incoming.event)
                    || (patterns[index].isVisit && Vocabulary.browsingEvents.contains(incoming.event))
            }
        }
    }
}
