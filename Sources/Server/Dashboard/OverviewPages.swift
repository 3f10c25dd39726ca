import Analytics
import Dashboard
import EventModel
import EventStore
import Hummingbird
import SegmentEngine
import SegmentLanguage

/// `/`: how the store does.
struct OverviewPages: Sendable {
    let reports: ReportSources
    let tail: ArrivalTail
    private let kept: KeptAnswers<OverviewQuestion, OverviewQuery.Answer>

    init(reports: ReportSources, tail: ArrivalTail) {
        self.reports = reports
        self.tail = tail
        kept = reports.kept { question, now in
            try await question.query(at: now, in: reports.zone)
                .answer(from: try reports.input(at: now, among: question.segment))
        }
    }

    private static let shownArrivals = 6

    func add(to routes: inout Routes) {
        let home = RouteDescription("The start page.", access: .ownPage, answer: nil)
        routes.get("/", home) { request, context in
            var fields = request.reportFields
            let segments = try reports.segmentNames()
            let question = OverviewQuestion(&fields, segments: segments)
            let messages = Int(clamping: try reports.sources.store.counters().stored)
            let state = messages > 0 ? await reports.state(kept, question, context) : .unasked
            let (entries, _) = try reports.sources.entries()
            let view = OverviewView(
                viewer: try context.viewer(), name: reports.sources.name, fields: fields, question: question,
                state: state,
                bases: ReadySegments.baseSegments.compactMap { name in
                    entries.first { $0.definition.name == Text(name) }
                },
                segmentNames: segments, messages: messages,
                arrivals: tail.entries(after: 0).reversed().prefix(Self.shownArrivals).map(\.shown),
                zone: reports.zone, currency: reports.currency)
            return Page(view.shell, status: fields.status).response
        }
    }
}
