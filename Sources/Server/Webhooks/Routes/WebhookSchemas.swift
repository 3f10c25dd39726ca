import EventModel

/// The shapes of the webhook routes, for `/openapi.json`.
enum WebhookSchemas {
    static var all: [JSONObject.Member] {
        [
            ("NewWebhook", input(["url"], ["after": integer])), ("WebhookChange", input([], [:])),
            ("Webhook", webhook),
            ("Webhooks", object(["webhooks": list(OpenAPIDocument.reference("Webhook"))])),
            ("Rotation", object(["secret": string, "previousValidUntil": string])),
            (
                "WebhookTest",
                object([
                    "ok": ["type": "boolean"], "message": string, "outcome": string, "status": maybeInteger,
                    "milliseconds": integer,
                ])
            ),
            ("Replay", object(["after": ["type": "integer", "minimum": 0]])),
            ("Attempts", object(["attempts": list(attempt), "next": integer])),
            ("DeadLetters", object(["deadLetters": list(deadLetter), "next": integer])),
            (
                "DeadLetterReplay",
                [
                    "oneOf": [
                        object(["all": ["const": true]]), object(["ids": ["type": "array", "items": integer]]),
                    ]
                ]
            ),
            ("Queued", object(["queued": integer])),
        ]
    }

    private static let string: JSONValue = ["type": "string"]
    private static let integer: JSONValue = ["type": "integer"]
    private static let maybeString: JSONValue = ["type": ["string", "null"]]
    private static let maybeInteger: JSONValue = ["type": ["integer", "null"]]

    private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    /// An object that has all of these members.
    private static func object(_ properties: KeyValuePairs<String, JSONValue>) -> JSONValue {
        let members = properties.map { (key: Text($0.key), value: $0.value) }
        return [
            "type": "object", "required": .array(members.map { .string($0.key) }),
            "properties": .object(JSONObject(members)),
        ]
    }

    private static func input(_ required: [Text], _ more: KeyValuePairs<String, JSONValue>) -> JSONValue {
        let members: [JSONObject.Member] = [
            (
                "url",
                ["type": "string", "format": "uri", "maxLength": .number(Decimal128(Limits.urlCharacters.value))]
            ),
            (
                "description",
                ["type": "string", "maxLength": .number(Decimal128(Limits.descriptionCharacters.value))]
            ),
            (
                "segments",
                [
                    "type": ["array", "null"], "items": string, "minItems": 1,
                    "description": "Names of segments; null is all of them.",
                ]
            ),
            ("paused", ["type": "boolean"]),
        ]
        return [
            "type": "object", "required": .array(required.map { .string($0) }), "additionalProperties": false,
            "properties": .object(JSONObject(members + more.map { (Text($0.key), $0.value) })),
        ]
    }

    private static var webhook: JSONValue {
        object([
            "id": string, "url": string, "description": string, "segments": ["type": ["array", "null"]],
            "created": string, "paused": ["type": "boolean"], "pauseReason": maybeString, "position": integer,
            "tries": integer, "failingSince": maybeString, "nextTry": maybeString, "deadLetters": integer,
        ])
    }

    private static var attempt: JSONValue {
        object([
            "id": integer, "time": string, "kind": ["enum": ["change", "dead-letter", "test"]], "message": string,
            "position": maybeInteger, "outcome": string, "status": maybeInteger, "milliseconds": integer,
        ])
    }

    private static var deadLetter: JSONValue {
        object([
            "id": integer, "message": string, "position": maybeInteger, "body": ["type": "object"],
            "firstTry": string, "failed": string, "tries": integer, "outcome": string, "status": maybeInteger,
            "queued": ["type": "boolean"],
        ])
    }
}
