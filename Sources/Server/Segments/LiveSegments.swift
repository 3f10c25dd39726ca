import EventModel
import EventStore
import Hummingbird
import Logging
import Membership
import SegmentEngine
import SegmentLanguage

/// The segments of a served store: their definitions, and the memberships that follow them.
struct LiveSegments: Sendable {
    let store: EventStore
    let definitions: any DefinitionStore
    let memberships: Memberships
    let clock: any Clock

    /// Metrics that answers show besides the definitions that people write; no name of the language has a dollar sign.
    enum Own {
        static let cart: Text = "$cart_value"
        static let interest: Text = "$last_interest"

        static var definitions: [Definition] {
            let seen: [Text] = ["Product Viewed", "Product List Viewed", "Product Clicked", "Products Searched"]
            return [
                Definition(name: cart, body: .metric(Value(.cart(.value)))),
                Definition(name: interest, body: .metric(Value(.aggregate(.last, of: nil, EventQuery(.anyOf(seen)))))),
            ]
        }
    }

    /// Takes up the definitions as they stand in their files.
    func load() async throws {
        try await memberships.adopt(Self.withOwn(try definitions.read().program))
    }

    static func withOwn(_ program: Program) -> Program {
        Program(inDependencyOrder: program.definitions + Own.definitions, costs: program.costs)
    }

    /// How often thresholds of ranks are found anew, s.
    private static let secondsBetweenRanks = 60

    /// Decides from now on, and keeps ranks fresh, until the task is cancelled.
    func run(_ logger: Logger) async {
        await takeUp(logger)
        memberships.start()
        var seconds = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            if Task.isCancelled { return }
            // A full disk, or a part that could not be read: as soon as there is room, it goes on.
            if memberships.mayGoOnAfterFailure() { await takeUp(logger) }
            seconds += 1
            guard seconds % Self.secondsBetweenRanks == 0, memberships.condition.failure == nil else { continue }
            do { try await memberships.refreshRanks() } catch {
                logger.error("ranks were not refreshed", metadata: ["error": "\(error)"])
            }
        }
    }

    private func takeUp(_ logger: Logger) async {
        do {
            try await load()
            logger.info("memberships are kept", metadata: ["segments": "\(memberships.condition.segments)"])
        } catch {
            logger.error("memberships are not kept", metadata: ["error": "\(error)"])
        }
    }

    // MARK: - Asking about one profile

    /// One profile's history over the newest view, with what is needed to evaluate it.
    struct Subject {
        let number: ProfileNumber
        let id: Text
        /// Whether it is a known user, not an anonymous visitor.
        let isUser: Bool
        let block: HistoryBlock
        let evaluator: LiveEvaluator
        let ranks: RankThresholds
        let program: Program
        /// Up to where answers about it are exact.
        let watermark: MembershipWatermark

        var now: Timestamp { watermark.instant }
    }

    /// - Throws: `unknown-profile`, and `segment-building` before any definition works.
    func subject(_ id: Text, at instant: Timestamp? = nil) throws -> Subject {
        guard let found = try subjectIfKnown(id, at: instant) else {
            throw APIError(.notFound, "unknown-profile", "There is no profile of this id.")
        }
        return found
    }

    func subjectIfKnown(_ id: Text, at instant: Timestamp? = nil) throws -> Subject? {
        guard let live = memberships.evaluation else {
            throw APIError(
                .serviceUnavailable, "segment-building", "The definitions are being read; ask again in a moment.",
                retryAfter: 1)
        }
        let snapshot = try store.snapshot()
        guard let (number, block) = try snapshot.identified(id, projection: live.plan.projectionForValidity) else {
            return nil
        }
        return Subject(
            number: number, id: snapshot.profileID(of: number), isUser: snapshot.isUser(number), block: block,
            evaluator: LiveEvaluator(plan: live.plan), ranks: live.ranks, program: live.program,
            watermark: MembershipWatermark(arrival: snapshot.arrival, instant: instant ?? clock.now()))
    }
}

extension APIError {
    init(_ error: MembershipError) {
        switch error {
        case .noSegment(let name):
            self.init(
                .notFound, error.code, "There is no segment \"\(name)\"; GET /v1/segments lists those there are.")
        case .building(let name):
            self.init(
                .serviceUnavailable, error.code,
                "The members of \"\(name)\" are being found for the first time; ask again in a moment.", retryAfter: 1)
        default:
            self.init(
                .serviceUnavailable, error.code,
                "Memberships are not kept any more; the log of the server says why. Start it again.", retryAfter: 30)
        }
    }
}
