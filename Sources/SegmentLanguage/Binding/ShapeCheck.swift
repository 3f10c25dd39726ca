internal import EventModel

/// Checks what the text form makes sure of by itself, for trees from elsewhere, and the limits of a definition.
struct ShapeCheck: Check {
    let map: SourceMap
    var diagnostics: [Diagnostic] = []

    init(map: SourceMap) {
        self.map = map
    }

    mutating func check(_ definition: Definition) {
        let conditions = Measure.conditions(of: definition)
        if conditions > LanguageLimits.conditions {
            report(
                .tooManyConditions,
                "a definition has at most \(LanguageLimits.conditions) conditions, this one has \(conditions)",
                at: definition.nameRange, help: "give a part its own segment and use it by name")
        }
        if Measure.operators(in: definition) > LanguageLimits.operators {
            report(
                .tooManyOperators, "a definition has at most \(LanguageLimits.operators) arithmetic operators",
                at: definition.nameRange, help: "give a part its own metric and use it by name")
        }
        // The parser has counted already, with every parenthesis that was written.
        if definition.range == .none, Printer.nesting(of: definition) > LanguageLimits.nesting {
            report(
                .tooDeep, "parentheses, `not`, `for` and items nest at most \(LanguageLimits.nesting) deep",
                at: definition.nameRange, help: "give a part its own segment and use it by name")
        }
        walk(definition)
    }

    // MARK: - Conditions

    mutating func visit(_ condition: Condition, _ scope: WalkScope) {
        checkPlace(of: condition, scope)
        switch condition.kind {
        case .anyItem(let inner), .everyItem(let inner):
            if !Measure.mentionsItems(inner) {
                report(
                    .itemsNotMentioned, "nothing in the parentheses speaks of the item", at: condition.range,
                    help: "its properties begin with `products.`: any item (products.price > 50)")
            }
        case .sequence(let sequence, let count, _):
            checkSequence(sequence, at: condition.range)
            if let count, count.unit != .times {
                report(
                    .misplacedPart, "a sequence is counted in times", at: map.range(of: .count, in: condition.range),
                    help: "for instance: sequence(…) at least 2 times")
            }
        case .isIn(_, let elements, _, _) where elements.count > LanguageLimits.elements:
            report(
                .tooManyElements, "a list has at most \(LanguageLimits.elements) elements", at: condition.range)
        default: break
        }
    }

    private mutating func checkPlace(of condition: Condition, _ scope: WalkScope) {
        switch condition.kind {
        case .anyItem, .everyItem:
            if scope.place == .filter { return }
            report(.onlyInFilter, "`any item` and `every item` stand in filters only", at: condition.range)
        case .did, .didNot, .didInPeriods, .every, .sequence, .forGroups, .rank, .inSegment, .inSegmentForAtLeast,
            .wasInSegment, .entered, .left, .canReceive:
            if scope.place == .profile { return }
            report(.notInFilter, "a filter speaks of one event, not of the history", at: condition.range)
        default: break
        }
    }

    // MARK: - Values

    mutating func visit(_ value: Value, _ scope: WalkScope) {
        switch value.kind {
        case .number, .percent, .duration, .time, .arithmetic, .negated: return
        case .property:
            if scope.place != .profile { return }
            report(.onlyInFilter, "a property stands in a filter or in an aggregate", at: value.range)
        case .eventField, .eventTime:
            if scope.place == .filter { return }
            report(.onlyInFilter, "the event's own time stands in filters only", at: value.range)
        case .aggregate, .profileCreated, .cart, .metric, .consent, .consentState, .bucket:
            if scope.place == .profile {
                if case .aggregate(let aggregate, let of, _) = value.kind { checkAggregate(aggregate, of, value.range) }
                return
            }
            report(.notInFilter, "a filter speaks of one event, not of the profile", at: value.range)
        case .string, .bool, .weekday, .now, .ago, .fromNow, .trait, .timeFunction:
            if scope.place != .aggregated { return }
            report(
                .notInFilter, "an aggregate takes a property of the event or arithmetic on such", at: value.range)
        }
    }

    private mutating func checkAggregate(_ aggregate: Aggregate, _ of: Value?, _ range: SourceRange) {
        switch aggregate {
        case .count, .days, .visits:
            if of != nil { report(.misplacedPart, "`\(aggregate.rawValue)` takes events only", at: range) }
        case .first, .last: break
        default:
            if of == nil { report(.misplacedPart, "`\(aggregate.rawValue)` needs a property", at: range) }
        }
        if let of, !Measure.mentionsProperty(of) {
            report(
                .expectedValue, "an aggregate takes a property of the event or arithmetic on such", at: of.range,
                help: "a path such as revenue or products.price")
        }
    }

    mutating func visit(_ query: EventQuery, _ scope: WalkScope) {
        if case .anyOf(let names) = query.events, names.count > LanguageLimits.elements {
            report(.tooManyElements, "a list has at most \(LanguageLimits.elements) elements", at: query.range)
        }
    }

    // MARK: - Sequences

    private mutating func checkSequence(_ sequence: Sequence, at range: SourceRange) {
        guard let first = sequence.steps.first, !first.negated else {
            report(
                .invalidSequence, "a sequence starts with something that happened",
                at: sequence.steps.first?.query.range ?? range, help: "the first step has no `not`")
            return
        }
        let lastPositive = sequence.steps.lastIndex { !$0.negated } ?? 0
        for (index, step) in sequence.steps.enumerated() where step.within != nil && index <= lastPositive {
            report(
                .invalidSequence, "only a `not` step at the end has its own `within`", at: step.query.range,
                help: "for the whole sequence write it after a comma: , within 7 days")
        }
        let positives = sequence.steps.count { !$0.negated }
        let trailing = sequence.steps.dropFirst(lastPositive + 1)
        if sequence.within == nil, positives > 1 || trailing.contains(where: { $0.within == nil }) {
            report(
                .invalidSequence, "the sequence needs a `within`", at: range,
                help: "for instance: sequence(\"A\" then \"B\", within 7 days)")
        }
    }
}
