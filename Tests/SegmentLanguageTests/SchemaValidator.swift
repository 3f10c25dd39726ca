import EventModel

/// As much of JSON Schema as the schema of definitions uses.
struct SchemaValidator {
    let schema: JSONValue

    /// Whether a value fits; the first place where it does not is named.
    func problem(with value: JSONValue) -> String? {
        problem(value, schema, at: "")
    }

    private func problem(_ value: JSONValue, _ schema: JSONValue, at place: String) -> String? {
        guard let rules = schema.object else { return "no schema at \(place)" }
        if let reference = rules["$ref"]?.text?.string {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = self.schema.object?["$defs"]?.object?[name] else { return "no \(reference)" }
            return problem(value, target, at: place)
        }
        if let choices = rules["oneOf"]?.elements {
            let fitting = choices.count { problem(value, $0, at: place) == nil }
            return fitting == 1 ? nil : "\(fitting) of the choices fit at \(place): \(value)"
        }
        if let choices = rules["anyOf"]?.elements {
            return choices.contains { problem(value, $0, at: place) == nil } ? nil : "no choice fits at \(place)"
        }
        if let constant = rules["const"] { return constant == value ? nil : "not \(constant) at \(place)" }
        if let words = rules["enum"]?.elements { return words.contains(value) ? nil : "not in the enum at \(place)" }
        if let types = rules["type"], !fits(value, types) { return "wrong type at \(place)" }
        switch value {
        case .object(let object): return problem(object, rules, at: place)
        case .array(let elements): return problem(elements, rules, at: place)
        case .number(let number):
            if let least = rules["minimum"]?.decimal, number < least { return "too small at \(place)" }
        case .string(let text):
            guard let pattern = rules["pattern"]?.text else { return nil }
            let matches = (try? Regex2(pattern: pattern))?.matches(text) ?? false
            return matches ? nil : "\(text) does not match at \(place)"
        default: break
        }
        return nil
    }

    private func fits(_ value: JSONValue, _ types: JSONValue) -> Bool {
        let names = types.elements?.compactMap(\.text) ?? [types.text].compactMap { $0 }
        return names.contains { name in
            switch (name.string, value) {
            case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("number", .number):
                true
            case ("integer", .number(let number)): number.isInteger
            default: false
            }
        }
    }

    private func problem(_ object: JSONObject, _ rules: JSONObject, at place: String) -> String? {
        let properties = rules["properties"]?.object ?? JSONObject()
        for key in rules["required"]?.elements ?? [] {
            if let key = key.text, object[key] == nil { return "\(key) is missing at \(place)" }
        }
        for (key, value) in object.members {
            guard let rule = properties[key] else {
                if rules["additionalProperties"] == .bool(false) { return "\(key) is too much at \(place)" }
                continue
            }
            if let problem = problem(value, rule, at: "\(place)/\(key)") { return problem }
        }
        return nil
    }

    private func problem(_ elements: [JSONValue], _ rules: JSONObject, at place: String) -> String? {
        if let least = rules["minItems"]?.decimal, Decimal128(elements.count) < least { return "too few at \(place)" }
        if let most = rules["maxItems"]?.decimal, Decimal128(elements.count) > most { return "too many at \(place)" }
        guard let rule = rules["items"] else { return nil }
        for (index, element) in elements.enumerated() {
            if let problem = problem(element, rule, at: "\(place)/\(index)") { return problem }
        }
        return nil
    }
}
