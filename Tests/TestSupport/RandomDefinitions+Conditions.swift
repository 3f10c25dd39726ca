import EventModel
import SegmentLanguage

extension DefinitionMaker {
    /// A condition on the profile.
    mutating func condition(_ depth: Int) -> Condition {
        guard depth > 0 else { return Condition(leaf(0)) }
        switch below(12) {
        case 0: return joined(depth, isAnd: true) { $0.condition($1) }
        case 1: return joined(depth, isAnd: false) { $0.condition($1) }
        case 2: return Condition(.not(condition(depth - 1)))
        case 3: return Condition(.forGroups(quantifier(), element(pool.groups), condition(depth - 1)))
        default: return Condition(leaf(depth))
        }
    }

    /// `and` never stands directly in `and`, nor `or` in `or`: the parser would make one of them.
    private mutating func joined(
        _ depth: Int, isAnd: Bool, _ make: (inout Self, Int) -> Condition
    ) -> Condition {
        let operands = (0...(1 + below(2))).flatMap { _ in
            let operand = make(&self, depth - 1)
            switch operand.kind {
            case .and(let inner) where isAnd: return inner
            case .or(let inner) where !isAnd: return inner
            default: return [operand]
            }
        }
        return Condition(isAnd ? .and(operands) : .or(operands))
    }

    private mutating func quantifier() -> GroupQuantifier {
        switch below(3) {
        case 0: .some
        case 1: .every
        default: .atLeast(1 + below(3))
        }
    }

    private mutating func leaf(_ depth: Int) -> Condition.Kind {
        switch below(20) {
        case 0, 1, 2: return .did(query(depth), count: optional { $0.count() })
        case 3: return .didNot(query(depth))
        case 4:
            return .didInPeriods(
                query(depth, hasWindow: false), atLeast: below(4), of: 1 + below(5),
                period: element(PeriodUnit.allCases))
        case 5: return .every(query(depth), has: filter(depth - 1))
        case 6, 7: return sequence(depth)
        case 8: return .anniversary(dateValue(depth), anniversaryWindow())
        case 9: return .canReceive(element(pool.channels))
        case 10: return rank() ?? .did(query(depth), count: nil)
        case 11, 12: return membership(depth) ?? .didNot(query(depth))
        case 13:
            return .compare(Value(.consent(element(pool.purposes))), equality(), consentState(), ignoringCase: false)
        case 14: return .compare(Value(.bucket(element(pool.strings))), order(), percent(), ignoringCase: false)
        default: return comparison(depth)
        }
    }

    // MARK: - Sequences

    private mutating func sequence(_ depth: Int) -> Condition.Kind {
        var steps = [Sequence.Step(query(depth - 1, hasWindow: false))]
        for _ in 0..<below(3) {
            steps.append(Sequence.Step(query(depth - 1, hasWindow: false), negated: chance(3)))
        }
        if chance(3) {
            steps.append(
                Sequence.Step(query(0, hasWindow: false), negated: true, within: optional { $0.duration() }))
        }
        let positives = steps.count { !$0.negated }
        let lastPositive = steps.lastIndex { !$0.negated } ?? 0
        let needsWithin = positives > 1 || steps[(lastPositive + 1)...].contains { $0.within == nil }
        let within = needsWithin || chance(2) ? duration() : nil
        return .sequence(
            Sequence(steps: steps, within: within, same: chance(3) ? element(pool.groups) : nil),
            count: chance(3) ? count(.times) : nil, window: chance(3) ? window(depth - 1) : nil)
    }

    // MARK: - References

    private mutating func rank() -> Condition.Kind? {
        let metrics = numericMetrics + timeMetrics + ["net_orders", "net_revenue"]
        let band: RankBand =
            switch below(3) {
            case 0: .top(element([0, 5, 10, 25, 50, 100]))
            case 1: .bottom(element([10, 20, 50, 100]))
            default: .quintile(1 + below(5))
            }
        return .rank(metric: element(metrics), band, of: segments.isEmpty || chance(2) ? nil : element(segments))
    }

    private mutating func membership(_ depth: Int) -> Condition.Kind? {
        guard !segments.isEmpty else { return nil }
        let segment = element(segments)
        return switch below(6) {
        case 0, 1: .inSegment(segment)
        case 2: .inSegmentForAtLeast(segment, duration())
        case 3: .wasInSegment(segment, duration())
        case 4: .entered(segment, optional { $0.window(depth - 1) })
        default: .left(segment, optional { $0.window(depth - 1) })
        }
    }

    private mutating func anniversaryWindow() -> AnniversaryWindow {
        switch below(3) {
        case 0: .today
        case 1: .inNext(duration())
        default: .inLast(duration())
        }
    }

    // MARK: - Comparisons of the profile

    private mutating func comparison(_ depth: Int) -> Condition.Kind {
        switch below(10) {
        case 0, 1, 2: return .compare(number(depth), order(), number(depth - 1), ignoringCase: false)
        case 3: return .compare(time(depth), order(), time(depth - 1), ignoringCase: false)
        case 4: return .compare(length(depth), order(), length(0), ignoringCase: false)
        case 5: return .between(number(depth), number(0), number(0))
        case 6: return .exists(anyValue(depth), negated: chance(2))
        case 7: return .compare(day(depth), order(), time(0), ignoringCase: false)
        case 8:
            return .text(
                Value(.aggregate(.list, of: property(), query(depth))), .contains, string(), ignoringCase: chance(2))
        default: return open(unknown(depth))
        }
    }

    /// A comparison of something whose type only the data tells.
    private mutating func open(_ value: Value) -> Condition.Kind {
        switch below(6) {
        case 0: return .compare(value, equality(), scalar(), ignoringCase: chance(3))
        case 1: return .compare(value, order(), scalar(), ignoringCase: false)
        case 2:
            return .isIn(
                value, (0...below(3)).map { _ in scalar() }, negated: chance(2), ignoringCase: chance(3))
        case 3: return .exists(value, negated: chance(2))
        case 4: return .between(value, scalar(), scalar())
        default:
            if chance(3) {
                return .text(value, .matches, Value(.string(element(pool.regexes))), ignoringCase: chance(2))
            }
            return .text(value, element([.contains, .startsWith, .endsWith]), string(), ignoringCase: chance(2))
        }
    }

    // MARK: - Filters

    /// A condition on one event.
    mutating func filter(_ depth: Int, inItem: Bool = false) -> Condition {
        guard depth > 0 else { return Condition(filterLeaf(0, inItem: inItem)) }
        switch below(8) {
        case 0: return joined(depth, isAnd: true) { $0.filter($1, inItem: inItem) }
        case 1: return joined(depth, isAnd: false) { $0.filter($1, inItem: inItem) }
        case 2: return Condition(.not(filter(depth - 1, inItem: inItem)))
        case 3:
            let inner = itemFilter(depth - 1)
            return Condition(chance(2) ? .anyItem(inner) : .everyItem(inner))
        default: return Condition(filterLeaf(depth, inItem: inItem))
        }
    }

    /// Something that certainly speaks of the item.
    private mutating func itemFilter(_ depth: Int) -> Condition {
        let certain = Condition(open(Value(.property(element(pool.itemProperties)))))
        guard depth > 0, chance(2) else { return certain }
        let other = filter(depth - 1, inItem: true)
        if case .and(let operands) = other.kind { return Condition(.and([certain] + operands)) }
        return Condition(.and([certain, other]))
    }

    private mutating func filterLeaf(_ depth: Int, inItem: Bool) -> Condition.Kind {
        switch below(8) {
        case 0: return .compare(Value(.eventTime), order(), filterTime(), ignoringCase: false)
        case 1:
            let field = element(TimeField.allCases)
            let value = Value(.eventField(field, local: chance(3)))
            let right =
                switch field {
                case .date: filterTime()
                case .weekday: Value(.weekday(element(Weekday.allCases)))
                default: Value(.number(element(pool.numbers)))
                }
            return .compare(value, order(), right, ignoringCase: false)
        case 2:
            return .compare(
                arithmeticOfProperties(depth), order(), Value(.number(element(pool.numbers))), ignoringCase: false)
        case 3:
            return .compare(
                property(inItem), equality(), chance(2) ? property(inItem) : trait(), ignoringCase: chance(4))
        default: return open(property(inItem))
        }
    }

    mutating func property(_ preferItem: Bool = false) -> Value {
        let isItem = preferItem ? chance(2) : chance(4)
        return Value(.property(element(isItem ? pool.itemProperties : pool.properties)))
    }

    private mutating func filterTime() -> Value {
        switch below(5) {
        case 0: Value(.ago(duration()))
        case 1: Value(.now)
        case 2: trait()
        default: Value(.time(timeLiteral()))
        }
    }

    // MARK: - Operators

    mutating func order() -> Comparison { element(Comparison.allCases) }

    mutating func equality() -> Comparison { chance(2) ? .equal : .notEqual }

    private mutating func consentState() -> Value { Value(.consentState(element(ConsentState.allCases))) }

    private mutating func percent() -> Value { Value(.percent(element([1, 10, 25, 50, 90]))) }
}
