internal import EventModel

/// Warns of definitions that are sound but seldom mean what they say; needs no data.
struct HabitCheck: Check {
    let map: SourceMap
    /// The names the data has, where it is known.
    let seenEvents: Set<Text>?
    var diagnostics: [Diagnostic] = []

    init(map: SourceMap, seenEvents: Set<Text>?) {
        self.map = map
        self.seenEvents = seenEvents
    }

    // MARK: - Names of another vocabulary

    mutating func visit(_ query: EventQuery, _ scope: WalkScope) {
        let names: [Text] =
            switch query.events {
            case .named(let name): [name]
            case .anyOf(let names): names
            default: []
            }
        for name in names where !(seenEvents?.contains(name) ?? false) {
            guard let canonical = Vocabulary.fromGA4(name) else { continue }
            report(
                .ga4Name, "\(StringLiteral.text(name)) is GA4's name; here that event has another", at: query.range,
                suggestion: StringLiteral.text(canonical))
        }
    }

    // MARK: - Absence after an event

    mutating func visit(_ condition: Condition, _ scope: WalkScope) {
        switch condition.kind {
        case .didNot(let query) where !scope.isNegated: warnOfAbsence(query, condition)
        case .did(let query, let count):
            let asksForNone = count.map { !$0.isMet(by: 1) && $0.isMet(by: 0) } ?? false
            if asksForNone != scope.isNegated { warnOfAbsence(query, condition) }
        default: break
        }
    }

    /// "Did not, within D after X" is true from the start, before D is over; a sequence waits for it.
    private mutating func warnOfAbsence(_ query: EventQuery, _ condition: Condition) {
        guard case .withinAfter(let duration, _, let after) = query.window else { return }
        var first = after
        first.window = nil
        var then = query
        then.window = nil
        let text = Printer.text(
            of: Condition(
                .sequence(
                    Sequence(steps: [.init(first), .init(then, negated: true)], within: duration),
                    count: nil, window: nil)))
        report(
            .negatedWithin, "this is true at once, before \(Phrases.duration(duration)) are over", at: condition.range,
            suggestion: text)
    }

    // MARK: - Groups

    private static let amounts: Set<Text> = ["revenue", "value", "total", "subtotal", "tax", "shipping", "discount"]

    mutating func visit(_ value: Value, _ scope: WalkScope) {
        switch value.kind {
        case .aggregate(let aggregate, let of?, _):
            let adds = aggregate == .sum || aggregate == .average
            guard adds, let group = scope.groups.last(where: mayBeOfItems) else { return }
            let paths = Measure.paths(in: of)
            guard !paths.contains(where: { $0.scope == .items }),
                let amount = paths.first(where: isAmount)
            else { return }
            report(
                .eventAmountInGroup,
                "`\(PathText.text(amount))` is an amount of the whole event and counts in every group it is in",
                at: value.range,
                help: "for the part of each \(PathText.text(group)): products.price * products.quantity")
        case .property(let path): hintAtState(path, at: value.range, scope)
        default: break
        }
    }

    private func mayBeOfItems(_ path: PropertyPath) -> Bool {
        path.scope == .items
            || (path.scope == .properties && path.parts.count == 1
                && path.parts.contains(where: Vocabulary.productFields.contains))
    }

    private func isAmount(_ path: PropertyPath) -> Bool {
        path.scope == .properties && path.parts.count == 1 && path.parts.contains(where: Self.amounts.contains)
    }

    // MARK: - Names that mean something else outside filters

    private mutating func hintAtState(_ path: PropertyPath, at range: SourceRange, _ scope: WalkScope) {
        if path.scope == .properties, path.parts.count == 1, let word = path.parts.first?.string {
            hintAtWord(word, at: range, scope)
            return
        }
        guard path.scope == .properties, path.parts.count == 2, let first = path.parts.first else { return }
        let last = path.parts[1].string
        let looksLikeState =
            (first == "cart" && CartField(rawValue: last) != nil) || (first == "profile" && last == "created")
            || first == "consent"
        guard looksLikeState, scope.place == .filter else { return }
        report(
            .propertyNotState, "in a filter this is a property of the event, not the profile's", at: range,
            help: "compare the profile's outside the filter")
    }

    private mutating func hintAtWord(_ word: String, at range: SourceRange, _ scope: WalkScope) {
        if scope.place == .filter, ConsentState(rawValue: word) != nil {
            report(
                .propertyNotState, "in a filter `\(word)` is a property of the event", at: range,
                suggestion: "\"\(word)\"")
        }
        if scope.place == .aggregated, word == "time" || Words.timeFields[word] != nil {
            report(
                .propertyNotState, "in an aggregate `\(word)` is a property of the event, not its time", at: range,
                help: "only filters speak of the event's time")
        }
    }
}
