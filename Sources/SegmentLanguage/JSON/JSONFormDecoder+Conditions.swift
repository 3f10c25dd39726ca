internal import EventModel

extension JSONFormDecoder {
    static func condition(_ cursor: JSONCursor) throws(JSONFormError) -> Condition {
        try checkDepth(cursor)
        return Condition(try kind(cursor))
    }

    /// Trees that text could not nest so deep are refused before they can exhaust the stack.
    static func checkDepth(_ cursor: JSONCursor) throws(JSONFormError) {
        guard cursor.depth > LanguageLimits.jsonDepth else { return }
        throw cursor.error(.tooDeep, "the tree nests too deep")
    }

    private static func kind(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        switch try cursor.type() {
        case "and": return .and(try operands(cursor, \.conjuncts))
        case "or": return .or(try operands(cursor, \.alternatives))
        case "not": return .not(try inner(cursor))
        case "any-item": return .anyItem(try inner(cursor))
        case "every-item": return .everyItem(try inner(cursor))
        case "did":
            let query = try query(cursor, ["count"])
            return .did(query, count: try optionalCount(cursor))
        case "did-not": return .didNot(try query(cursor))
        case "did-in-periods": return try periods(cursor)
        case "every":
            let query = try query(cursor, ["has"])
            return .every(query, has: try condition(try cursor.member("has")))
        case "sequence": return try sequence(cursor)
        case "for": return try groups(cursor)
        case "compare", "between", "in", "exists", "text", "anniversary": return try comparison(cursor)
        case "rank", "in-segment", "was-in-segment", "entered", "left", "can-receive": return try membership(cursor)
        default: throw try cursor.member("type").error("there is no such condition")
        }
    }

    private static func inner(_ cursor: JSONCursor) throws(JSONFormError) -> Condition {
        try cursor.allow(["type", "condition"])
        return try condition(try cursor.member("condition"))
    }

    /// `and` inside `and` is one `and`, as in text.
    private static func operands(
        _ cursor: JSONCursor, _ parts: (Condition) -> [Condition]?
    ) throws(JSONFormError) -> [Condition] {
        try cursor.allow(["type", "conditions"])
        let list = try cursor.member("conditions")
        let elements = try list.elements()
        guard elements.count >= 2 else { throw list.error("at least two conditions are joined") }
        var operands: [Condition] = []
        for element in elements {
            let operand = try condition(element)
            operands += parts(operand) ?? [operand]
        }
        return operands
    }

    // MARK: - History

    private static func periods(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        let query = try query(cursor, hasWindow: false, ["atLeast", "of", "period"])
        return .didInPeriods(
            query, atLeast: try cursor.member("atLeast").count(), of: try cursor.member("of").count(),
            period: try cursor.member("period").word(PeriodUnit.self))
    }

    private static func optionalCount(_ cursor: JSONCursor) throws(JSONFormError) -> CountRequirement? {
        guard let found = try cursor.optional("count") else { return nil }
        try found.allow(["bound", "number", "low", "high", "unit"])
        var unit = CountRequirement.Unit.times
        if let word = try found.optional("unit") { unit = try word.word(CountRequirement.Unit.self) }
        return CountRequirement(try bound(found), unit)
    }

    private static func bound(_ cursor: JSONCursor) throws(JSONFormError) -> CountRequirement.Bound {
        let bound = try cursor.member("bound")
        let name = try bound.string().string
        if name == "between" {
            try cursor.allow(["bound", "low", "high", "unit"])
            return .between(try cursor.member("low").count(), try cursor.member("high").count())
        }
        try cursor.allow(["bound", "number", "unit"])
        let number = try cursor.member("number").count()
        switch name {
        case "at-least": return .atLeast(number)
        case "at-most": return .atMost(number)
        case "exactly": return .exactly(number)
        case "more-than": return .moreThan(number)
        case "fewer-than": return .fewerThan(number)
        default:
            throw bound.error(
                "expected one of `at-least`, `at-most`, `exactly`, `more-than`, `fewer-than`, `between`")
        }
    }

    private static func sequence(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        try cursor.allow(["type", "steps", "within", "same", "count", "window"])
        let list = try cursor.member("steps")
        var steps: [Sequence.Step] = []
        for element in try list.elements() {
            try element.allow(["events", "where", "negated", "within"])
            var query = EventQuery(try events(try element.member("events")))
            if let filter = try element.optional("where") { query.filter = try condition(filter) }
            steps.append(
                Sequence.Step(
                    query, negated: try element.flag("negated"), within: try optionalDuration(element, "within")))
        }
        guard !steps.isEmpty else { throw list.error("a sequence has at least one step") }
        var same: PropertyPath?
        if let found = try cursor.optional("same") { same = try path(found) }
        let sequence = Sequence(steps: steps, within: try optionalDuration(cursor, "within"), same: same)
        return .sequence(sequence, count: try optionalCount(cursor), window: try optionalWindow(cursor))
    }

    private static let groupKeys: Set<Text> = ["type", "groups", "by", "condition"]

    private static func groups(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        let groups = try cursor.member("groups")
        let name = try groups.string().string
        try cursor.allow(name == "at-least" ? groupKeys.union(["atLeast"]) : groupKeys)
        let quantifier: GroupQuantifier
        switch name {
        case "some": quantifier = .some
        case "every": quantifier = .every
        case "at-least": quantifier = .atLeast(try cursor.member("atLeast").count())
        default: throw groups.error("expected one of `some`, `every`, `at-least`")
        }
        return .forGroups(
            quantifier, try path(try cursor.member("by")), try condition(try cursor.member("condition")))
    }

    // MARK: - Comparisons

    private static func comparison(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        switch try cursor.type() {
        case "compare":
            try cursor.allow(["type", "left", "comparison", "right", "ignoringCase"])
            return .compare(
                try value(try cursor.member("left")), try cursor.member("comparison").word(Comparison.self),
                try value(try cursor.member("right")), ignoringCase: try cursor.flag("ignoringCase"))
        case "between":
            try cursor.allow(["type", "value", "low", "high"])
            return .between(
                try value(try cursor.member("value")), try value(try cursor.member("low")),
                try value(try cursor.member("high")))
        case "in":
            try cursor.allow(["type", "value", "elements", "negated", "ignoringCase"])
            return .isIn(
                try value(try cursor.member("value")), try elements(try cursor.member("elements")),
                negated: try cursor.flag("negated"), ignoringCase: try cursor.flag("ignoringCase"))
        case "exists":
            try cursor.allow(["type", "value", "negated"])
            return .exists(try value(try cursor.member("value")), negated: try cursor.flag("negated"))
        case "text":
            try cursor.allow(["type", "value", "operator", "argument", "ignoringCase"])
            return .text(
                try value(try cursor.member("value")), try cursor.member("operator").word(TextOperator.self),
                try value(try cursor.member("argument")), ignoringCase: try cursor.flag("ignoringCase"))
        default: return try anniversary(cursor)
        }
    }

    private static func elements(_ list: JSONCursor) throws(JSONFormError) -> [Value] {
        let elements = try list.elements()
        guard !elements.isEmpty else { throw list.error("the list is empty") }
        guard elements.count <= LanguageLimits.elements else {
            throw list.error(.tooManyElements, "a list has at most \(LanguageLimits.elements) elements")
        }
        var values: [Value] = []
        for element in elements { values.append(try value(element)) }
        return values
    }

    private static func anniversary(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        let when = try cursor.member("when")
        let name = try when.string().string
        try cursor.allow(name == "today" ? ["type", "value", "when"] : ["type", "value", "when", "duration"])
        let value = try value(try cursor.member("value"))
        switch name {
        case "today": return .anniversary(value, .today)
        case "in-next": return .anniversary(value, .inNext(try duration(try cursor.member("duration"))))
        case "in-last": return .anniversary(value, .inLast(try duration(try cursor.member("duration"))))
        default: throw when.error("expected one of `today`, `in-next`, `in-last`")
        }
    }

    // MARK: - Membership

    private static func membership(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        switch try cursor.type() {
        case "rank": return try rank(cursor)
        case "in-segment":
            try cursor.allow(["type", "segment", "forAtLeast"])
            let segment = try name(try cursor.member("segment"))
            guard let length = try optionalDuration(cursor, "forAtLeast") else { return .inSegment(segment) }
            return .inSegmentForAtLeast(segment, length)
        case "was-in-segment":
            try cursor.allow(["type", "segment", "ago"])
            return .wasInSegment(try name(try cursor.member("segment")), try duration(try cursor.member("ago")))
        case "can-receive":
            try cursor.allow(["type", "channel"])
            return .canReceive(try cursor.member("channel").string())
        case let type:
            try cursor.allow(["type", "segment", "window"])
            let segment = try name(try cursor.member("segment"))
            let window = try optionalWindow(cursor)
            return type == "entered" ? .entered(segment, window) : .left(segment, window)
        }
    }

    private static func rank(_ cursor: JSONCursor) throws(JSONFormError) -> Condition.Kind {
        let metric = try name(try cursor.member("metric"))
        let band = try cursor.member("band")
        let bandName = try band.string().string
        let amount: Text = bandName == "quintile" ? "quintile" : "percent"
        try cursor.allow(["type", "metric", "band", "ofSegment", amount])
        var segment: Text?
        if let found = try cursor.optional("ofSegment") { segment = try name(found) }
        switch bandName {
        case "top": return .rank(metric: metric, .top(try cursor.member("percent").decimal()), of: segment)
        case "bottom": return .rank(metric: metric, .bottom(try cursor.member("percent").decimal()), of: segment)
        case "quintile": return .rank(metric: metric, .quintile(try cursor.member("quintile").integer()), of: segment)
        default: throw band.error("expected one of `top`, `bottom`, `quintile`")
        }
    }
}
