internal import EventModel

/// Finds comparisons and sums that can never work, where the types are certain.
struct TypeCheck: Check {
    let map: SourceMap
    /// The kinds of the metrics that come before this definition.
    let metricKinds: [Text: ValueKinds]
    var diagnostics: [Diagnostic] = []

    init(map: SourceMap, metricKinds: [Text: ValueKinds]) {
        self.map = map
        self.metricKinds = metricKinds
    }

    // MARK: - Kinds

    func kinds(of value: Value) -> ValueKinds {
        switch value.kind {
        case .number, .percent, .weekday, .bucket: .number
        case .string(let text): .literal(text)
        case .bool: .bool
        case .duration: .duration
        case .time, .now, .ago, .fromNow, .profileCreated, .eventTime: .time
        case .consentState, .consent: .consent
        case .trait, .property: .unknown
        case .cart(let field): field == .updated ? .time : .number
        case .metric(let name): metricKinds[name] ?? (Words.builtInMetrics.contains(name.string) ? .number : .unknown)
        case .timeFunction(let field, _, _), .eventField(let field, _): field == .date ? .day : .number
        case .aggregate(let aggregate, let of, _): kinds(of: aggregate, of)
        case .arithmetic(let left, let operation, let right): sum(left, operation, right)
        case .negated(let inner): negative(inner)
        }
    }

    private func negative(_ value: Value) -> ValueKinds {
        let result = kinds(of: value).intersection([.number, .duration])
        return result.isEmpty ? .unknown : result
    }

    private func kinds(of aggregate: Aggregate, _ value: Value?) -> ValueKinds {
        switch aggregate {
        case .count, .days, .visits, .sum, .average, .minimum, .maximum, .median, .distinct: .number
        case .list: .list
        case .first, .last: value.map { kinds(of: $0) } ?? .time
        case .mostFrequent: value.map { kinds(of: $0) } ?? .unknown
        }
    }

    /// A sum that is itself impossible has been reported, and fits everything.
    private func sum(_ left: Value, _ operation: ArithmeticOperator, _ right: Value) -> ValueKinds {
        let result = kinds(of: left).combined(operation, with: kinds(of: right))
        return result.isEmpty ? .unknown : result
    }

    // MARK: - Values

    mutating func visit(_ value: Value, _ scope: WalkScope) {
        switch value.kind {
        case .arithmetic(let left, let operation, let right):
            let (leftKinds, rightKinds) = (kinds(of: left), kinds(of: right))
            guard leftKinds.combined(operation, with: rightKinds).isEmpty else { return }
            report(
                .impossibleType,
                "`\(operation.rawValue)` cannot join \(leftKinds.described) and \(rightKinds.described)",
                at: value.range)
        case .negated(let inner) where kinds(of: inner).isDisjoint(with: [.number, .duration]):
            report(.impossibleType, "\(kinds(of: inner).described) has no negative", at: value.range)
        case .timeFunction(let field, let local, let inner)
        where kinds(of: inner).isDisjoint(with: [.time, .day]):
            let name = (local ? "local_" : "") + field.rawValue
            report(
                .impossibleType, "`\(name)` takes a time, and this is \(kinds(of: inner).described)", at: inner.range)
        case .aggregate(let aggregate, let of?, _):
            let needsNumbers: Set<Aggregate> = [.sum, .average, .minimum, .maximum, .median]
            guard needsNumbers.contains(aggregate), !kinds(of: of).contains(.number) else { return }
            report(
                .impossibleType, "`\(aggregate.rawValue)` takes numbers, and this is \(kinds(of: of).described)",
                at: of.range)
        default: break
        }
    }

    // MARK: - Conditions

    mutating func visit(_ condition: Condition, _ scope: WalkScope) {
        switch condition.kind {
        case .compare(let left, _, let right, _): compare(left, right)
        case .between(let value, let low, let high):
            compare(value, low)
            compare(value, high)
        case .isIn(let value, let elements, _, _):
            for element in elements { compare(value, element) }
        case .text(let value, let operation, let argument, _): checkText(value, operation, argument)
        case .anniversary(let value, _) where kinds(of: value).isDisjoint(with: [.time, .day, .string]):
            report(
                .impossibleType, "an anniversary is of a date, and this is \(kinds(of: value).described)",
                at: value.range)
        case .rank(let metric, _, _):
            let kinds = metricKinds[metric] ?? .unknown
            guard kinds.isDisjoint(with: [.number, .time, .duration, .day]) else { return }
            report(
                .impossibleType,
                "only numbers, times and lengths of time are ranked; `\(metric)` is \(kinds.described)",
                at: map.range(of: .metric, in: condition.range),
                help: kinds.contains(.string) ? "convert it: \(metric) + 0" : nil)
        default: break
        }
    }

    private mutating func compare(_ left: Value, _ right: Value) {
        let (leftKinds, rightKinds) = (kinds(of: left), kinds(of: right))
        guard !leftKinds.canCompare(with: rightKinds) else { return }
        report(
            .impossibleType, "\(leftKinds.described) cannot be compared with \(rightKinds.described)",
            at: isLiteral(left) && !isLiteral(right) ? left.range : right.range,
            suggestion: durationMeant(leftKinds, right), help: compareHelp(left, leftKinds, rightKinds))
    }

    private func isLiteral(_ value: Value) -> Bool {
        switch value.kind {
        case .number, .percent, .string, .bool, .duration, .time, .weekday, .consentState: true
        default: false
        }
    }

    private func durationMeant(_ kinds: ValueKinds, _ value: Value) -> String? {
        guard kinds == .duration, case .number(let number) = value.kind else { return nil }
        return "\(number) days"
    }

    private func compareHelp(_ left: Value, _ leftKinds: ValueKinds, _ rightKinds: ValueKinds) -> String? {
        if leftKinds == .list { return "a list is asked with `contains`" }
        if leftKinds == .consent { return "consent is granted, denied or revoked" }
        if leftKinds == .time, rightKinds == .duration { return "now - … is a length of time; … ago is a time" }
        if case .string(let text) = left.kind {
            return "a property with such a name is written properties.\(StringLiteral.text(text, upTo: 40))"
        }
        return nil
    }

    private mutating func checkText(_ value: Value, _ operation: TextOperator, _ argument: Value) {
        let (valueKinds, argumentKinds) = (kinds(of: value), kinds(of: argument))
        let wanted: ValueKinds = operation == .contains ? [.string, .list] : .string
        if valueKinds.isDisjoint(with: wanted) {
            report(
                .impossibleType, "`\(operation.rawValue)` asks strings, and this is \(valueKinds.described)",
                at: value.range)
        }
        let takesAnything = operation == .contains && valueKinds.contains(.list)
        // What `matches` takes is checked with the expression itself.
        if operation != .matches, !takesAnything, argumentKinds.isDisjoint(with: .string) {
            report(
                .impossibleType, "`\(operation.rawValue)` takes a string, and this is \(argumentKinds.described)",
                at: argument.range)
        }
    }
}
