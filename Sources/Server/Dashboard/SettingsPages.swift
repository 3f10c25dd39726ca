import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import Membership

/// The pages of settings: the workspace, users, the audit log.
struct SettingsPages: Sendable {
    let sources: DashboardSources
    let users: Users
    let webhooks: WebhookSender
    let records: ServiceRecords

    func add(to routes: inout Routes) {
        let settings = RouteDescription("The page of settings.", access: .ownPage, answer: nil)
        routes.get("/settings", settings) { _, context in try await self.settings(context) }
        let list = RouteDescription("The page of users.", access: .adminPage, answer: nil)
        routes.get("/settings/users", list) { _, context in try page(nil, ("", ""), context).response }
        let make = RouteDescription("Make a user, and a link for them.", access: .adminPage, answer: nil)
        routes.post("/settings/users", make) { request, context in try await self.make(request, context) }
        let change = RouteDescription("Change a user, or make a new link for them.", access: .adminPage, answer: nil)
        routes.post("/settings/users/{id}", change) { request, context in try await self.change(request, context) }
        let audit = RouteDescription("The page of the audit log.", access: .adminPage, answer: nil)
        routes.get("/settings/audit", audit) { request, context in try self.audit(request, context) }
    }

    private func settings(_ context: ServerContext) async throws -> Response {
        let condition = sources.segments.memberships.condition
        let viewer = try context.viewer()
        let hooks = viewer.isAdmin ? try await webhooks.facts() : nil
        let backup = try records.lastBackup().map { backup in
            SettingsView.Backup(
                path: backup.path, made: backup.made, bytes: backup.bytes, messages: backup.messages,
                verified: backup.verified)
        }
        let view = SettingsView(
            viewer: viewer, name: sources.name, zone: sources.zone,
            currency: sources.currency, segments: condition.segments, building: condition.building.count,
            failure: condition.failure, watermark: condition.watermark?.instant, hooks: hooks, backup: backup,
            now: sources.segments.clock.now())
        return Page(view.shell).response
    }

    // MARK: - Users

    private func page(
        _ news: UsersView.News?, _ typed: (email: String, name: String), _ context: ServerContext,
        status: HTTPResponse.Status = .ok
    ) throws -> Page {
        let view = UsersView(
            viewer: try context.viewer(),
            users: users.all.map { user in
                UsersView.Entry(
                    id: user.id, name: user.name.string, email: user.email.text, role: user.role.rawValue,
                    created: user.created, isDisabled: user.isDisabled, hasPassword: user.hasPassword)
            }, news: news, typed: typed, zone: sources.zone)
        return Page(view.shell, status: status)
    }

    private func make(_ request: Request, _ context: ServerContext) async throws -> Response {
        let form = try await FormFields(request)
        let typed = (email: form["email"], name: form["name"])
        do {
            guard let email = EmailAddress(typed.email) else { throw UserError.badEmail }
            let given = typed.name.isEmpty ? String(email.text.prefix { $0 != "@" }) : typed.name
            guard let name = User.name(given) else { throw UserError.badName }
            let role = Role(rawValue: form["role"]) ?? .viewer
            let user = try users.add(email, name: name, role: role, by: actor(context))
            return try linked(user, request, context)
        } catch let error as UserError {
            return try page(.wrong(APIError(error).message), typed, context, status: .unprocessableContent).response
        }
    }

    private func change(_ request: Request, _ context: ServerContext) async throws -> Response {
        let form = try await FormFields(request)
        guard let user = Int64(try context.parameters.require("id")).flatMap({ users.user($0) }) else {
            throw APIError(UserError.unknown)
        }
        do {
            switch form["do"] {
            case "link": return try linked(user, request, context)
            case "disable": _ = try users.setDisabled(true, user, by: actor(context))
            case "enable": _ = try users.setDisabled(false, user, by: actor(context))
            default:
                guard let role = Role(rawValue: form["role"]) else {
                    throw APIError(.badRequest, "bad-form", "The form cannot be read; go back and send it again.")
                }
                _ = try users.setRole(role, of: user, by: actor(context))
            }
        } catch let error as UserError {
            return try page(.wrong(APIError(error).message), ("", ""), context, status: .conflict).response
        }
        return .seeOther("/settings/users")
    }

    private func linked(_ user: User, _ request: Request, _ context: ServerContext) throws -> Response {
        let token = try users.makeLink(for: user, by: actor(context))
        // The gate let the request in by its origin, which is so the address that the browser knows us by.
        let link = SetupLink.user(token, at: request.headers[.origin] ?? "")
        return try page(.link(link, email: user.email.text), ("", ""), context).response
    }

    private func actor(_ context: ServerContext) -> Actor { context.actor ?? .nobody(address: context.address) }

    // MARK: - Audit

    private static let entriesOnAPage = 100

    private func audit(_ request: Request, _ context: ServerContext) throws -> Response {
        let before = try request.number("before", 1...Int.max)
        let entries = try users.audit.newest(before: before.map(Int64.init), limit: Self.entriesOnAPage)
        let older: HTML? =
            entries.count == Self.entriesOnAPage
            ? entries.last.map { last in
                "<nav class=\"pager\" aria-label=\"Pages\"><span></span><a rel=\"next\" href=\"/settings/audit?before=\(String(last.id))\">Older →</a></nav>"
            } : nil
        let view = ListView(
            viewer: try context.viewer(), title: "Audit log", back: ("/settings", "Settings"), place: .settings,
            about: "What was done to users, keys, segments and people's data.", caption: "Entries, the newest first",
            columns: [.text("What"), .text("Of what"), .text("Who"), .text("When"), .text("From")],
            rows: entries.map { entry in
                [
                    "\(entry.action.replacing("-", with: " "))", "\(entry.object?.string ?? "")",
                    "\(entry.actor.string) <span class=\"under\">\(entry.actorKind)</span>",
                    Pieces.time(entry.time, in: sources.zone), "\(entry.address ?? "")",
                ]
            }, empty: ("Nothing was done yet", "Changes of users, keys and segments stand here."), pager: older)
        return Page(view.shell).response
    }
}
