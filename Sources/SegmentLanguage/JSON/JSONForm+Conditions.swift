internal import EventModel

extension JSONForm {
    static func encode(_ condition: Condition) -> JSONValue {
        switch condition.kind {
        case .and(let operands): tree(("type", "and"), ("conditions", encode(operands)))
        case .or(let operands): tree(("type", "or"), ("conditions", encode(operands)))
        case .not(let inner): tree(("type", "not"), ("condition", encode(inner)))
        case .did(let query, let count):
            self.query(query, type: "did", ("count", count.map(encode)))
        case .didNot(let query): self.query(query, type: "did-not")
        case .didInPeriods(let query, let needed, let total, let unit):
            self.query(
                query, type: "did-in-periods", ("atLeast", number(needed)), ("of", number(total)),
                ("period", string(unit.rawValue)))
        case .every(let query, let filter): self.query(query, type: "every", ("has", encode(filter)))
        case .sequence(let sequence, let count, let window): encode(sequence, count, window)
        case .forGroups(let quantifier, let path, let inner): encode(quantifier, path, inner)
        case .compare(let left, let comparison, let right, let ignoringCase):
            tree(
                ("type", "compare"), ("left", encode(left)), ("comparison", string(comparison.rawValue)),
                ("right", encode(right)), ("ignoringCase", flag(ignoringCase)))
        case .between(let value, let low, let high):
            tree(("type", "between"), ("value", encode(value)), ("low", encode(low)), ("high", encode(high)))
        case .isIn(let value, let elements, let negated, let ignoringCase):
            tree(
                ("type", "in"), ("value", encode(value)), ("negated", flag(negated)),
                ("elements", .array(elements.map { encode($0) })), ("ignoringCase", flag(ignoringCase)))
        case .exists(let value, let negated):
            tree(("type", "exists"), ("value", encode(value)), ("negated", flag(negated)))
        case .text(let value, let operation, let argument, let ignoringCase):
            tree(
                ("type", "text"), ("value", encode(value)), ("operator", string(operation.rawValue)),
                ("argument", encode(argument)), ("ignoringCase", flag(ignoringCase)))
        case .anniversary(let value, let window): encode(value, window)
        case .anyItem(let inner): tree(("type", "any-item"), ("condition", encode(inner)))
        case .everyItem(let inner): tree(("type", "every-item"), ("condition", encode(inner)))
        case .rank, .inSegment, .inSegmentForAtLeast, .wasInSegment, .entered, .left, .canReceive:
            encode(membership: condition)
        }
    }

    private static func encode(_ operands: [Condition]) -> JSONValue {
        .array(operands.map { encode($0) })
    }

    private static func encode(membership condition: Condition) -> JSONValue {
        switch condition.kind {
        case .rank(let metric, let band, let segment):
            encode(band, metric: metric, segment: segment)
        case .inSegment(let segment): tree(("type", "in-segment"), ("segment", .string(segment)))
        case .inSegmentForAtLeast(let segment, let duration):
            tree(("type", "in-segment"), ("segment", .string(segment)), ("forAtLeast", encode(duration)))
        case .wasInSegment(let segment, let duration):
            tree(("type", "was-in-segment"), ("segment", .string(segment)), ("ago", encode(duration)))
        case .entered(let segment, let window):
            tree(("type", "entered"), ("segment", .string(segment)), ("window", window.map { encode($0) }))
        case .left(let segment, let window):
            tree(("type", "left"), ("segment", .string(segment)), ("window", window.map { encode($0) }))
        case .canReceive(let channel): tree(("type", "can-receive"), ("channel", .string(channel)))
        default: .null
        }
    }

    private static func encode(_ band: RankBand, metric: Text, segment: Text?) -> JSONValue {
        let (name, percent, quintile): (String, JSONValue?, JSONValue?) =
            switch band {
            case .top(let percent): ("top", .number(percent), nil)
            case .bottom(let percent): ("bottom", .number(percent), nil)
            case .quintile(let k): ("quintile", nil, number(k))
            }
        return tree(
            ("type", "rank"), ("metric", .string(metric)), ("band", string(name)), ("percent", percent),
            ("quintile", quintile), ("ofSegment", segment.map { .string($0) }))
    }

    private static func encode(_ value: Value, _ window: AnniversaryWindow) -> JSONValue {
        let (name, duration): (String, DurationLiteral?) =
            switch window {
            case .today: ("today", nil)
            case .inNext(let duration): ("in-next", duration)
            case .inLast(let duration): ("in-last", duration)
            }
        return tree(
            ("type", "anniversary"), ("value", encode(value)), ("when", string(name)),
            ("duration", duration.map(encode)))
    }

    private static func encode(_ sequence: Sequence, _ count: CountRequirement?, _ window: Window?) -> JSONValue {
        let steps = sequence.steps.map { step in
            tree(
                ("events", encode(step.query.events)), ("where", step.query.filter.map { encode($0) }),
                ("negated", flag(step.negated)), ("within", step.within.map(encode)))
        }
        return tree(
            ("type", "sequence"), ("steps", .array(steps)), ("within", sequence.within.map(encode)),
            ("same", sequence.same.map(encode)), ("count", count.map(encode)), ("window", window.map { encode($0) }))
    }

    private static func encode(_ quantifier: GroupQuantifier, _ path: PropertyPath, _ inner: Condition) -> JSONValue {
        let (name, count): (String, JSONValue?) =
            switch quantifier {
            case .some: ("some", nil)
            case .every: ("every", nil)
            case .atLeast(let count): ("at-least", number(count))
            }
        return tree(
            ("type", "for"), ("groups", string(name)), ("atLeast", count), ("by", encode(path)),
            ("condition", encode(inner)))
    }

    // MARK: - Parts

    /// A node with the members of a query.
    static func query(_ query: EventQuery, type: String, _ more: (String, JSONValue?)...) -> JSONValue {
        var members: [JSONObject.Member] = [(Text("type"), string(type))]
        members += [(Text("events"), encode(query.events))]
        if let filter = query.filter { members.append((Text("where"), encode(filter))) }
        if let window = query.window { members.append((Text("window"), encode(window))) }
        for (key, value) in more {
            if let value { members.append((Text(key), value)) }
        }
        return .object(JSONObject(members))
    }

    static func encode(_ pattern: EventPattern) -> JSONValue {
        switch pattern {
        case .named(let name): .string(name)
        case .anyOf(let names): tree(("type", "any-of"), ("names", .array(names.map { .string($0) })))
        case .anyEvent: tree(("type", "any-event"))
        case .like(let pattern): tree(("type", "like"), ("pattern", .string(pattern)))
        case .visit: tree(("type", "visit"))
        }
    }

    static func encode(_ window: Window) -> JSONValue {
        switch window {
        case .inLast(let duration): tree(("type", "in-last"), ("duration", encode(duration)))
        case .fromAgo(let from, let to):
            tree(("type", "from-ago"), ("from", encode(from)), ("to", to.map(encode)))
        case .beforeAgo(let duration): tree(("type", "before-ago"), ("duration", encode(duration)))
        case .from(let from, let to):
            tree(("type", "from"), ("from", .string(from.text)), ("to", .string(to.text)))
        case .before(let time): tree(("type", "before"), ("time", .string(time.text)))
        case .onOrAfter(let time): tree(("type", "on-or-after"), ("time", .string(time.text)))
        case .since(let edge, let query): self.query(query, type: "since", ("edge", string(edge.rawValue)))
        case .beforeEvent(let edge, let query):
            self.query(query, type: "before-event", ("edge", string(edge.rawValue)))
        case .withinAfter(let duration, let edge, let query):
            self.query(
                query, type: "within-after", ("duration", encode(duration)), ("edge", string(edge.rawValue)))
        case .calendar(let period): tree(("type", "calendar"), ("period", string(period.rawValue)))
        }
    }

    static func encode(_ count: CountRequirement) -> JSONValue {
        let unit = string(count.unit.rawValue)
        switch count.bound {
        case .atLeast(let n): return tree(("bound", "at-least"), ("number", number(n)), ("unit", unit))
        case .atMost(let n): return tree(("bound", "at-most"), ("number", number(n)), ("unit", unit))
        case .exactly(let n): return tree(("bound", "exactly"), ("number", number(n)), ("unit", unit))
        case .moreThan(let n): return tree(("bound", "more-than"), ("number", number(n)), ("unit", unit))
        case .fewerThan(let n): return tree(("bound", "fewer-than"), ("number", number(n)), ("unit", unit))
        case .between(let low, let high):
            return tree(("bound", "between"), ("low", number(low)), ("high", number(high)), ("unit", unit))
        }
    }

    static func encode(_ duration: DurationLiteral) -> JSONValue {
        tree(("amount", .number(duration.amount)), ("unit", string(duration.unit.rawValue)))
    }

    static func encode(_ path: PropertyPath) -> JSONValue {
        tree(
            ("scope", path.scope == .properties ? nil : string(path.scope.rawValue)),
            ("path", .array(path.parts.map { .string($0) })))
    }

    static func string(_ text: String) -> JSONValue { .string(Text(text)) }

    static func number(_ number: Int) -> JSONValue { .number(Decimal128(number)) }

    /// Flags are written when they are set.
    static func flag(_ isSet: Bool) -> JSONValue? { isSet ? .bool(true) : nil }
}
