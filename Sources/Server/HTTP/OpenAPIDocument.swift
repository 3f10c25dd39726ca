import EventModel
import HTTPTypes

/// The description of all routes in OpenAPI 3.1, made of the table they are registered with.
struct OpenAPIDocument {
    private let routes: [(method: HTTPRequest.Method, path: String, description: RouteDescription)]

    /// - Parameter routes: pages among them are left out: they are for people.
    init(_ routes: [(method: HTTPRequest.Method, path: String, description: RouteDescription)]) {
        self.routes = routes.filter { !$0.description.access.isPage }
    }

    var json: JSONValue {
        var paths = JSONObject()
        for (method, path, description) in routes {
            var item = paths[path]?.object ?? JSONObject()
            item.append(Text(method.rawValue.lowercased()), operation(method, path, description))
            paths[path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Shoal", "version": "0.1.0",
                "description": "Takes messages of a store. 200 means that they are on the disk.",
            ],
            "paths": .object(paths),
            "components": [
                "schemas": .object(JSONObject(Self.schemas + WebhookSchemas.all + UserSchemas.all + ImportSchemas.all)),
                "securitySchemes": Self.securitySchemes,
            ],
        ]
    }

    private func operation(
        _ method: HTTPRequest.Method, _ path: String, _ description: RouteDescription
    ) -> JSONValue {
        var operation = JSONObject([
            ("operationId", .string(Text(Self.identifier(method, path)))),
            ("summary", .string(Text(description.summary))),
        ])
        let parameters = self.parameters(path, description)
        if !parameters.isEmpty { operation.append("parameters", .array(parameters)) }
        if let body = description.body {
            operation.append(
                "requestBody",
                ["required": true, "content": ["application/json": ["schema": Self.reference(body.rawValue)]]])
        }
        if description.takesFile {
            let file: JSONValue = ["schema": ["type": "string", "format": "binary"]]
            operation.append("requestBody", ["required": true, "content": ["application/octet-stream": file]])
        }
        switch description.access {
        case .anybody, .page, .ownPage, .editorPage, .adminPage: operation.append("security", .array([]))
        case .writeKey: operation.append("security", [["basic": []], ["bearer": []], ["apiKey": []], ["query": []]])
        case .viewer, .editor, .secretKey:
            operation.append("security", [["bearer": []], ["session": []], ["plainSession": []]])
        case .admin: operation.append("security", [["session": []], ["plainSession": []]])
        }
        operation.append("responses", .object(responses(description)))
        return .object(operation)
    }

    private static func identifier(_ method: HTTPRequest.Method, _ path: String) -> String {
        let words = path.split { !$0.isLetter && !$0.isNumber }
        return ([method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private func parameters(_ path: String, _ description: RouteDescription) -> [JSONValue] {
        let inPath: [JSONValue] = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            [
                "name": .string(Text(String(part.dropFirst().dropLast()))), "in": "path", "required": true,
                "schema": ["type": "string"],
            ]
        }
        let inQuery: [JSONValue] = description.parameters.map { parameter in
            var schema = JSONObject([("type", "string")])
            if let range = parameter.range {
                schema = JSONObject([
                    ("type", "integer"), ("minimum", .count(range.lowerBound)), ("default", .count(parameter.usual)),
                ])
                if range.upperBound < Int.max { schema.append("maximum", .count(range.upperBound)) }
            }
            return [
                "name": .string(Text(parameter.name)), "in": "query", "required": false,
                "description": .string(Text(parameter.text)), "schema": .object(schema),
            ]
        }
        return inPath + inQuery
    }

    private func responses(_ description: RouteDescription) -> JSONObject {
        var responses = JSONObject()
        func add(_ status: String, _ text: String, _ content: JSONValue) {
            responses.append(Text(status), ["description": .string(Text(text)), "content": content])
        }
        let content: JSONValue =
            description.answer.map { ["application/json": ["schema": Self.reference($0.rawValue)]] }
            ?? ["text/plain": ["schema": ["type": "string"]]]
        add("200", "Done.", content)
        let error: JSONValue = ["application/json": ["schema": Self.reference("Error")]]
        var statuses = [("503", "Not now; nothing was stored. Send it again after Retry-After.")]
        if description.access != .anybody {
            statuses += [
                ("401", "No key or session, or none that is known."), ("403", "The key or the user may not do this."),
                ("429", "More than the key, the session or the client may take. Send it again after Retry-After."),
            ]
        }
        if description.takesFile {
            statuses += [
                ("413", "Too large."), ("422", "It cannot be imported; the message says why."),
                ("507", "The disk has no room for it."),
            ]
        }
        if description.body != nil {
            statuses += [
                ("408", "The body came too slowly."), ("413", "Too large."), ("415", "An encoding that is not known."),
            ]
        }
        if description.body != nil || !description.parameters.isEmpty { statuses.append(("400", "It cannot be read.")) }
        if description.body == .definition { statuses.append(("422", "The definition has errors.")) }
        if description.mayConflict { statuses.append(("409", "Something else stands against it.")) }
        statuses.append(("404", "There is nothing here."))
        for (status, text) in statuses.sorted(by: { $0.0 < $1.0 }) { add(status, text, error) }
        return responses
    }

    static func reference(_ name: String) -> JSONValue {
        ["$ref": .string(Text("#/components/schemas/\(name)"))]
    }

    // MARK: - Components

    private static var securitySchemes: JSONValue {
        [
            "basic": ["type": "http", "scheme": "basic", "description": "The key is the user, the password is empty."],
            "bearer": ["type": "http", "scheme": "bearer"],
            "apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
            "query": ["type": "apiKey", "in": "query", "name": "writeKey"],
            "session": [
                "type": "apiKey", "in": "cookie", "name": "__Host-shoal",
                "description": "The session of a user; what changes something needs Origin with the host asked.",
            ],
            "plainSession": [
                "type": "apiKey", "in": "cookie", "name": "shoal", "description": "The same over plain HTTP.",
            ],
        ]
    }

    private static var schemas: [JSONObject.Member] {
        let schemas: JSONValue = [
            "Message": [
                "type": "object",
                "description":
                    "A message of Segment's protocol. It needs userId or anonymousId; a track message, event.",
                "properties": [
                    "type": ["enum": ["track", "identify", "page", "screen", "group", "alias"]],
                    "messageId": [
                        "type": "string", "maxLength": .number(Decimal128(Limits.messageIDCharacters.value)),
                    ],
                    "userId": ["type": ["string", "number"]], "anonymousId": ["type": ["string", "number"]],
                    "previousId": ["type": ["string", "number"]], "groupId": ["type": ["string", "number"]],
                    "event": ["type": "string"], "properties": ["type": "object"], "traits": ["type": "object"],
                    "context": ["type": "object"], "timestamp": ["type": "string"], "sentAt": ["type": "string"],
                    "writeKey": ["type": "string"],
                ],
            ],
            "Batch": [
                "type": "object", "required": ["batch"],
                "properties": [
                    "batch": [
                        "type": "array", "items": reference("Message"),
                        "maxItems": .number(Decimal128(Limits.batchMessages.value)),
                    ],
                    "sentAt": ["type": "string"], "context": ["type": "object"], "writeKey": ["type": "string"],
                ],
            ],
            "Capture": [
                "type": "object", "description": "Events of PostHog's libraries: one, or several under batch.",
                "properties": [
                    "api_key": ["type": "string"], "batch": ["type": "array", "items": ["type": "object"]],
                    "event": ["type": "string"], "distinct_id": ["type": ["string", "number"]],
                    "properties": ["type": "object"], "timestamp": ["type": "string"], "uuid": ["type": "string"],
                ],
            ],
            "Verdicts": [
                "type": "object", "required": ["success", "accepted", "duplicates", "rejected"],
                "properties": [
                    "success": ["const": true], "accepted": ["type": "integer"], "duplicates": ["type": "integer"],
                    "rejected": [
                        "type": "array",
                        "items": [
                            "type": "object", "required": ["index", "code", "message"],
                            "properties": [
                                "index": ["type": "integer"], "code": ["type": "string"], "message": ["type": "string"],
                            ],
                        ],
                    ],
                ],
            ],
            "Rejects": [
                "type": "object", "required": ["rejects", "next"],
                "properties": [
                    "rejects": ["type": "array", "items": ["type": "object"]],
                    "next": ["type": "integer", "description": "What to ask for after next."],
                ],
            ],
            "Definition": [
                "type": "object", "required": ["definition"], "additionalProperties": false,
                "properties": [
                    "definition": ["type": "string", "description": "A definition in the segment language."]
                ],
            ],
            "Conversion": [
                "type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
                "properties": [
                    "text": ["type": "string", "description": "A definition in the segment language."],
                    "tree": ["type": "object", "description": "The same in its JSON form."],
                ],
            ],
            "Decision": [
                "type": "object", "description": "Whom to decide about, and what the visitor just did.",
                "properties": [
                    "userId": ["type": "string"], "anonymousId": ["type": "string"], "userHash": ["type": "string"],
                    "message": reference("Message"), "writeKey": ["type": "string"],
                ],
            ],
            "Status": ["type": "object", "required": ["status"], "properties": ["status": ["type": "string"]]],
            "AnyObject": ["type": "object"],
            "Error": [
                "type": "object", "required": ["code", "message", "details", "status"],
                "properties": [
                    "code": ["type": "string"], "message": ["type": "string"], "details": ["type": "object"],
                    "status": ["type": "integer"],
                ],
            ],
        ]
        return schemas.object?.members ?? []
    }
}
