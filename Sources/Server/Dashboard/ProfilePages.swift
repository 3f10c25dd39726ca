import Analytics
import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Hummingbird
import NIOCore
import SegmentEngine
import SegmentLanguage

/// The pages about people: finding them, one of them, and why somebody is in a segment.
struct ProfilePages: Sendable {
    let sources: DashboardSources
    let audit: AuditLog
    /// Exports and erases; nil where that is not to be had.
    let work: (any LocalWork)?
    let records: ServiceRecords

    func add(to routes: inout Routes) {
        let search = RouteDescription("The page for finding profiles.", access: .ownPage, answer: nil)
        routes.get("/profiles", search) { request, context in try await self.search(request, context) }
        let one = RouteDescription("The page of a profile.", access: .ownPage, answer: nil)
        routes.get("/profiles/{id}", one) { request, context in try self.profile(request, context) }
        let why = RouteDescription("The page that says why a profile is in a segment.", access: .ownPage, answer: nil)
        routes.get("/profiles/{id}/why/{segment}", why) { _, context in try self.why(context) }
        let export = RouteDescription("All that a person is to the store, as a file.", access: .adminPage, answer: nil)
        routes.get("/profiles/{id}/export", export) { _, context in try await self.export(context) }
        let erase = RouteDescription("Erase a person.", access: .adminPage, answer: nil)
        routes.post("/profiles/{id}/erase", erase) { request, context in try await self.erase(request, context) }
    }

    private static func id(_ context: ServerContext) throws -> Text { try context.pathText("id") }

    private func search(_ request: Request, _ context: ServerContext) async throws -> Response {
        let asked = (request.text("q")?.string ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let snapshot = try sources.store.snapshot()
        // Any id leads there at once, also one that is not shown.
        if !asked.isEmpty, let number = snapshot.profileNumber(for: Text(asked)) {
            return .seeOther("/profiles/\(pathPart(snapshot.profileID(of: number).string))")
        }
        let people = await sources.figures.board(patience: DashboardSources.patience)?.people
        let page = ProfileSearch(
            viewer: try context.viewer(), asked: asked, people: people, zone: sources.zone,
            isAfterErasure: request.uri.queryParameters["erased"] != nil, isErased: { snapshot.isErased($0) })
        return Page(page.shell).response
    }

    private func profile(_ request: Request, _ context: ServerContext) throws -> Response {
        let subject = try sources.segments.subject(Self.id(context))
        let snapshot = try sources.store.snapshot()
        let settings = snapshot.settings
        let history = ProfileHistory(
            try snapshot.messages(of: subject.number), catalogue: settings.catalogue, until: subject.now)
        let state = subject.evaluator.state(of: subject.block, at: subject.now, ranks: subject.ranks)
        let members = Set(state.segments)
        let starts = subject.evaluator.memberSince(members, of: subject.block, at: subject.now)
        let notes = (try? sources.segments.definitions.read().notes) ?? [:]
        let segments = subject.program.segments.filter { members.contains($0.name) }
            .sorted { (notes[$0.name]?.order ?? .max) < (notes[$1.name]?.order ?? .max) }
        let cart = subject.evaluator.cart(of: subject.block, at: subject.now)
        let asked = request.text("event").flatMap { $0.isEmpty ? nil : $0 }
        let view = ProfileView(
            viewer: try context.viewer(), id: subject.id, isUser: subject.isUser, now: subject.now, zone: settings.zone,
            currency: settings.baseCurrency?.string, history: history,
            identity: sources.store.identityReport(of: subject.id),
            memberships: segments.map { definition in
                ProfileView.Membership(
                    name: definition.name.string, title: definition.title?.string ?? definition.name.string,
                    isHelper: notes[definition.name]?.isHelper ?? false, since: starts[definition.name],
                    until: state.answers[definition.name]?.validUntil)
            },
            nextChange: segments.compactMap { state.answers[$0.name]?.validUntil }.min(),
            stage: JourneyStage(
                segments: members, hasCart: !cart.isEmpty,
                hasShownInterest: state.answers[LiveSegments.Own.interest]?.value?.isNull == false
            ).rawValue,
            metrics: Self.metrics(subject.program, state, in: settings.zone), own: try own(subject, in: snapshot),
            cart: cart,
            window: ProfileView.Window(event: asked, skipped: try request.number("skip", 0...1_000_000) ?? 0),
            hasPrivacyActions: work != nil)
        return Page(view.shell).response
    }

    /// The store's metrics that say something about somebody.
    private static func metrics(
        _ program: Program, _ state: LiveEvaluator.State, in zone: Zone
    ) -> [(name: String, title: String, value: String)] {
        program.metrics.filter { !$0.name.string.hasPrefix("$") }.compactMap { metric in
            state.answers[metric.name]?.value?.spoken(in: zone).map {
                (metric.name.string, metric.title?.string ?? metric.name.string, $0)
            }
        }
    }

    private func own(_ subject: LiveSegments.Subject, in snapshot: Snapshot) throws -> [OwnMetric: SegmentEngine.Value]
    {
        let program = Program(inDependencyOrder: ProfileView.metrics.map(\.definition))
        let plan = Plan(program, settings: snapshot.settings)
        guard let block = try snapshot.history(of: subject.number, projection: plan.projectionForValidity) else {
            return [:]
        }
        let state = LiveEvaluator(plan: plan).state(of: block, at: subject.now, ranks: .none(for: plan))
        return Dictionary(
            uniqueKeysWithValues: ProfileView.metrics.compactMap { metric in
                state.answers[metric.name]?.value.map { (metric, $0) }
            })
    }

    private func why(_ context: ServerContext) throws -> Response {
        let subject = try sources.segments.subject(Self.id(context))
        let name = try context.pathText("segment")
        guard let definition = subject.program[name], definition.condition != nil else {
            throw SegmentPages.missing(name)
        }
        let view = WhyView(
            viewer: try context.viewer(), id: subject.id, segment: (name, definition.title?.string ?? name.string),
            explanation: subject.evaluator.explain(name, subject.block, at: subject.now, ranks: subject.ranks),
            now: subject.now, zone: sources.zone)
        return Page(view.shell).response
    }

    // MARK: - Privacy

    private func perform(_ name: String, _ arguments: JSONObject) async throws -> [UInt8] {
        guard let work else { throw APIError(.notFound, "not-found", "There is nothing at this path.") }
        do {
            return try await work.perform(name, arguments, records, progress: LocalProgress { _, _ in })
        } catch {
            let failure = work.failure(of: error).object
            throw APIError(
                .unprocessableContent, failure?["code"]?.text?.string ?? "internal-error",
                failure?["message"]?.text?.string ?? "That could not be done; the log of the server says why.")
        }
    }

    private func export(_ context: ServerContext) async throws -> Response {
        let id = try Self.id(context)
        let bytes = try await perform("export-profile", JSONObject([("id", .string(id))]))
        if let actor = context.actor { try audit.append("profile-exported", id.string, by: actor) }
        var headers = HTTPFields()
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.contentDisposition] = "attachment; filename=\"profile.json\""
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func erase(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try Self.id(context)
        let form = try await FormFields(request)
        guard Text(form["confirmation"]) == id else {
            throw APIError(
                .unprocessableContent, "not-confirmed",
                "Nothing was erased: what was typed is not the id “\(id)”. Go back and write it as it stands there.")
        }
        _ = try await perform("erase", JSONObject([("ids", .array([.string(id)]))]))
        // The log says that it was done, not to whom: that would be a trace.
        if let actor = context.actor { try audit.append("profile-erased", by: actor) }
        return .seeOther("/profiles?erased")
    }
}
