import Dashboard
import EventModel
import Hummingbird

/// `/settings/keys`: admins make and disable keys.
struct KeyPages: Sendable {
    let keys: AccessKeys
    let sources: DashboardSources

    func add(to routes: inout Routes) {
        let show = RouteDescription("The page of keys.", access: .adminPage, answer: nil)
        routes.get("/settings/keys", show) { request, context in
            let isDone = request.uri.queryParameters["disabled"] != nil
            return try page(done: isDone ? "The key is disabled." : nil, context).response
        }
        let make = RouteDescription("Make a key, which is shown once.", access: .adminPage, answer: nil)
        routes.post("/settings/keys", make) { request, context in try await self.make(request, context) }
        let disable = RouteDescription("Disable a key, for good.", access: .adminPage, answer: nil)
        routes.post("/settings/keys/{id}", disable) { _, context in
            guard let actor = context.actor else { throw APIError.sessionEnded }
            let key = try keys.key(id: String(try context.parameters.require("id")))
            if !key.isDisabled { try keys.disable(key.digest, by: actor) }
            return .seeOther("/settings/keys?disabled")
        }
    }

    private func page(
        made: (name: String, text: String)? = nil, typed: (name: String, kind: String) = ("", "write"),
        wrong: String? = nil, done: String? = nil, _ context: ServerContext
    ) throws -> Page {
        let view = KeysView(
            viewer: try context.viewer(),
            keys: keys.all.map { key in
                KeysView.Entry(
                    id: key.id, name: key.name.string, isSecret: key.kind == .secret, shown: key.shown,
                    created: key.created, isDisabled: key.isDisabled)
            }, made: made, typed: typed, wrong: wrong, done: done, zone: sources.zone)
        return Page(view.shell, status: wrong == nil ? .ok : .unprocessableContent)
    }

    private func make(_ request: Request, _ context: ServerContext) async throws -> Response {
        let form = try await FormFields(request)
        guard let actor = context.actor else { throw APIError.sessionEnded }
        let typed = (name: form["name"].trimmingBlanks, kind: form["kind"])
        if let objection = KeyName.objection(to: typed.name) {
            return try page(typed: typed, wrong: "\(objection.capitalizedFirst).", context).response
        }
        guard let kind = AccessKey.Kind(rawValue: typed.kind) else {
            throw APIError(.badRequest, "bad-form", "The form cannot be read; go back and send it again.")
        }
        let text: String
        do { text = try keys.add(kind, name: Text(typed.name), by: actor) } catch let error as APIError {
            return try page(typed: typed, wrong: error.message, context).response
        }
        return try page(made: (typed.name, text), context).response
    }
}

/// `/v1/keys`: the same for programs that an admin is signed in with. No key does: one that leaks must not make others.
struct KeyRoutes: Sendable {
    let keys: AccessKeys

    func add(to routes: inout Routes) {
        let list = RouteDescription("List keys.", access: .admin, answer: .keys)
        routes.get("/v1/keys", list) { _, _ in Response(.object([("keys", .array(keys.all.map(\.json)))])) }
        let make = RouteDescription(
            "Make a key, which is shown this once.", access: .admin, body: .newKey, answer: .key)
        routes.post("/v1/keys", make) { request, context in try await self.make(request, context) }
        let disable = RouteDescription("Disable a key, for good.", access: .admin, answer: .key)
        routes.post("/v1/keys/{id}/disable", disable) { _, context in
            guard let actor = context.actor else { throw APIError.sessionEnded }
            let key = try keys.key(id: String(try context.parameters.require("id")))
            if !key.isDisabled { try keys.disable(key.digest, by: actor) }
            return Response(try keys.key(id: key.id).json)
        }
    }

    private func make(_ request: Request, _ context: ServerContext) async throws -> Response {
        let body = try RequestBody.object(of: try await RequestBody.read(request, limit: Limits.formBytes.value))
        if let other = body.members.first(where: { $0.key != "name" && $0.key != "kind" }) {
            throw Self.bad(
                other.key.string, "“\(other.key.string.prefix(40))” is not known here; there are name and kind.")
        }
        guard let name = body["name"]?.text?.string, KeyName.objection(to: name) == nil else {
            let objection = KeyName.objection(to: body["name"]?.text?.string ?? "") ?? "name is a text"
            throw Self.bad("name", "\(objection.capitalizedFirst).")
        }
        guard let kind = body["kind"]?.text.flatMap({ AccessKey.Kind(rawValue: $0.string) }) else {
            throw Self.bad("kind", "kind is write or secret.")
        }
        guard let actor = context.actor else { throw APIError.sessionEnded }
        let text = try keys.add(kind, name: Text(name), by: actor)
        var object = keys.key(text)?.json.object ?? JSONObject()
        object.append("key", .text(text))
        return Response(.object(object))
    }

    private static func bad(_ member: String, _ message: String) -> APIError {
        APIError(.badRequest, "bad-key", message, details: JSONObject([("member", .text(member))]))
    }
}

extension AccessKey {
    /// Without its text.
    var json: JSONValue {
        .object([
            ("id", .text(id)), ("name", .string(name)), ("kind", .text(kind.rawValue)), ("shown", .text(shown)),
            ("created", .time(created)), ("disabled", .bool(isDisabled)),
        ])
    }
}

extension AccessKeys {
    /// - Throws: `unknown-key`.
    func key(id: String) throws(APIError) -> AccessKey {
        guard let key = all.first(where: { $0.id == id }) else {
            throw APIError(.notFound, "unknown-key", "There is no such key; /settings/keys lists those there are.")
        }
        return key
    }
}
