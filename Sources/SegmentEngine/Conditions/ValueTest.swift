import EventModel
import SegmentLanguage

/// What a comparison asks of one value when everything else in it is fixed.
struct ValueTest: Sendable {
    enum Kind: Sendable {
        case compare(Comparison, Value, ignoringCase: Bool)
        case between(Value, Value)
        case isIn([Value], strings: Set<Text>, negated: Bool, ignoringCase: Bool)
        case exists(negated: Bool)
        case text(TextTest)
    }

    let kind: Kind
    let comparing: Comparing

    func holds(_ value: Value) -> Bool {
        switch kind {
        case .compare(let comparison, let other, let ignoringCase):
            comparing.holds(value, comparison, other, ignoringCase: ignoringCase)
        case .between(let low, let high):
            comparing.holds(value, .greaterOrEqual, low) && comparing.holds(value, .lessOrEqual, high)
        case .isIn(let elements, let strings, let negated, let ignoringCase):
            value.isComparable && isIn(value, elements, strings, ignoringCase) != negated
        case .exists(let negated):
            value.isNull == negated
        case .text(let test):
            test.holds(value, comparing)
        }
    }

    /// Strings among the elements are looked up; a long list costs a string no more than a short one.
    private func isIn(_ value: Value, _ elements: [Value], _ strings: Set<Text>, _ ignoringCase: Bool) -> Bool {
        if case .string(let text) = value, strings.contains(ignoringCase ? simpleCaseFold(text) : text) { return true }
        return elements.contains { element in
            if case .string = value, case .string = element { return false }
            return comparing.equal(value, element, ignoringCase: ignoringCase)
        }
    }

    static func isIn(_ elements: [Value], negated: Bool, ignoringCase: Bool) -> Kind {
        let strings = elements.compactMap { element -> Text? in
            guard case .string(let text) = element else { return nil }
            return ignoringCase ? simpleCaseFold(text) : text
        }
        return .isIn(elements, strings: Set(strings), negated: negated, ignoringCase: ignoringCase)
    }
}

/// `contains`, `starts with`, `ends with`, `matches`.
struct TextTest: Sendable {
    let textOperator: TextOperator
    let wanted: Value
    let ignoringCase: Bool
    /// Folded when case is ignored.
    private let wantedText: Text?
    private let regex: Regex2?

    init(_ textOperator: TextOperator, _ wanted: Value, ignoringCase: Bool) {
        self.textOperator = textOperator
        self.wanted = wanted
        self.ignoringCase = ignoringCase
        guard case .string(let text) = wanted else {
            wantedText = nil
            regex = nil
            return
        }
        wantedText = ignoringCase ? simpleCaseFold(text) : text
        // A pattern that is no regular expression matches nothing; the binder has said so before.
        regex = textOperator == .matches ? try? Regex2(pattern: text, ignoringCase: ignoringCase) : nil
    }

    func holds(_ value: Value, _ comparing: Comparing) -> Bool {
        if textOperator == .contains, case .list(let elements) = value {
            return elements.contains { comparing.equal($0, wanted, ignoringCase: ignoringCase) }
        }
        guard case .string(let own) = value, let wantedText else { return false }
        if textOperator == .matches { return regex?.matches(own) ?? false }
        let text = ignoringCase ? simpleCaseFold(own) : own
        switch textOperator {
        case .contains: return text.contains(wantedText)
        case .startsWith: return text.hasPrefix(wantedText)
        case .endsWith: return text.hasSuffix(wantedText)
        case .matches: return false
        }
    }
}
