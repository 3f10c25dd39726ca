package import EventModel

/// Why a JSON tree is no definition.
package struct JSONFormError: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: DiagnosticCode
    /// Where, as a JSON Pointer (RFC 6901): `/condition/conditions/1/count`.
    package let pointer: String
    package let message: String

    package var description: String { "\(message) at \(pointer.isEmpty ? "the top" : pointer) [\(code.rawValue)]" }
}

/// The JSON form of definitions; the schema is `docs/segment-definition.schema.json`.
///
/// Both forms say the same: text to tree to JSON to tree gives the same tree.
package enum JSONForm {
    /// `{"segment": "buyers", "title": ..., "condition": {...}}` or `{"metric": ..., "value": ...}`.
    package static func encode(_ definition: Definition) -> JSONValue {
        var members: [JSONObject.Member] = []
        switch definition.body {
        case .segment: members.append((Text("segment"), .string(definition.name)))
        case .metric: members.append((Text("metric"), .string(definition.name)))
        }
        if let title = definition.title { members.append((Text("title"), .string(title))) }
        switch definition.body {
        case .segment(let condition): members.append((Text("condition"), encode(condition)))
        case .metric(let value): members.append((Text("value"), encode(value)))
        }
        return .object(JSONObject(members))
    }

    /// `{"definitions": [...]}`
    package static func encode(_ definitions: [Definition]) -> JSONValue {
        tree(("definitions", .array(definitions.map { encode($0) })))
    }

    /// Reads one definition. The tree is complete and well-formed; whether it means something is the binder's to say.
    package static func decode(_ value: JSONValue) throws(JSONFormError) -> Definition {
        try JSONFormDecoder.definition(JSONCursor(value))
    }

    /// Reads `{"definitions": [...]}`, an array of definitions, or a single one.
    package static func decodeAll(_ value: JSONValue) throws(JSONFormError) -> [Definition] {
        let cursor = JSONCursor(value)
        let list: [JSONCursor]
        if case .array = value {
            list = try cursor.elements()
        } else if let object = value.object, object.contains("definitions") {
            try cursor.allow(["definitions"])
            list = try cursor.member("definitions").elements()
        } else {
            list = [cursor]
        }
        guard list.count <= LanguageLimits.definitions else {
            throw cursor.error(
                .tooManyDefinitions, "a workspace has at most \(LanguageLimits.definitions) definitions")
        }
        var definitions: [Definition] = []
        for item in list { definitions.append(try JSONFormDecoder.definition(item)) }
        return definitions
    }

    /// Reads JSON text with the limits definitions have: deeper than events, no longer than a text of definitions.
    package static func parse(_ bytes: [UInt8]) throws(JSONFormError) -> [Definition] {
        let value: JSONValue
        do {
            value = try JSONReader.parse(bytes, limits: limits)
        } catch {
            throw JSONFormError(
                code: .invalidTree, pointer: "", message: "not JSON: \(error.detail) at byte \(error.offset)")
        }
        return try decodeAll(value)
    }

    /// The limits for reading the JSON form.
    package static let limits = Limits.JSON(
        bytes: LanguageLimits.bytes, depth: LanguageLimits.jsonDepth, values: Limits.jsonValues.value)

    /// An object of these members, absent ones left out.
    static func tree(_ members: (String, JSONValue?)...) -> JSONValue {
        .object(JSONObject(members.compactMap { key, value in value.map { (Text(key), $0) } }))
    }
}
