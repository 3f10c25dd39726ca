import Analytics
import Columns
import Dashboard
import EventModel
import EventStore
import Hummingbird
import Logging
import Membership
import NIOCore
import SegmentEngine
import SegmentLanguage

/// What the pages of reports are made from: the store, names to choose from, and room to compute in.
struct ReportSources: Sendable {
    let sources: DashboardSources
    let names: StoreNames
    /// All reports share it: so many are computed at once, whatever they are.
    let slots = ReportSlots(max(2, System.coreCount / 2))

    var zone: Zone { sources.zone }
    var currency: String? { sources.currency }

    /// Answers of one report.
    func kept<Question: Hashable & Sendable, Answer: Sendable>(
        _ make: @escaping @Sendable @concurrent (Question, Timestamp) async throws -> Answer
    ) -> KeptAnswers<Question, Answer> {
        KeptAnswers(clock: sources.segments.clock, slots: slots, make: make)
    }

    /// What a report looks at: everybody, or the members of a segment.
    func input(at now: Timestamp, among segment: Text?) throws -> ReportInput {
        let snapshot = try sources.store.snapshot()
        return ReportInput(snapshot, at: now, among: try segment.map { try members($0) }, workers: 1)
    }

    /// Segments with their members, to be told by themselves.
    func groups(_ segments: [Text]) throws -> [MemberGroup] {
        try segments.map { MemberGroup($0, try members($0)) }
    }

    private func members(_ segment: Text) throws -> Bitmap {
        do { return try sources.segments.memberships.membership(of: segment).members } catch {
            throw MembershipsMissing(segment: segment)
        }
    }

    /// The segments that lists offer.
    func segmentNames() throws -> [SegmentName] { Self.segmentNames(of: try sources.segments.definitions.read()) }

    static func segmentNames(of set: DefinitionSet) -> [SegmentName] {
        let segments = set.program.segments.filter { !set.isHelper($0.name) }
        return segments.map { SegmentName(name: $0.name, title: $0.title?.string ?? $0.name.string) }
            .sorted { $0.title < $1.title }
    }

    private static let offeredEvents = 300

    /// The names of events that fields offer, the most frequent first.
    func eventNames() async throws -> [String] {
        try await names.allEvents().prefix(Self.offeredEvents).map(\.name.string)
    }

    /// The answer for a page; why there is none goes to the log.
    func state<Question, Answer>(
        _ kept: KeptAnswers<Question, Answer>, _ question: Question, _ context: ServerContext
    ) async -> ReportState<Answer> {
        let outcome = await kept.answer(to: question, patience: DashboardSources.patience)
        if case .failed(let error) = outcome, !(error is MembershipsMissing), !(error is ReportSlots.Full) {
            context.logger.error("a report was not computed", metadata: ["error": "\(error)"])
        }
        return ReportState(outcome)
    }
}

extension Request {
    /// What stands in the address behind `?`.
    var reportFields: ReportFields { ReportFields(queryFields) }
}

extension ReportFields {
    /// Of a page that says what is wrong with what was asked.
    var status: HTTPResponse.Status { wrong.isEmpty ? .ok : .unprocessableContent }
}
