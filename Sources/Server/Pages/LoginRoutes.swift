import Dashboard
import EventModel
import HTTPTypes
import Hummingbird

/// `/login` and `/logout`.
struct LoginRoutes: Sendable {
    let signIn: SignIn

    func add(to routes: inout Routes) {
        let show = RouteDescription("The page for signing in.", access: .page, answer: nil)
        routes.get("/login", show) { request, context in
            let back = ReturnPath(request.uri.queryParameters["back"].map(String.init) ?? "")
            let isLost = request.uri.queryParameters["unsaved"] != nil
            return context.session == nil ? page(back: back, isLost: isLost).response : .seeOther(back?.path ?? "/")
        }
        let send = RouteDescription("Sign in.", access: .page, answer: nil)
        routes.post("/login", send) { request, context in try await self.send(request, context) }
        let leave = RouteDescription("Sign out.", access: .ownPage, answer: nil)
        routes.post("/logout", leave) { _, context in
            guard let session = context.session else { return .seeOther("/login") }
            try signIn.users.sessions.end(session)
            if let actor = context.actor { try signIn.users.audit.append("logout", by: actor) }
            var response = Response.seeOther("/login")
            response.headers[.setCookie] = SessionCookie.ending(isSecure: session.isSecure)
            return response
        }
    }

    private func send(_ request: Request, _ context: ServerContext) async throws -> Response {
        let form = try await FormFields(request)
        let (email, password) = (form["email"], form["password"])
        let back = ReturnPath(form["back"])
        if email.isEmpty || password.isEmpty {
            return page(
                email, back: back, wrongEmail: email.isEmpty ? "Your e-mail address is missing." : nil,
                wrongPassword: password.isEmpty ? "Your password is missing." : nil, status: .unprocessableContent
            ).response
        }
        do {
            let user = try await signIn.signIn(email, password, address: context.address)
            let cookie = try signIn.begin(user, isSecure: OriginCheck.isSecure(request), address: context.address)
            // Nobody is signed in twice on one device.
            if let session = context.session { try signIn.users.sessions.end(session) }
            var response = Response.seeOther(back?.path ?? "/")
            response.headers[.setCookie] = cookie.field
            return response
        } catch let error as APIError {
            return page(email, back: back, alert: error.message, status: error.status).response(error)
        }
    }

    private func page(
        _ email: String = "", back: ReturnPath? = nil, wrongEmail: String? = nil, wrongPassword: String? = nil,
        alert: String? = nil, isLost: Bool = false, status: HTTPResponse.Status = .ok
    ) -> Page {
        let fields = [
            FormField(name: "email", label: "E-mail address", kind: .email, value: email, wrong: wrongEmail),
            FormField(name: "password", label: "Password", kind: .currentPassword, wrong: wrongPassword),
        ]
        let help: HTML =
            signIn.users.isEmpty
            ? "<p class=\"soft\">Nobody can sign in yet: the server shows a link for the first user when it starts.</p>"
            : "<p class=\"soft\">Password forgotten? An admin of your workspace can make you a new link.</p>"
        let lost: HTML? =
            isLost
            ? "<p class=\"note warn\" role=\"status\">Your session had ended, so what you just sent was not saved. Sign in, and send it again: going back in the browser may still show it.</p>"
            : nil
        return LonePage.page(
            "Sign in", introduction: lost, alert: alert,
            "\(LonePage.form("/login", fields, back?.field, button: "Sign in"))\n\(help)",
            script: FormField.passwordScript, status: status, hasErrors: wrongEmail != nil || wrongPassword != nil)
    }
}
