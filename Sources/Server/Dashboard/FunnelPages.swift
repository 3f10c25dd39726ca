import Analytics
import Columns
import Dashboard
import EventModel
import EventStore
import Hummingbird
import Membership
import SegmentEngine
import SegmentLanguage

/// `/funnels`: how far people go through steps, and who they are.
struct FunnelPages: Sendable {
    let reports: ReportSources
    private let kept: KeptAnswers<FunnelQuestion, FunnelQuery.Answer>
    private let people: ReportPeople

    init(reports: ReportSources) {
        self.reports = reports
        people = ReportPeople(reports: reports)
        kept = reports.kept { question, now in
            try await question.query(at: now, in: reports.zone, groups: try reports.groups(question.per))
                .answer(from: try reports.input(at: now, among: question.segment))
        }
    }

    func add(to routes: inout Routes) {
        let page = RouteDescription("The page of funnels.", access: .ownPage, answer: nil)
        routes.get("/funnels", page) { request, context in
            var fields = request.reportFields
            let segments = try reports.segmentNames()
            let question = FunnelQuestion(&fields, segments: segments, zone: reports.zone)
            var state = ReportState<FunnelQuery.Answer>.unasked
            if let question { state = await reports.state(kept, question, context) }
            let view = FunnelView(
                viewer: try context.viewer(), fields: fields, question: question, state: state, segments: segments,
                events: try await reports.eventNames(), zone: reports.zone)
            return Page(view.shell, status: fields.status).response
        }
        let list = RouteDescription(
            "The page of the people behind a number of a funnel.", access: .ownPage, answer: nil)
        routes.get("/funnels/people", list) { request, context in try await self.list(request, context) }
    }

    private func list(_ request: Request, _ context: ServerContext) async throws -> Response {
        var fields = request.reportFields
        let question = FunnelQuestion(&fields, segments: try reports.segmentNames(), zone: reports.zone)
        let at = try request.instant("at", zone: reports.zone)
        let program = reports.sources.segments.memberships.program ?? .empty
        guard let question, let who = FunnelQuestion.People(fields),
            let definition = question.definition(
                of: who, at: at ?? reports.sources.segments.clock.now(), in: reports.zone,
                taken: { program[$0] != nil })
        else {
            throw APIError(
                .badRequest, "bad-question",
                "This address names no people of a funnel; go back to Funnels and click one of its numbers.")
        }
        let state = try await people.page(
            of: definition, at: at, number: try request.number("page", 1...1_000_000) ?? 1, context)
        let own = ["who", "of", "at", "page"].map { (name: $0, value: String?.none) }
        let view = PeopleView(
            viewer: try context.viewer(), place: .funnels, title: question.title(of: who),
            back: (fields.address("/funnels", changing: own), "Funnel"), fields: fields, path: "/funnels/people",
            state: state, definition: definition, zone: reports.zone)
        return Page(view.shell).response
    }
}

/// Finds the people that a definition says, without saving it.
struct ReportPeople: Sendable {
    private struct Question: Hashable, Sendable {
        let definition: Definition
        /// Nil: now.
        let at: Timestamp?
    }

    private let reports: ReportSources
    private let kept: KeptAnswers<Question, Bitmap>

    init(reports: ReportSources) {
        self.reports = reports
        kept = reports.kept { question, now in
            let sources = reports.sources
            let snapshot = try sources.store.snapshot()
            let own = sources.segments.memberships.program ?? .empty
            let needed = Set(question.definition.references().map(\.name))
            let program = own.selecting(needed, adding: [question.definition])
            let plan = Plan(program, settings: snapshot.settings)
            let result = try await BatchEvaluator(plan: plan, source: snapshot, workers: 1).evaluate(
                at: question.at ?? now, BatchEvaluator.Request(definitions: [question.definition.name]))
            return result.members[question.definition.name] ?? Bitmap()
        }
    }

    /// A page of the list, those with the most revenue first.
    func page(
        of definition: Definition, at: Timestamp?, number: Int, _ context: ServerContext
    ) async throws -> ReportState<MemberList.Page> {
        let state = await reports.state(kept, Question(definition: definition, at: at), context)
        guard case .ready(let members, let asOf) = state else {
            return switch state {
            case .pending: .pending
            case .failed(let why): .failed(why)
            case .unasked, .ready: .unasked
            }
        }
        let figures = await reports.sources.figures.board(patience: DashboardSources.patience)
        let snapshot = try reports.sources.store.snapshot()
        // Who was erased since then is shown no more.
        let order = figures?.byRevenue ?? .none
        let shown = order.all(of: members).filter { !snapshot.isErased($0) }
        let start = (number - 1) * MemberList.membersOnAPage
        let page = shown.dropFirst(start).prefix(MemberList.membersOnAPage).map {
            MemberList.Member($0, id: snapshot.profileID(of: $0), figures?.people)
        }
        return .ready(
            MemberList.Page(members: page, number: number, count: shown.count, isWaiting: figures == nil),
            asOf: at ?? asOf)
    }
}
