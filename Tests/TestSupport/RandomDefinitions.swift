package import EventModel
package import SegmentLanguage

/// Random definitions that bind without an error, with every construct of the language.
///
/// ```swift
/// var random = SeededRandom(seed: 7)
/// let definitions = RandomDefinitions.make(random: &random, size: 6, pool: .shop)
/// ```
package enum RandomDefinitions {
    /// What the definitions speak of. Lists must not be empty.
    package struct Pool: Sendable {
        /// Canonical names.
        package var events: [Text]
        package var patterns: [Text]
        /// Paths of scope `.properties` and `.context`.
        package var properties: [PropertyPath]
        /// Paths of scope `.items`.
        package var itemProperties: [PropertyPath]
        /// What groups and `same` go by.
        package var groups: [PropertyPath]
        package var traits: [[Text]]
        package var numbers: [Decimal128]
        package var strings: [Text]
        package var regexes: [Text]
        /// Dates and times as the language writes them, in ascending order whatever the zone.
        package var times: [Text]
        package var durations: [DurationLiteral]
        package var purposes: [Text]
        package var channels: [Text]

        package init(
            events: [Text], patterns: [Text], properties: [PropertyPath], itemProperties: [PropertyPath],
            groups: [PropertyPath], traits: [[Text]], numbers: [Decimal128], strings: [Text], regexes: [Text],
            times: [Text], durations: [DurationLiteral], purposes: [Text], channels: [Text]
        ) {
            self.events = events
            self.patterns = patterns
            self.properties = properties
            self.itemProperties = itemProperties
            self.groups = groups
            self.traits = traits
            self.numbers = numbers
            self.strings = strings
            self.regexes = regexes
            self.times = times
            self.durations = durations
            self.purposes = purposes
            self.channels = channels
        }
    }

    /// Makes definitions `d0`, `d1`, ...; each may use those before it.
    ///
    /// - Parameters:
    ///   - size: how many definitions.
    ///   - depth: how deep conditions and values nest, at most 8.
    package static func make(
        random: inout some RandomNumberGenerator, size: Int, depth: Int = 3, pool: Pool = .shop
    ) -> [Definition] {
        var maker = DefinitionMaker(random: random, pool: pool)
        let definitions = (0..<size).map { maker.definition($0, depth: min(depth, 8)) }
        random = maker.random
        return definitions
    }

    /// A single condition without references.
    package static func condition(
        random: inout some RandomNumberGenerator, depth: Int = 3, pool: Pool = .shop
    ) -> Condition {
        var maker = DefinitionMaker(random: random, pool: pool)
        let condition = maker.condition(min(depth, 8))
        random = maker.random
        return condition
    }
}

/// Draws trees; one random number at a time, so that a seed fixes everything.
struct DefinitionMaker<Random: RandomNumberGenerator> {
    var random: Random
    let pool: RandomDefinitions.Pool
    /// Definitions made already.
    private(set) var segments: [Text] = []
    private(set) var numericMetrics: [Text] = []
    private(set) var timeMetrics: [Text] = []

    init(random: Random, pool: RandomDefinitions.Pool) {
        self.random = random
        self.pool = pool
    }

    mutating func definition(_ number: Int, depth: Int) -> Definition {
        let name = Text("d\(number)")
        let title: Text? = chance(3) ? element(pool.strings) : nil
        switch below(5) {
        case 0:
            defer { numericMetrics.append(name) }
            return Definition(name: name, title: title, body: .metric(self.number(depth)))
        case 1:
            defer { timeMetrics.append(name) }
            return Definition(name: name, title: title, body: .metric(time(depth)))
        case 2 where chance(3):
            return Definition(name: name, title: title, body: .metric(anyValue(depth)))
        default:
            defer { segments.append(name) }
            return Definition(name: name, title: title, body: .segment(condition(depth)))
        }
    }

    // MARK: - Drawing

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &random) }

    /// True once in so many times.
    mutating func chance(_ times: Int) -> Bool { below(times) == 0 }

    mutating func element<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func optional<Element>(_ make: (inout Self) -> Element) -> Element? {
        chance(2) ? make(&self) : nil
    }

    // MARK: - Events

    mutating func events() -> EventPattern {
        switch below(10) {
        case 0: .anyEvent
        case 1: .visit
        case 2: .like(element(pool.patterns))
        case 3, 4: .anyOf((0...below(3)).map { _ in element(pool.events) })
        default: .named(element(pool.events))
        }
    }

    mutating func query(_ depth: Int, hasWindow: Bool = true) -> EventQuery {
        let pattern = events()
        let filter = optional { $0.filter(depth - 1) }
        return EventQuery(pattern, where: filter, window: hasWindow ? optional { $0.window(depth - 1) } : nil)
    }

    mutating func duration() -> DurationLiteral { element(pool.durations) }

    mutating func count(_ unit: CountRequirement.Unit? = nil) -> CountRequirement {
        let unit = unit ?? element(CountRequirement.Unit.allCases)
        let n = below(4)
        switch below(6) {
        case 0: return CountRequirement(.atLeast(n), unit)
        case 1: return CountRequirement(.atMost(n), unit)
        case 2: return CountRequirement(.exactly(n), unit)
        case 3: return CountRequirement(.moreThan(n), unit)
        case 4: return CountRequirement(.fewerThan(n), unit)
        default: return CountRequirement(.between(n, below(6)), unit)
        }
    }

    mutating func window(_ depth: Int) -> Window {
        switch below(11) {
        case 0, 1: return .inLast(duration())
        case 2:
            let (first, second) = (duration(), duration())
            if first.milliseconds == second.milliseconds { return .beforeAgo(first) }
            let isInOrder = first.milliseconds > second.milliseconds
            return .fromAgo(isInOrder ? first : second, to: isInOrder ? second : first)
        case 3:
            let length = duration()
            return length.milliseconds > 0 ? .fromAgo(length, to: nil) : .inLast(length)
        case 4: return .beforeAgo(duration())
        case 5:
            guard pool.times.count > 1 else { return .before(timeLiteral()) }
            let later = 1 + below(pool.times.count - 1)
            return .from(literal(pool.times[below(later)]), to: literal(pool.times[later]))
        case 6: return chance(2) ? .before(timeLiteral()) : .onOrAfter(timeLiteral())
        case 7: return .calendar(element(CalendarPeriod.allCases))
        case 8: return .since(element(Window.Edge.allCases), query(depth, hasWindow: false))
        case 9: return .beforeEvent(element(Window.Edge.allCases), query(depth, hasWindow: false))
        default: return .withinAfter(duration(), element(Window.Edge.allCases), query(depth, hasWindow: false))
        }
    }

    mutating func timeLiteral() -> TimeLiteral { literal(element(pool.times)) }

    private func literal(_ text: Text) -> TimeLiteral {
        TimeLiteral(text: text, isDate: text.utf8.count == 10)
    }
}
