import EventModel

/// The shapes of the routes of users and of the audit log, for `/openapi.json`.
enum UserSchemas {
    static var all: [JSONObject.Member] {
        [
            (
                "NewUser",
                object(["email", "role"], [("email", string), ("name", string), ("role", role)], isOpen: false)
            ),
            ("UserChange", object([], [("role", role), ("disabled", ["type": "boolean"])], isOpen: false)),
            ("User", object(user.map(\.key), user)),
            ("UserLink", object(user.map(\.key) + ["link"], user + [("link", string)])),
            ("Users", object(["users"], [("users", list(OpenAPIDocument.reference("User")))])),
            (
                "NewKey",
                object(["name", "kind"], [("name", string), ("kind", keyKind)], isOpen: false)
            ),
            ("Key", object(key.map(\.key), key + [("key", string)])),
            ("Keys", object(["keys"], [("keys", list(OpenAPIDocument.reference("Key")))])),
            ("Audit", object(["entries", "next"], [("entries", list(entry)), ("next", integer)])),
        ]
    }

    private static let string: JSONValue = ["type": "string"]
    private static let integer: JSONValue = ["type": "integer"]
    private static let maybeString: JSONValue = ["type": ["string", "null"]]
    private static let role: JSONValue = ["enum": .array(Role.allCases.map { .text($0.rawValue) })]

    private static let user: [JSONObject.Member] = [
        ("id", integer), ("email", string), ("name", string), ("role", role), ("created", string),
        ("disabled", ["type": "boolean"]), ("password", ["type": "boolean"]),
    ]

    private static let keyKind: JSONValue = ["enum": ["write", "secret"]]

    private static let key: [JSONObject.Member] = [
        ("id", string), ("name", string), ("kind", keyKind), ("shown", string), ("created", string),
        ("disabled", ["type": "boolean"]),
    ]

    private static var entry: JSONValue {
        let kinds: JSONValue = ["enum": ["user", "key", "nobody", "command"]]
        let members: [JSONObject.Member] = [
            ("id", integer), ("time", string),
            ("actor", object(["kind", "name"], [("kind", kinds), ("name", string)])),
            ("action", string), ("object", maybeString), ("address", maybeString),
        ]
        return object(members.map(\.key), members)
    }

    private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    private static func object(_ required: [Text], _ members: [JSONObject.Member], isOpen: Bool = true) -> JSONValue {
        [
            "type": "object", "required": .array(required.map { .string($0) }),
            "properties": .object(JSONObject(members)), "additionalProperties": .bool(isOpen),
        ]
    }
}
