internal import EventModel

/// Makes layouts of trees: minimal parentheses, one order of parts, comments near where they stood.
struct LayoutMaker {
    /// Comments not written yet, in the order of the text.
    private var comments: ArraySlice<Comment>
    /// Where the next part begins: comments from there on are not this part's.
    private var limit: SourcePosition?
    private var nesting = 0
    /// How deep the text nests, counted as the parser counts.
    private(set) var deepest = 0

    init(comments: ArraySlice<Comment> = []) {
        self.comments = comments
    }

    // MARK: - Definitions

    mutating func definition(_ definition: Definition) -> Layout {
        let word = definition.condition == nil ? "metric" : "segment"
        let title = definition.title.map { " " + StringLiteral.text($0) } ?? ""
        let head = "\(word) \(definition.name)\(title):"
        let bodyRange: SourceRange
        switch definition.body {
        case .segment(let condition): bodyRange = condition.range
        case .metric(let value): bodyRange = value.range
        }
        let (beside, before) = headComments(definition, body: bodyRange)
        let body: Layout
        switch definition.body {
        case .segment(let condition):
            let layout = self.condition(condition, .or, atRightEdge: true)
            // What a segment joins stands line by line, however short.
            if case .group(let inner) = layout, condition.conjuncts != nil || condition.alternatives != nil {
                body = .broken(inner)
            } else {
                body = layout
            }
        case .metric(let value): body = .group(self.value(value, .sum))
        }
        let inside = comments(inside: definition.range)
        return .group(
            .joined([.text(head), beside, .indented(2, .joined([.line, before, inside, body]))]))
    }

    // MARK: - Comments

    /// Comments before the body: those on the line of the head, and those below.
    private mutating func headComments(_ definition: Definition, body: SourceRange) -> (Layout, Layout) {
        var beside: [Layout] = []
        var before: [Layout] = []
        while let comment = comments.first, comment.range.start < body.start {
            comments.removeFirst()
            if beside.isEmpty, before.isEmpty, !comment.standsAlone {
                beside.append(.trailingComment(comment.text))
            } else {
                before.append(.ownComment(comment.text))
            }
        }
        return (.joined(beside), .joined(before))
    }

    /// Comments that stand before an operand.
    private mutating func comments(before range: SourceRange) -> Layout {
        var found: [Layout] = []
        while let comment = comments.first, comment.range.start < range.start {
            comments.removeFirst()
            found.append(.ownComment(comment.text))
        }
        return .joined(found)
    }

    /// Comments inside an operand that found no place there.
    private mutating func comments(inside range: SourceRange) -> Layout {
        comments(before: SourceRange(start: range.end, end: range.end))
    }

    /// A comment beside the end of an operand.
    private mutating func comment(beside range: SourceRange) -> Layout {
        guard let comment = comments.first, !comment.standsAlone, comment.range.start.line == range.end.line,
            limit.map({ comment.range.start < $0 }) ?? true
        else { return .nothing }
        comments.removeFirst()
        return .trailingComment(comment.text)
    }

    // MARK: - Nesting

    mutating func nested(_ make: (inout LayoutMaker) -> Layout) -> Layout {
        nesting += 1
        deepest = max(deepest, nesting)
        let result = make(&self)
        nesting -= 1
        return result
    }

    private mutating func parenthesized(_ make: (inout LayoutMaker) -> Layout) -> Layout {
        .joined([.text("("), .aligned(nested(make)), .text(")")])
    }

    // MARK: - Joining conditions

    /// How tightly a condition binds.
    enum Binding: Int, Comparable {
        case or, and, term

        static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }
    }

    /// A condition where something of at least this binding may stand; `for` reaches to the right as far as it can,
    /// so anywhere but at the right edge it needs parentheses.
    mutating func condition(_ condition: Condition, _ needed: Binding, atRightEdge: Bool) -> Layout {
        let binding: Binding
        var needsEnd = false
        switch condition.kind {
        case .or: binding = .or
        case .and: binding = .and
        default:
            binding = .term
            needsEnd = condition.endsOpen
        }
        if binding < needed || (needsEnd && !atRightEdge) {
            return parenthesized { $0.inner(condition, atRightEdge: true) }
        }
        return inner(condition, atRightEdge: atRightEdge)
    }

    private mutating func inner(_ condition: Condition, atRightEdge: Bool) -> Layout {
        switch condition.kind {
        case .or(let operands): join(operands, "or ", .and, atRightEdge: atRightEdge)
        case .and(let operands): join(operands, "and ", .term, atRightEdge: atRightEdge)
        case .not(let inner):
            .joined([.text("not "), nested { $0.condition(inner, .term, atRightEdge: atRightEdge) }])
        case .forGroups(let quantifier, let path, let inner):
            forGroups(quantifier, path, inner)
        default: .group(.indented(4, leaf(condition)))
        }
    }

    private mutating func join(
        _ operands: [Condition], _ word: String, _ binding: Binding, atRightEdge: Bool
    ) -> Layout {
        var parts: [Layout] = []
        let outerLimit = limit
        for (index, operand) in operands.enumerated() {
            let isLast = index == operands.count - 1
            limit = isLast ? outerLimit : operands[index + 1].range.start
            let before = comments(before: operand.range)
            let layout = condition(operand, binding, atRightEdge: isLast && atRightEdge)
            let inside = comments(inside: operand.range)
            let beside = comment(beside: operand.range)
            if index > 0 { parts += [.line, before, inside, .text(word), .indented(2, layout), beside] }
            if index == 0 { parts += [before, inside, layout, beside] }
        }
        limit = outerLimit
        return .group(.joined(parts))
    }

    private mutating func forGroups(
        _ quantifier: GroupQuantifier, _ path: PropertyPath, _ inner: Condition
    ) -> Layout {
        let start: String
        switch quantifier {
        case .some: start = "for some"
        case .every: start = "for every"
        case .atLeast(let count): start = "for at least \(count)"
        }
        let body = nested { maker in
            let before = maker.comments(before: inner.range)
            return .joined([before, maker.condition(inner, .or, atRightEdge: true)])
        }
        return .joined([.text("\(start) \(PathText.text(path)): "), .aligned(body)])
    }
}

extension Condition {
    /// `for` at its end would swallow what follows.
    fileprivate var endsOpen: Bool {
        switch kind {
        case .forGroups: true
        case .not(let inner): inner.endsOpen
        default: false
        }
    }
}
