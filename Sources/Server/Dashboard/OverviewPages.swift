import Analytics
import Dashboard
import EventModel
import EventStore
import Hummingbird
import Membership
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

    /// Keeps at hand what people see first, as long as the store has messages; until the task is cancelled.
    ///
    /// Once every nine minutes: what is older than ten is not shown any more. Of ten million events it takes less than a second.
    func keepWarm() async {
        while !Task.isCancelled {
            var fields = ReportFields()
            let question = OverviewQuestion(&fields, segments: [])
            if let counters = try? reports.sources.store.counters(), counters.stored > 0 {
                _ = await kept.answer(to: question, patience: .zero)
            }
            try? await Task.sleep(for: .seconds(540))
        }
    }

    func add(to routes: inout Routes) {
        let home = RouteDescription("The start page.", access: .ownPage, answer: nil)
        routes.get("/", home) { request, context in
            var fields = request.reportFields
            let definitions = try reports.sources.segments.definitions.read()
            let segments = ReportSources.segmentNames(of: definitions)
            let question = OverviewQuestion(&fields, segments: segments)
            let messages = Int(clamping: try reports.sources.store.counters().stored)
            let state = messages > 0 ? await reports.state(kept, question, context) : .unasked
            let view = OverviewView(
                viewer: try context.viewer(), name: reports.sources.name, fields: fields, question: question,
                state: state,
                bases: bases(definitions),
                segmentNames: segments, messages: messages,
                arrivals: tail.entries(after: 0).reversed().prefix(Self.shownArrivals).map(\.shown),
                zone: reports.zone, currency: reports.currency)
            return Page(view.shell, status: fields.status).response
        }
    }

    /// The segments that cover everybody exactly once, with their members now.
    private func bases(_ set: DefinitionSet) -> [SegmentBoard.Entry] {
        ReadySegments.baseSegments.compactMap { set.program[Text($0)] }.map { definition in
            SegmentBoard.Entry(
                definition: definition, note: set.notes[definition.name],
                members: try? reports.sources.segments.memberships.membership(of: definition.name).members)
        }
    }
}
