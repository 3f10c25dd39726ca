import EventModel
import HTTPTypes
import Hummingbird

/// `/v1/users`: an admin looks after users. No key may.
struct UserRoutes: Sendable {
    let users: Users

    func add(to routes: inout Routes) {
        let list = RouteDescription("List users.", access: .admin, answer: .users)
        routes.get("/v1/users", list) { _, _ in Response(["users": .array(users.all.map(\.json))]) }

        var make = RouteDescription(
            "Make a user; the link to choose a password with is shown this once.", access: .admin, body: .newUser,
            answer: .userLink)
        make.mayConflict = true
        routes.post("/v1/users", make) { request, context in
            let input = try UserInput(try await body(request), members: ["email", "name", "role"])
            guard let email = input.email.flatMap({ EmailAddress($0) }) else { throw UserError.badEmail }
            guard let name = User.name(input.name ?? String(email.text.prefix { $0 != "@" })) else {
                throw UserError.badName
            }
            guard let role = input.role else { throw UserInput.bad("role", "role is needed: viewer, editor or admin.") }
            let user = try users.add(email, name: name, role: role, by: actor(context))
            return try linked(user, request, context)
        }

        var change = RouteDescription(
            "Change a user's role, or disable the user, who is signed out.", access: .admin, body: .userChange,
            answer: .user)
        change.mayConflict = true
        routes.patch("/v1/users/{id}", change) { request, context in
            let input = try UserInput(try await body(request), members: ["role", "disabled"])
            var user = try user(context)
            if let isDisabled = input.isDisabled {
                user = try users.setDisabled(isDisabled, user, by: actor(context))
            }
            if let role = input.role { user = try users.setRole(role, of: user, by: actor(context)) }
            return Response(user.json)
        }

        let link = RouteDescription(
            "Make a link to choose a password with, shown this once; the one before ends.", access: .admin,
            answer: .userLink)
        routes.post("/v1/users/{id}/link", link) { request, context in
            try linked(try user(context), request, context)
        }
    }

    private func linked(_ user: User, _ request: Request, _ context: ServerContext) throws -> Response {
        let token = try users.makeLink(for: user, by: actor(context))
        // The gate let the request in by its origin, which is so the address that the browser knows us by.
        let base = request.headers[.origin] ?? ""
        var object = user.json.object ?? JSONObject()
        object.append("link", .text(SetupLink.user(token, at: base)))
        return Response(.object(object))
    }

    private func user(_ context: ServerContext) throws -> User {
        guard let user = Int64(try context.parameters.require("id")).flatMap({ users.user($0) }) else {
            throw UserError.unknown
        }
        return user
    }

    private func actor(_ context: ServerContext) -> Actor { context.actor ?? .nobody(address: context.address) }

    private func body(_ request: Request) async throws -> [UInt8] {
        try await RequestBody.read(request, limit: Limits.formBytes.value)
    }
}

/// What a body says about a user: what it does not name is nil.
struct UserInput: Sendable {
    var email: String?
    var name: String?
    var role: Role?
    var isDisabled: Bool?

    /// - Parameter members: those that the body may have.
    init(_ body: [UInt8], members: Set<Text>) throws(APIError) {
        let object = try RequestBody.object(of: body)
        for (member, value) in object.members {
            guard members.contains(member) else {
                let known = members.sorted().map(\.string).joined(separator: ", ")
                throw Self.bad(member.string, "\"\(member.string.prefix(40))\" is not known here; there are \(known).")
            }
            switch (member, value) {
            case ("email", .string(let text)): email = text.string
            case ("name", .string(let text)): name = text.string
            case ("disabled", .bool(let value)): isDisabled = value
            case ("role", .string(let text)):
                guard let role = Role(rawValue: text.string) else { fallthrough }
                self.role = role
            default:
                let takes =
                    member == "role" ? "viewer, editor or admin" : member == "disabled" ? "true or false" : "a text"
                throw Self.bad(member.string, "\(member.string) is \(takes).")
            }
        }
    }

    static func bad(_ member: String, _ message: String) -> APIError {
        APIError(.badRequest, "bad-user", message, details: JSONObject([("member", .text(member))]))
    }
}

extension User {
    fileprivate var json: JSONValue {
        .object([
            ("id", .count(Int(id))), ("email", .text(email.text)), ("name", .string(name)),
            ("role", .text(role.rawValue)), ("created", .time(created)), ("disabled", .bool(isDisabled)),
            ("password", .bool(hasPassword)),
        ])
    }
}

extension APIError {
    /// An error about users, as a client shall see it.
    init(_ error: UserError) {
        let status: HTTPResponse.Status =
            switch error {
            case .badEmail, .badName, .tooMany: .badRequest
            case .unknown: .notFound
            case .taken, .lastAdmin: .conflict
            }
        self.init(status, error.code, error.message.prefix(1).uppercased() + error.message.dropFirst() + ".")
    }
}
