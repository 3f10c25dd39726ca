internal import EventModel

extension LayoutMaker {
    /// A single condition, without the group around it.
    mutating func leaf(_ condition: Condition) -> Layout {
        switch condition.kind {
        case .and, .or, .not, .forGroups: return self.condition(condition, .term, atRightEdge: true)
        case .did(let query, let count):
            return .joined([.text("did "), self.query(query, count: count.map(Phrases.count))])
        case .didNot(let query): return .joined([.text("did not "), self.query(query)])
        case .didInPeriods(let query, let needed, let total, let unit):
            return .joined([.text("did "), self.query(query, count: Phrases.periods(needed, of: total, unit))])
        case .every(let query, let filter):
            let has = self.condition(filter, .or, atRightEdge: true)
            return .joined([
                .text("every "), self.query(query), .line, .text("has ("), .aligned(has), .text(")"),
            ])
        case .sequence(let sequence, let count, let window): return self.sequence(sequence, count, window)
        case .compare(let left, let comparison, let right, let ignoringCase):
            return .joined([
                value(left, .sum), .text(" \(comparison.rawValue)"), .line, value(right, .sum),
                caseSuffix(ignoringCase),
            ])
        case .between(let value, let low, let high):
            return .joined([
                self.value(value, .sum), .text(" between "), self.value(low, .sum), .line, .text("and "),
                self.value(high, .sum),
            ])
        case .isIn(let value, let elements, let negated, let ignoringCase):
            let list = elements.map { self.value($0, .sum) }
            return .joined([
                self.value(value, .sum), .text(negated ? " not in " : " in "), Self.list(list),
                caseSuffix(ignoringCase),
            ])
        case .exists(let value, let negated):
            return .joined([self.value(value, .sum), .text(negated ? " not exists" : " exists")])
        case .text(let value, let operation, let argument, let ignoringCase):
            return .joined([
                self.value(value, .sum), .text(" \(operation.rawValue)"), .line, self.value(argument, .sum),
                caseSuffix(ignoringCase),
            ])
        case .anniversary(let value, let window):
            return .joined([self.value(value, .sum), .text(" anniversary \(Phrases.anniversary(window))")])
        case .anyItem(let inner), .everyItem(let inner):
            let isAny = if case .anyItem = condition.kind { true } else { false }
            let body = nested { $0.condition(inner, .or, atRightEdge: true) }
            return .joined([.text(isAny ? "any item (" : "every item ("), .aligned(body), .text(")")])
        case .rank, .inSegment, .inSegmentForAtLeast, .wasInSegment, .entered, .left, .canReceive:
            return membership(condition)
        }
    }

    private mutating func membership(_ condition: Condition) -> Layout {
        switch condition.kind {
        case .rank(let metric, let band, let segment):
            let suffix = segment.map { " of segment \($0)" } ?? ""
            return .text("\(metric) in \(Phrases.band(band))\(suffix)")
        case .inSegment(let segment): return .text("in segment \(segment)")
        case .inSegmentForAtLeast(let segment, let duration):
            return .text("in segment \(segment) for at least \(Phrases.duration(duration))")
        case .wasInSegment(let segment, let duration):
            return .text("was in segment \(segment) \(Phrases.duration(duration)) ago")
        case .entered(let segment, let window): return changed("entered", segment, window)
        case .left(let segment, let window): return changed("left", segment, window)
        case .canReceive(let channel): return .text("can receive \(PathText.part(channel))")
        default: return .nothing
        }
    }

    private mutating func changed(_ word: String, _ segment: Text, _ window: Window?) -> Layout {
        let start = Layout.text("\(word) segment \(segment)")
        return window.map { .joined([start, .line, self.window($0)]) } ?? start
    }

    private func caseSuffix(_ ignoringCase: Bool) -> Layout {
        ignoringCase ? .text(" ignoring case") : .nothing
    }

    /// `(a, b, c)`
    static func list(_ elements: [Layout]) -> Layout {
        var parts: [Layout] = []
        for (index, element) in elements.enumerated() {
            if index > 0 { parts += [.text(","), .line] }
            parts.append(element)
        }
        return .joined([.text("("), .group(.aligned(.joined(parts))), .text(")")])
    }

    // MARK: - Events

    func events(_ pattern: EventPattern) -> Layout {
        switch pattern {
        case .named(let name): .text(StringLiteral.text(name))
        case .anyOf(let names):
            .joined([.text("any of "), Self.list(names.map { .text(StringLiteral.text($0)) })])
        case .anyEvent: .text("any event")
        case .like(let pattern): .text("events like \(StringLiteral.text(pattern))")
        case .visit: .text("visit")
        }
    }

    /// `E [COUNT] [where F] [WINDOW]`
    mutating func query(_ query: EventQuery, count: String? = nil) -> Layout {
        var parts = [events(query.events)]
        if let count { parts += [.line, .text(count)] }
        if let filter = query.filter {
            parts += [.line, .text("where "), condition(filter, .term, atRightEdge: true)]
        }
        if let window = query.window { parts += [.line, self.window(window)] }
        return .joined(parts)
    }

    private mutating func sequence(
        _ sequence: Sequence, _ count: CountRequirement?, _ window: Window?
    ) -> Layout {
        var parts: [Layout] = []
        for (index, step) in sequence.steps.enumerated() {
            if index > 0 { parts += [.line, .text("then ")] }
            if step.negated { parts.append(.text("not ")) }
            parts.append(.group(.indented(4, query(step.query))))
            if let within = step.within { parts.append(.text(" within \(Phrases.duration(within))")) }
        }
        if let within = sequence.within { parts += [.text(","), .line, .text("within \(Phrases.duration(within))")] }
        if let same = sequence.same { parts += [.text(","), .line, .text("same \(PathText.text(same))")] }
        var whole: [Layout] = [.text("sequence("), .group(.aligned(.joined(parts))), .text(")")]
        if let count { whole += [.line, .text(Phrases.count(count))] }
        if let window { whole += [.line, self.window(window)] }
        return .joined(whole)
    }

    mutating func window(_ window: Window) -> Layout {
        switch window {
        case .since(let edge, let query):
            .joined([.text("since \(edge.rawValue) "), self.query(query)])
        case .beforeEvent(let edge, let query):
            .joined([.text("before \(edge.rawValue) "), self.query(query)])
        case .withinAfter(let duration, let edge, let query):
            .joined([.text("within \(Phrases.duration(duration)) after \(edge.rawValue) "), self.query(query)])
        default: .text(Phrases.window(window))
        }
    }
}
