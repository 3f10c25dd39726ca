import Dashboard
import EventModel
import HTTPTypes
import Hummingbird

/// `/setup` for the first user, and `/choose-password` for everybody else who has a link.
///
/// The token stands behind the `#` of a link, which browsers send nowhere, so no log has it; a script of the page moves it
/// into the form and out of the address. Without scripts it is a field that it can be pasted into.
struct SetupRoutes: Sendable {
    let signIn: SignIn

    private var users: Users { signIn.users }

    func add(to routes: inout Routes) {
        let setup = RouteDescription("The page for the first user.", access: .page, answer: nil)
        routes.get("/setup", setup) { _, _ in users.isEmpty ? setupPage(Setup()).response : .seeOther("/login") }
        let setUp = RouteDescription("Set up the first user, with a link.", access: .page, answer: nil)
        routes.post("/setup", setUp) { request, context in try await self.setUp(request, context) }
        let choose = RouteDescription("The page for a password, with a link.", access: .page, answer: nil)
        routes.get("/choose-password", choose) { _, _ in choicePage().response }
        let chosen = RouteDescription("Choose a password, with a link.", access: .page, answer: nil)
        routes.post("/choose-password", chosen) { request, context in try await self.choosePassword(request, context) }
    }

    // MARK: - The first user

    /// What was typed, and what is wrong with it.
    private struct Setup {
        var code = ""
        var email = ""
        var name = ""
        var wrong: [String: String] = [:]
    }

    private func setUp(_ request: Request, _ context: ServerContext) async throws -> Response {
        let form = try await FormFields(request)
        var setup = Setup(code: form["code"], email: form["email"], name: form["name"])
        let email = EmailAddress(setup.email)
        let name = User.name(setup.name)
        guard case .firstUser? = try users.holder(of: setup.code) else { return refusedSetup(setup) }
        if email == nil { setup.wrong["email"] = "Write an e-mail address, as in ann@shop.example." }
        if name == nil { setup.wrong["name"] = "Write a name of 1 to \(User.nameCharacters) characters." }
        if let email { setup.wrong["password"] = PasswordRules.objection(to: form["password"], email, name?.string) }
        guard let email, let name, setup.wrong.isEmpty else { return setupPage(setup).response }
        let hash: PasswordHash
        do { hash = try await signIn.hasher.hash(form["password"]) } catch let error as APIError {
            return setupPage(setup, alert: error).response(error)
        }
        guard let user = try users.setUp(setup.code, email, name: name, hash, address: context.address) else {
            return refusedSetup(setup)
        }
        return try begin(user, request, context)
    }

    private func refusedSetup(_ setup: Setup) -> Response {
        if !users.isEmpty { return .seeOther("/login") }
        var setup = setup
        setup.wrong["code"] =
            "This link was used, or a newer one was made, or it is older than a day."
            + " Start the server again: it shows another."
        return setupPage(setup, status: .forbidden).response
    }

    private func setupPage(_ setup: Setup, alert: APIError? = nil, status: HTTPResponse.Status? = nil) -> Page {
        let fields = [
            codeField(setup.code, wrong: setup.wrong["code"]),
            FormField(
                name: "name", label: "Your name", kind: .text(autocomplete: "name"), value: setup.name,
                wrong: setup.wrong["name"]),
            FormField(
                name: "email", label: "E-mail address", kind: .email,
                hint: "You sign in with it. Nothing is sent to it.",
                value: setup.email, wrong: setup.wrong["email"]),
            passwordField(wrong: setup.wrong["password"]),
        ]
        return LonePage.page(
            "Set up Shoal",
            introduction: "<p class=\"soft\">You are the first one here, and will be admin of this workspace.</p>",
            alert: alert?.message, LonePage.form("/setup", fields, button: "Set up"), script: Self.script,
            status: status ?? alert?.status ?? (setup.wrong.isEmpty ? .ok : .unprocessableContent),
            hasErrors: !setup.wrong.isEmpty)
    }

    // MARK: - Everybody else

    private func choosePassword(_ request: Request, _ context: ServerContext) async throws -> Response {
        let form = try await FormFields(request)
        let code = form["code"]
        guard case .user(let user)? = try users.holder(of: code) else { return refusedChoice(code) }
        if let wrong = PasswordRules.objection(to: form["password"], user.email, user.name.string) {
            return choicePage(code, wrong: ["password": wrong], status: .unprocessableContent).response
        }
        let hash: PasswordHash
        do { hash = try await signIn.hasher.hash(form["password"]) } catch let error as APIError {
            return choicePage(code, alert: error.message, status: error.status).response(error)
        }
        guard let user = try users.choosePassword(code, of: user, hash, address: context.address) else {
            return refusedChoice(code)
        }
        return try begin(user, request, context)
    }

    private func refusedChoice(_ code: String) -> Response {
        let wrong = "This link was used, or a newer one was made, or it is older than a day. Ask an admin for another."
        return choicePage(code, wrong: ["code": wrong], status: .forbidden).response
    }

    private func choicePage(
        _ code: String = "", wrong: [String: String] = [:], alert: String? = nil, status: HTTPResponse.Status = .ok
    ) -> Page {
        let fields = [codeField(code, wrong: wrong["code"]), passwordField(wrong: wrong["password"])]
        return LonePage.page(
            "Choose a password",
            introduction: "<p class=\"soft\">You are signed in with it at once, and signed out everywhere else.</p>",
            alert: alert, LonePage.form("/choose-password", fields, button: "Save the password"), script: Self.script,
            status: status, hasErrors: !wrong.isEmpty)
    }

    // MARK: - Shared

    private func begin(_ user: User, _ request: Request, _ context: ServerContext) throws -> Response {
        if let session = context.session { try users.sessions.end(session) }
        let cookie = try signIn.begin(user, isSecure: OriginCheck.isSecure(request), address: context.address)
        var response = Response.seeOther("/")
        response.headers[.setCookie] = cookie.field
        return response
    }

    private func codeField(_ code: String, wrong: String?) -> FormField {
        FormField(
            name: "code", label: "Code of the link", kind: .text(autocomplete: "off"),
            hint: "What stands behind the # of the link that you got.", value: code, wrong: wrong)
    }

    private func passwordField(wrong: String?) -> FormField {
        FormField(
            name: "password", label: "Password", kind: .newPassword,
            hint:
                "At least \(PasswordRules.fewest) characters; 15 are better. Four or five words are easy to remember.",
            wrong: wrong)
    }

    private static let script: HTML = """
        const code = document.getElementById("code");
        if (location.hash.length > 1) {
          code.value = location.hash.slice(1);
          history.replaceState(null, "", location.pathname);
        }
        if (code.value && !code.hasAttribute("aria-invalid")) document.getElementById("code-field").hidden = true;
        \(FormField.passwordScript)
        """
}
