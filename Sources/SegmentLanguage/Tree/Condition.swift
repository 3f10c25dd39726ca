package import EventModel

/// Something that holds or does not: of a profile, or, inside a filter, of one event.
///
/// The same tree serves both; `anyItem`, `everyItem` and values of kind `property` and `eventField`
/// occur in filters only, everything that asks the history occurs outside filters only.
package struct Condition: Hashable, Sendable {
    package var kind: Kind
    package var range: SourceRange

    package init(_ kind: Kind, range: SourceRange = .none) {
        self.kind = kind
        self.range = range
    }

    package static func == (left: Condition, right: Condition) -> Bool { left.kind == right.kind }
    package func hash(into hasher: inout Hasher) { hasher.combine(kind) }

    package indirect enum Kind: Hashable, Sendable {
        /// At least two operands; `and` directly inside `and` is flattened by the parser, likewise `or`.
        case and([Condition])
        case or([Condition])
        case not(Condition)

        /// `did E [COUNT] [where F] [WINDOW]`. Without COUNT: at least one time (`count == nil`).
        case did(EventQuery, count: CountRequirement?)
        /// `did not E [where F] [WINDOW]`.
        case didNot(EventQuery)
        /// `did E in at least N of last M days/weeks/months [where F]`; the query has no window.
        case didInPeriods(EventQuery, atLeast: Int, of: Int, period: PeriodUnit)
        /// `every E [where F] [WINDOW] has (G)`.
        case every(EventQuery, has: Condition)
        case sequence(Sequence, count: CountRequirement?, window: Window?)
        /// `for some/at least N/every P: C`.
        case forGroups(GroupQuantifier, PropertyPath, Condition)

        case compare(Value, Comparison, Value, ignoringCase: Bool)
        case between(Value, Value, Value)
        case isIn(Value, [Value], negated: Bool, ignoringCase: Bool)
        case exists(Value, negated: Bool)
        case text(Value, TextOperator, Value, ignoringCase: Bool)

        /// `M in top p% [of segment S]` and its like.
        case rank(metric: Text, RankBand, of: Text?)
        case inSegment(Text)
        case inSegmentForAtLeast(Text, DurationLiteral)
        case wasInSegment(Text, DurationLiteral)
        case entered(Text, Window?)
        case left(Text, Window?)
        case anniversary(Value, AnniversaryWindow)
        case canReceive(Text)

        /// Filters only: at least one item, every item (at least one).
        case anyItem(Condition)
        case everyItem(Condition)
    }
}

package enum Comparison: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

package enum TextOperator: String, Hashable, Sendable, CaseIterable {
    case contains
    case startsWith = "starts with"
    case endsWith = "ends with"
    case matches
}

/// COUNT: how many matching events, distinct days or visits.
package struct CountRequirement: Hashable, Sendable {
    package enum Bound: Hashable, Sendable {
        case atLeast(Int)
        case atMost(Int)
        case exactly(Int)
        case moreThan(Int)
        case fewerThan(Int)
        /// Both ends included; an impossible pair is a warning, not an error.
        case between(Int, Int)
    }
    package enum Unit: String, Hashable, Sendable, CaseIterable {
        case times, days, visits
    }

    package var bound: Bound
    package var unit: Unit

    package init(_ bound: Bound, _ unit: Unit) {
        self.bound = bound
        self.unit = unit
    }

    package static let atLeastOnce = CountRequirement(.atLeast(1), .times)

    package func isMet(by count: Int) -> Bool {
        switch bound {
        case .atLeast(let n): count >= n
        case .atMost(let n): count <= n
        case .exactly(let n): count == n
        case .moreThan(let n): count > n
        case .fewerThan(let n): count < n
        case .between(let low, let high): low <= count && count <= high
        }
    }
}

/// The periods of `in at least N of last M ...`: 24 hours, 7 days, 30 days.
package enum PeriodUnit: String, Hashable, Sendable, CaseIterable {
    case days, weeks, months

    package var milliseconds: Int64 {
        switch self {
        case .days: 86_400_000
        case .weeks: 7 * 86_400_000
        case .months: 30 * 86_400_000
        }
    }
}

package enum GroupQuantifier: Hashable, Sendable {
    case some
    case atLeast(Int)
    case every
}

package enum RankBand: Hashable, Sendable {
    /// Percent, 0...100 (more is a warning): `top 10%` is `.top(10)`.
    case top(Decimal128)
    case bottom(Decimal128)
    /// 1...5, 5 the highest.
    case quintile(Int)
}

package enum AnniversaryWindow: Hashable, Sendable {
    case inNext(DurationLiteral)
    case inLast(DurationLiteral)
    case today
}

/// `sequence(A then B then not C, within D, same P)`.
package struct Sequence: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package var query: EventQuery
        package var negated: Bool
        /// Only on a trailing `not` step: its own `within D2`.
        package var within: DurationLiteral?

        package init(_ query: EventQuery, negated: Bool = false, within: DurationLiteral? = nil) {
            self.query = query
            self.negated = negated
            self.within = within
        }
    }

    /// The first step is positive; step queries have no window.
    package var steps: [Step]
    package var within: DurationLiteral?
    package var same: PropertyPath?

    package init(steps: [Step], within: DurationLiteral?, same: PropertyPath? = nil) {
        self.steps = steps
        self.within = within
        self.same = same
    }
}
