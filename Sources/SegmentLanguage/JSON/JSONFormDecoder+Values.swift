internal import EventModel

extension JSONFormDecoder {
    static func value(_ cursor: JSONCursor) throws(JSONFormError) -> Value {
        try checkDepth(cursor)
        switch cursor.value {
        case .number(let number): return Value(.number(number))
        case .string(let text): return Value(.string(text))
        case .bool(let bool): return Value(.bool(bool))
        default: return Value(try kind(cursor))
        }
    }

    private static func kind(_ cursor: JSONCursor) throws(JSONFormError) -> Value.Kind {
        switch try cursor.type() {
        case "percent", "duration", "time", "weekday", "consent-state", "now", "ago", "from-now":
            return try literal(cursor)
        case "aggregate":
            let query = try query(cursor, ["function", "of"])
            var of: Value?
            if let found = try cursor.optional("of") { of = try value(found) }
            return .aggregate(try cursor.member("function").word(Aggregate.self), of: of, query)
        case "trait", "profile-created", "cart", "metric", "consent", "bucket": return try state(cursor)
        case "time-function":
            try cursor.allow(["type", "field", "local", "value"])
            return .timeFunction(
                try cursor.member("field").word(TimeField.self), local: try cursor.flag("local"),
                try value(try cursor.member("value")))
        case "event-field":
            try cursor.allow(["type", "field", "local"])
            return .eventField(try cursor.member("field").word(TimeField.self), local: try cursor.flag("local"))
        case "event-time":
            try cursor.allow(["type"])
            return .eventTime
        case "property":
            try cursor.allow(["type", "property"])
            return .property(try path(try cursor.member("property")))
        case "arithmetic":
            try cursor.allow(["type", "left", "operator", "right"])
            return .arithmetic(
                try value(try cursor.member("left")), try cursor.member("operator").word(ArithmeticOperator.self),
                try value(try cursor.member("right")))
        case "negated":
            try cursor.allow(["type", "value"])
            return .negated(try value(try cursor.member("value")))
        default: throw try cursor.member("type").error("there is no such value")
        }
    }

    private static func literal(_ cursor: JSONCursor) throws(JSONFormError) -> Value.Kind {
        switch try cursor.type() {
        case "percent":
            try cursor.allow(["type", "percent"])
            return .percent(try cursor.member("percent").decimal())
        case "time":
            try cursor.allow(["type", "time"])
            return .time(try time(try cursor.member("time")))
        case "weekday":
            try cursor.allow(["type", "weekday"])
            let name = try cursor.member("weekday")
            guard let weekday = Words.weekdays[try name.string().string] else {
                throw name.error("expected `monday` to `sunday`")
            }
            return .weekday(weekday)
        case "consent-state":
            try cursor.allow(["type", "state"])
            return .consentState(try cursor.member("state").word(ConsentState.self))
        case "now":
            try cursor.allow(["type"])
            return .now
        case let type:
            try cursor.allow(["type", "duration"])
            let length = try duration(try cursor.member("duration"))
            return type == "duration" ? .duration(length) : type == "ago" ? .ago(length) : .fromNow(length)
        }
    }

    private static func state(_ cursor: JSONCursor) throws(JSONFormError) -> Value.Kind {
        switch try cursor.type() {
        case "trait":
            try cursor.allow(["type", "path"])
            return .trait(try parts(try cursor.member("path")))
        case "cart":
            try cursor.allow(["type", "field"])
            return .cart(try cursor.member("field").word(CartField.self))
        case "metric":
            try cursor.allow(["type", "metric"])
            return .metric(try name(try cursor.member("metric")))
        case "consent":
            try cursor.allow(["type", "purpose"])
            return .consent(try cursor.member("purpose").string())
        case "bucket":
            try cursor.allow(["type", "salt"])
            return .bucket(try cursor.member("salt").string())
        default:
            try cursor.allow(["type"])
            return .profileCreated
        }
    }
}
