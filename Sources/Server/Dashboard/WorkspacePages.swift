import Dashboard
import EventModel
import EventStore
import Hummingbird

/// `/settings/workspace`: what the workspace is called, and by which zone and currency it goes.
struct WorkspacePages: Sendable {
    let sources: DashboardSources
    let audit: AuditLog

    func add(to routes: inout Routes) {
        let show = RouteDescription("The page of the workspace.", access: .adminPage, answer: nil)
        routes.get("/settings/workspace", show) { request, context in
            let isSaved = request.uri.queryParameters["saved"] != nil
            return try page(current, isSaved: isSaved, context).response
        }
        let save = RouteDescription("Change name, zone or currency of the workspace.", access: .adminPage, answer: nil)
        routes.post("/settings/workspace", save) { request, context in try await self.save(request, context) }
    }

    private var current: WorkspaceView.Form {
        WorkspaceView.Form(
            name: sources.preferences.workspaceName ?? "", zone: sources.zone.identifier,
            currency: sources.currency ?? "")
    }

    private func page(_ form: WorkspaceView.Form, isSaved: Bool = false, _ context: ServerContext) throws -> Page {
        let view = WorkspaceView(
            viewer: try context.viewer(), form: form, usualName: sources.usualName, zone: sources.zone,
            currency: sources.currency, messages: try sources.store.counters().stored, isSaved: isSaved)
        return Page(view.shell, status: form.wrong.isEmpty ? .ok : .unprocessableContent)
    }

    private func save(_ request: Request, _ context: ServerContext) async throws -> Response {
        let fields = try await FormFields(request)
        guard let actor = context.actor else { throw APIError.sessionEnded }
        var form = WorkspaceView.Form(
            name: fields["name"].trimmingBlanks, zone: fields["zone"].trimmingBlanks,
            currency: fields["currency"].trimmingBlanks)
        form.isConfirmed = fields["confirm"] == "yes"
        let isEmpty = try sources.store.counters().stored == 0
        if form.name.unicodeScalars.count > Preferences.nameCharacters || UploadName.shown(form.name) != form.name {
            form.wrong["name"] = "A name has at most \(Preferences.nameCharacters) characters, none of them a slash."
        }
        // Without the field the zone stays what it is.
        let zone = form.zone.isEmpty || !isEmpty ? sources.zone : Zone(identifier: Text(form.zone))
        if zone == nil { form.wrong["zone"] = "There is no such zone. Write one as in Europe/Berlin, or UTC." }
        let currency = form.currency.isEmpty ? nil : Currency.code(form.currency)
        if currency == nil, !form.currency.isEmpty {
            form.wrong["currency"] = "Use three letters, as in EUR, USD or GBP."
        }
        let isOther = currency?.string != sources.currency
        if isOther, !isEmpty, !form.isConfirmed, form.wrong["currency"] == nil {
            form.wrong["confirm"] = "Confirm this to change the currency: there are messages already."
        }
        guard form.wrong.isEmpty, let zone else { return try page(form, context).response }
        try await change(form.name, zone, currency, by: actor)
        return .seeOther("/settings/workspace?saved")
    }

    private func change(_ name: String, _ zone: Zone, _ currency: Text?, by actor: Actor) async throws {
        let chosen = name.isEmpty ? nil : name
        if chosen != sources.preferences.workspaceName {
            try sources.preferences.setWorkspaceName(chosen, by: actor, audit)
        }
        let before = sources.store.settings
        guard zone != before.zone || currency != before.baseCurrency else { return }
        try sources.store.update { settings in
            settings.zone = zone
            settings.baseCurrency = currency
        }
        if zone != before.zone { try audit.append("zone-changed", zone.identifier, by: actor) }
        if currency != before.baseCurrency { try audit.append("currency-changed", currency?.string, by: actor) }
        // Segments go by both.
        try await sources.segments.load()
    }
}
