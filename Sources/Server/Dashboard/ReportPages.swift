import Analytics
import Dashboard
import EventModel
import EventStore
import Hummingbird
import Membership
import SegmentEngine
import SegmentLanguage

/// `/retention`, `/paths`, `/rfm` and `/satisfaction`.
struct ReportPages: Sendable {
    let reports: ReportSources
    private let retention: KeptAnswers<RetentionQuestion, RetentionQuery.Answer>
    private let paths: KeptAnswers<PathsQuestion, PathsQuery.Answer>
    private let rfm: KeptAnswers<RFMQuestion, RFMFacts>
    private let satisfaction: KeptAnswers<SatisfactionQuestion, SatisfactionFacts>

    init(reports: ReportSources) {
        self.reports = reports
        retention = reports.kept { question, now in
            try await question.query.answer(from: try reports.input(at: now, among: question.segment))
        }
        paths = reports.kept { question, now in
            try await question.query(at: now, in: reports.zone)
                .answer(from: try reports.input(at: now, among: question.segment))
        }
        rfm = reports.kept { question, now in
            let program = reports.sources.segments.memberships.program ?? .empty
            guard let query = question.query(program, zone: reports.zone) else { throw RFMMetricsMissing() }
            let answer = try await query.answer(from: try reports.input(at: now, among: question.segment))
            return RFMFacts(query: query, answer: answer)
        }
        satisfaction = reports.kept { question, now in
            let input = try reports.input(at: now, among: question.segment)
            let query = question.query(at: now, in: reports.zone, groups: try reports.groups(question.per))
            return SatisfactionFacts(
                answer: try await query.answer(from: input),
                rates: try await question.rates(at: now, in: reports.zone).answer(from: input))
        }
    }

    func add(to routes: inout Routes) {
        let retention = RouteDescription("The page of retention by cohort.", access: .ownPage, answer: nil)
        routes.get("/retention", retention) { try await self.retention($0, $1) }
        let paths = RouteDescription(
            "The page of what people do after an event, or before it.", access: .ownPage, answer: nil)
        routes.get("/paths", paths) { try await self.paths($0, $1) }
        let rfm = RouteDescription("The page of recency, frequency and monetary scores.", access: .ownPage, answer: nil)
        routes.get("/rfm", rfm) { try await self.rfm($0, $1) }
        let satisfaction = RouteDescription("The page of surveys and of who stays.", access: .ownPage, answer: nil)
        routes.get("/satisfaction", satisfaction) { try await self.satisfaction($0, $1) }
    }

    private func retention(_ request: Request, _ context: ServerContext) async throws -> Response {
        var fields = request.reportFields
        let segments = try reports.segmentNames()
        let question = RetentionQuestion(&fields, segments: segments, zone: reports.zone)
        var state = ReportState<RetentionQuery.Answer>.unasked
        if let question { state = await reports.state(retention, question, context) }
        let view = RetentionView(
            viewer: try context.viewer(), fields: fields, question: question, state: state, segments: segments,
            events: try await reports.eventNames(), zone: reports.zone)
        return Page(view.shell, status: fields.status).response
    }

    private func paths(_ request: Request, _ context: ServerContext) async throws -> Response {
        var fields = request.reportFields
        let segments = try reports.segmentNames()
        let question = PathsQuestion(&fields, segments: segments, zone: reports.zone)
        var state = ReportState<PathsQuery.Answer>.unasked
        if let question { state = await reports.state(paths, question, context) }
        let view = PathsView(
            viewer: try context.viewer(), fields: fields, question: question, state: state, segments: segments,
            events: try await reports.eventNames(), zone: reports.zone)
        return Page(view.shell, status: fields.status).response
    }

    private func rfm(_ request: Request, _ context: ServerContext) async throws -> Response {
        var fields = request.reportFields
        let segments = try reports.segmentNames()
        let question = RFMQuestion(&fields, segments: segments)
        let program = reports.sources.segments.memberships.program ?? .empty
        let hasMetrics = question.map { $0.query(program, zone: reports.zone) != nil } ?? true
        var state = ReportState<RFMFacts>.unasked
        if let question, hasMetrics { state = await reports.state(rfm, question, context) }
        let view = RFMView(
            viewer: try context.viewer(), fields: fields, state: state, hasMetrics: hasMetrics, segments: segments,
            taken: { program[$0] != nil }, zone: reports.zone, currency: reports.currency)
        return Page(view.shell, status: fields.status).response
    }

    private func satisfaction(_ request: Request, _ context: ServerContext) async throws -> Response {
        var fields = request.reportFields
        let segments = try reports.segmentNames()
        let question = SatisfactionQuestion(&fields, segments: segments, zone: reports.zone)
        var state = ReportState<SatisfactionFacts>.unasked
        if let question { state = await reports.state(satisfaction, question, context) }
        let snapshot = try reports.sources.store.snapshot()
        let view = SatisfactionView(
            viewer: try context.viewer(), fields: fields, question: question, state: state,
            isKnown: { id in snapshot.profileNumber(for: id).map { !snapshot.isErased($0) } ?? false },
            segments: segments, events: try await reports.eventNames(), zone: reports.zone)
        return Page(view.shell, status: fields.status).response
    }
}
