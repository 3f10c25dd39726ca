import Dashboard
import EventModel
import HTTPTypes
import Hummingbird

/// `/password`: a user who is signed in chooses another password.
struct PasswordRoutes: Sendable {
    let signIn: SignIn

    func add(to routes: inout Routes) {
        let show = RouteDescription("The page for another password.", access: .ownPage, answer: nil)
        routes.get("/password", show) { _, context in try page(of: Self.user(context)).response }
        let send = RouteDescription("Choose another password.", access: .ownPage, answer: nil)
        routes.post("/password", send) { request, context in try await self.send(request, context) }
    }

    private static func user(_ context: ServerContext) throws(APIError) -> User {
        guard let user = context.user else { throw .sessionEnded }
        return user
    }

    private func send(_ request: Request, _ context: ServerContext) async throws -> Response {
        let user = try Self.user(context)
        let form = try await FormFields(request)
        let new = form["new"]
        do {
            guard try await signIn.isRight(form["current"], of: user, user.email, context.address) else {
                try signIn.users.audit.append(
                    "login-failed", user.email.text, by: .user(user, address: context.address))
                return page(of: user, wrong: ["current": "That is not your password."]).response
            }
            if let wrong = PasswordRules.objection(to: new, user.email, user.name.string) {
                return page(of: user, wrong: ["new": wrong]).response
            }
            let hash = try await signIn.hasher.hash(new)
            let changed = try signIn.users.setPassword(
                hash, of: user, "password-changed", by: .user(user, address: context.address))
            let isSecure = context.session?.isSecure ?? OriginCheck.isSecure(request)
            let cookie = try signIn.begin(changed, isSecure: isSecure, address: context.address)
            var response = page(of: changed, isDone: true).response
            response.headers[.setCookie] = cookie.field
            return response
        } catch let error as APIError {
            return page(of: user, alert: error).response(error)
        }
    }

    private func page(
        of user: User, wrong: [String: String] = [:], alert: APIError? = nil, isDone: Bool = false
    ) -> Page {
        let fields = [
            FormField(name: "current", label: "Password now", kind: .currentPassword, wrong: wrong["current"]),
            FormField(
                name: "new", label: "New password", kind: .newPassword,
                hint: "At least \(PasswordRules.fewest) characters; 15 are better.", wrong: wrong["new"]),
        ]
        // For programs that keep passwords: whose it is.
        let account: HTML = """
            <input type="email" name="email" value="\(user.email.text)" autocomplete="username" readonly hidden>

            """
        let done: HTML? =
            isDone
            ? "<p class=\"done\" role=\"status\">The password is changed. You are signed out everywhere else.</p>" : nil
        return LonePage.page(
            "Your password", introduction: done, alert: alert?.message,
            "\(LonePage.form("/password", fields, account, button: "Save"))\n<p><a href=\"/\">To the start page</a></p>",
            script: FormField.passwordScript, user: user,
            status: alert?.status ?? (wrong.isEmpty ? .ok : .unprocessableContent), hasErrors: !wrong.isEmpty)
    }
}
