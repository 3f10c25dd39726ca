package import EventModel

/// One segment or metric as somebody wrote it.
package struct Definition: Hashable, Sendable {
    package enum Body: Hashable, Sendable {
        case segment(Condition)
        case metric(Value)
    }

    package var name: Text
    package var title: Text?
    package var body: Body
    /// The whole definition in its source.
    package var range: SourceRange
    /// The name alone in its source.
    package var nameRange: SourceRange

    package init(
        name: Text, title: Text? = nil, body: Body, range: SourceRange = .none, nameRange: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.body = body
        self.range = range
        self.nameRange = nameRange
    }

    /// Two definitions are equal when they mean the same; where they stand in a text does not matter.
    package static func == (left: Definition, right: Definition) -> Bool {
        left.name == right.name && left.title == right.title && left.body == right.body
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(title)
        hasher.combine(body)
    }

    package var condition: Condition? {
        if case .segment(let condition) = body { condition } else { nil }
    }

    package var value: Value? {
        if case .metric(let value) = body { value } else { nil }
    }
}
