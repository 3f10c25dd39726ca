internal import EventModel

extension JSONForm {
    /// Numbers, strings and booleans are themselves, everything else is an object with a type.
    static func encode(_ value: Value) -> JSONValue {
        switch value.kind {
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .bool(let bool): .bool(bool)
        case .percent(let number): tree(("type", "percent"), ("percent", .number(number)))
        case .duration(let duration): tree(("type", "duration"), ("duration", encode(duration)))
        case .time(let time): tree(("type", "time"), ("time", .string(time.text)))
        case .weekday(let weekday): tree(("type", "weekday"), ("weekday", string("\(weekday)")))
        case .consentState(let state): tree(("type", "consent-state"), ("state", string(state.rawValue)))
        case .now: tree(("type", "now"))
        case .ago(let duration): tree(("type", "ago"), ("duration", encode(duration)))
        case .fromNow(let duration): tree(("type", "from-now"), ("duration", encode(duration)))
        case .aggregate(let aggregate, let of, let query):
            self.query(
                query, type: "aggregate", ("function", string(aggregate.rawValue)), ("of", of.map { encode($0) }))
        case .trait(let parts): tree(("type", "trait"), ("path", .array(parts.map { .string($0) })))
        case .profileCreated: tree(("type", "profile-created"))
        case .cart(let field): tree(("type", "cart"), ("field", string(field.rawValue)))
        case .metric(let name): tree(("type", "metric"), ("metric", .string(name)))
        case .consent(let purpose): tree(("type", "consent"), ("purpose", .string(purpose)))
        case .bucket(let salt): tree(("type", "bucket"), ("salt", .string(salt)))
        case .timeFunction(let field, let local, let inner):
            tree(
                ("type", "time-function"), ("field", string(field.rawValue)), ("local", flag(local)),
                ("value", encode(inner)))
        case .eventField(let field, let local):
            tree(("type", "event-field"), ("field", string(field.rawValue)), ("local", flag(local)))
        case .eventTime: tree(("type", "event-time"))
        case .property(let path): tree(("type", "property"), ("property", encode(path)))
        case .arithmetic(let left, let operation, let right):
            tree(
                ("type", "arithmetic"), ("left", encode(left)), ("operator", string(operation.rawValue)),
                ("right", encode(right)))
        case .negated(let inner): tree(("type", "negated"), ("value", encode(inner)))
        }
    }
}
