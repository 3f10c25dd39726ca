import EventModel
import HTTPTypes

@testable import Server

/// All routes that there shall be, with whom they let in. A route that is not listed here fails the tests: add it, and think of
/// who may ask it.
enum RouteInventory {
    static let routes: [String: RouteDescription.Access] = {
        var routes: [String: RouteDescription.Access] = [
            // What anybody may ask.
            "GET /health": .anybody, "GET /ready": .anybody, "GET /openapi.json": .anybody,
            "GET /v1/projects/{key}/settings": .anybody,
            // Pages.
            "GET /": .ownPage, "GET /api": .ownPage, "GET /password": .ownPage, "POST /password": .ownPage,
            "POST /logout": .ownPage, "GET /login": .page, "POST /login": .page, "GET /setup": .page,
            "POST /setup": .page, "GET /choose-password": .page, "POST /choose-password": .page,
            "GET /assets/{file}": .page, "GET /segments": .ownPage, "GET /segments/{name}": .ownPage,
            "GET /segments/new": .editorPage, "POST /segments/new": .editorPage,
            "GET /segments/{name}/edit": .editorPage, "POST /segments/{name}/edit": .editorPage,
            "GET /funnels": .ownPage, "GET /funnels/people": .ownPage,
            "GET /retention": .ownPage, "GET /paths": .ownPage, "GET /rfm": .ownPage, "GET /satisfaction": .ownPage,
            "GET /data": .ownPage, "GET /data/events/{name}": .ownPage, "GET /data/products": .ownPage,
            "GET /data/rejects": .ownPage, "GET /data/live": .ownPage, "GET /settings": .ownPage,
            "GET /settings/users": .adminPage, "POST /settings/users": .adminPage,
            "POST /settings/users/{id}": .adminPage, "GET /settings/audit": .adminPage,
            "GET /settings/workspace": .adminPage,
            "POST /settings/workspace": .adminPage, "GET /settings/keys": .adminPage,
            "POST /settings/keys": .adminPage, "POST /settings/keys/{id}": .adminPage,
            "GET /settings/webhooks": .adminPage, "POST /settings/webhooks": .adminPage,
            "GET /settings/webhooks/{id}": .adminPage, "POST /settings/webhooks/{id}": .adminPage,
            "GET /profiles/{id}/export": .adminPage, "POST /profiles/{id}/erase": .adminPage,
            "GET /profiles": .ownPage, "GET /profiles/{id}": .ownPage, "GET /profiles/{id}/why/{segment}": .ownPage,
            "GET /segments/{name}/members": .ownPage, "GET /segments/{name}/members.csv": .ownPage,
            "GET /data/import": .editorPage, "POST /data/import": .editorPage, "GET /data/import/{id}": .editorPage,
            "POST /data/import/{id}": .editorPage, "GET /data/import/{id}/rejects": .editorPage,
            "GET /v1/imports": .editor, "POST /v1/imports": .editor, "GET /v1/imports/{id}": .editor,
            // What reads.
            "GET /metrics": .viewer, "GET /v1/rejects": .viewer, "GET /v1/segments": .viewer,
            "GET /v1/segments/{name}": .viewer, "GET /v1/segments/{name}/versions": .viewer,
            "GET /v1/segments/{name}/members": .viewer, "GET /v1/segments/{name}/changes": .viewer,
            "GET /v1/profiles/{id}": .viewer, "GET /v1/profiles/{id}/explain": .viewer,
            "POST /v1/segments:preview": .viewer, "POST /v1/definitions:convert": .viewer,
            "GET /v1/suggestions": .viewer, "GET /v1/arrivals": .viewer,
            // What changes segments.
            "PUT /v1/segments/{name}": .editor, "DELETE /v1/segments/{name}": .editor,
            "POST /v1/ranks:refresh": .editor,
            // What looks after webhooks.
            "GET /v1/webhooks": .secretKey, "POST /v1/webhooks": .secretKey, "GET /v1/webhooks/{id}": .secretKey,
            "PATCH /v1/webhooks/{id}": .secretKey, "DELETE /v1/webhooks/{id}": .secretKey,
            "POST /v1/webhooks/{id}/rotate": .secretKey, "POST /v1/webhooks/{id}/test": .secretKey,
            "POST /v1/webhooks/{id}/replay": .secretKey, "GET /v1/webhooks/{id}/attempts": .secretKey,
            "GET /v1/webhooks/{id}/dead-letters": .secretKey, "POST /v1/webhooks/{id}/dead-letters/replay": .secretKey,
            // What looks after users.
            "GET /v1/users": .admin, "POST /v1/users": .admin, "PATCH /v1/users/{id}": .admin,
            "POST /v1/users/{id}/link": .admin, "GET /v1/keys": .admin, "POST /v1/keys": .admin,
            "POST /v1/keys/{id}/disable": .admin, "GET /v1/audit": .admin,
            // What takes messages.
            "POST /v1/decide": .writeKey, "POST /v1/merge": .writeKey, "POST /beacon/v1/batch": .writeKey,
        ]
        for path in ["track", "t", "identify", "i", "page", "p", "screen", "s", "group", "g", "alias", "a"] {
            routes["POST /v1/\(path)"] = .writeKey
        }
        for path in ["/v1/batch", "/v1/b", "/v1/import", "/batch", "/capture", "/e", "/i/v0/e"] {
            routes["POST \(path)"] = .writeKey
        }
        return routes
    }()

    /// A body that a route can read.
    static func body(of description: RouteDescription) -> [UInt8] {
        let text =
            switch description.body {
            case .message: #"{"event": "E", "userId": "u", "previousId": "v", "groupId": "g"}"#
            case .batch: #"{"batch": [{"type": "track", "event": "E", "userId": "u"}]}"#
            case .capture: #"{"event": "E", "distinct_id": "u"}"#
            case .decision: #"{"userId": "u"}"#
            case .conversion: #"{"text": "segment x: did \"E\""}"#
            case .definition: #"{"definition": "segment x: did \"E\""}"#
            case .newWebhook: #"{"url": "https://shop.example/hook", "paused": true}"#
            case .replay: #"{"after": 0}"#
            case .deadLetterReplay: #"{"all": true}"#
            case .newKey: #"{"name": "new", "kind": "write"}"#
            case .newUser: #"{"email": "new@shop.example"}"#
            default: "{}"
            }
        return Array(text.utf8)
    }

    /// The path with something in the place of its parameters.
    static func path(_ path: String) -> String {
        path.split(separator: "/").reduce("") { $0 + "/" + ($1.hasPrefix("{") ? "x" : $1) }
            + (path == "/" ? "/" : "")
    }
}
