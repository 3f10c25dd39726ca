package import EventModel

/// Something with a value: of a profile, or, inside a filter or an aggregate's X, of one event.
package struct Value: Hashable, Sendable {
    package var kind: Kind
    package var range: SourceRange

    package init(_ kind: Kind, range: SourceRange = .none) {
        self.kind = kind
        self.range = range
    }

    package static func == (left: Value, right: Value) -> Bool { left.kind == right.kind }
    package func hash(into hasher: inout Hasher) { hasher.combine(kind) }

    package indirect enum Kind: Hashable, Sendable {
        case number(Decimal128)
        /// `12%`: the number 0.12, kept as percent so that it prints as written: `.percent(12)`.
        case percent(Decimal128)
        case string(Text)
        case bool(Bool)
        case duration(DurationLiteral)
        case time(TimeLiteral)
        case weekday(Weekday)
        case consentState(ConsentState)
        case now
        /// `D ago`, `D from now`.
        case ago(DurationLiteral)
        case fromNow(DurationLiteral)

        /// An aggregate over matching events; X is nil for `count`, `days`, `visits` and for the time of `first` and `last`.
        case aggregate(Aggregate, of: Value?, EventQuery)

        /// `trait.a.b`: top-level trait a, then into objects.
        case trait([Text])
        /// `profile.created`.
        case profileCreated
        case cart(CartField)
        /// A metric by name, the built-in `net_orders` and `net_revenue` included.
        case metric(Text)
        case consent(Text)
        /// `bucket("salt")`: [0, 1).
        case bucket(Text)

        /// `hour(t)`, `local_hour(t)` and so on.
        case timeFunction(TimeField, local: Bool, Value)
        /// In filters: the bare words `hour`, `local_hour`, `time` and so on, of the event itself.
        case eventField(TimeField, local: Bool)
        /// In filters: the event's own time (`time`).
        case eventTime
        /// In filters and X: a property of the event, of its context, or of its items.
        case property(PropertyPath)

        case arithmetic(Value, ArithmeticOperator, Value)
        case negated(Value)
    }
}

package enum Aggregate: String, Hashable, Sendable, CaseIterable {
    case count, days, visits
    case sum, average, minimum, maximum, median
    case distinct, list
    case first, last
    case mostFrequent = "most frequent"
}

package enum TimeField: String, Hashable, Sendable, CaseIterable {
    case hour, weekday, month, year, date
}

package enum CartField: String, Hashable, Sendable, CaseIterable {
    case value, items, quantity, updated
}

package enum ConsentState: String, Hashable, Sendable, CaseIterable {
    case granted, denied, revoked
}

/// monday = 1 ... sunday = 7.
package enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday
}

package enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
}
