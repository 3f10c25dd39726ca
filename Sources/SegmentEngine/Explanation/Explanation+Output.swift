package import EventModel

extension Explanation {
    /// The tree as JSON.
    package var json: JSONValue {
        var object = JSONObject([("condition", .string(Text(condition))), ("holds", .bool(holds))])
        if let observed { object.append("observed", .string(Text(observed))) }
        if let required { object.append("required", .string(Text(required))) }
        if let distance { object.append("distance", .string(Text(distance))) }
        if let validUntil { object.append("validUntil", .string(Text(validUntil.iso8601))) }
        if !witnesses.isEmpty { object.append("witnesses", .array(witnesses.map(\.json))) }
        if !children.isEmpty { object.append("conditions", .array(children.map(\.json))) }
        return .object(object)
    }

    /// The tree as text for people: one line per condition, its events below it.
    ///
    /// - Parameter styled: given the marks "yes" and "no", may colour them.
    package func text(mark: (Bool) -> String = { $0 ? "yes" : "no " }) -> String {
        lines(indent: 0, mark).joined(separator: "\n") + "\n"
    }

    private func lines(indent: Int, _ mark: (Bool) -> String) -> [String] {
        let space = String(repeating: "  ", count: indent)
        var line = "\(space)\(mark(holds))  \(condition)"
        var facts: [String] = []
        if let observed { facts.append("found \(observed)") }
        if let required { facts.append("required \(required)") }
        if let distance { facts.append("missing \(distance)") }
        if let validUntil { facts.append("valid until \(validUntil.iso8601)") }
        if !facts.isEmpty { line += "\n\(space)       \(facts.joined(separator: " · "))" }
        var lines = [line]
        for witness in witnesses {
            let properties = witness.properties.map { " \($0.name)=\(JSONWriter.text(of: $0.value))" }.joined()
            lines.append("\(space)       \(witness.time.iso8601)  \(witness.event)\(properties)")
        }
        for child in children { lines += child.lines(indent: indent + 1, mark) }
        return lines
    }
}

extension Explanation.Witness {
    /// The event as JSON.
    package var json: JSONValue {
        .object(
            JSONObject([
                ("event", .string(event)), ("time", .string(Text(time.iso8601))),
                ("properties", .object(JSONObject(properties.map { (key: $0.name, value: $0.value) }))),
            ]))
    }
}
