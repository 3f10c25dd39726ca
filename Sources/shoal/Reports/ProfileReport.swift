import Analytics
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// Everything about one shopper at an instant.
struct ProfileReport: Sendable {
    struct Membership: Sendable {
        let name: String
        let title: String?
        /// It is there for other definitions only; the text leaves it out unless all is wanted.
        let isHelper: Bool
        /// Since when without a break; nil where that takes a look at all profiles, as ranks do.
        let since: MembershipStart?
        /// The earliest instant at which it could end if nothing happens; nil: never.
        let until: Timestamp?
    }

    let id: Text
    let asOf: Timestamp
    let zone: Zone
    let currency: String?
    let history: ProfileHistory
    let orders: [ProfileHistory.Order]
    let cart: [CartLine]
    let interests: Interests
    let memberships: [Membership]
    /// The earliest instant at which any segment could change if nothing happens.
    let nextChange: Timestamp?
    /// Values of `OwnMetric`s.
    let own: [OwnMetric: SegmentEngine.Value]
}

extension ProfileReport {
    init(_ subject: Subject, in workspace: Workspace, asOf: Timestamp) async throws {
        let own: [OwnMetric] = [
            .netOrders, .netRevenue, .cartValue, .cartItems, .cartQuantity, .cartUpdated, .visits, .firstVisit,
            .lastVisit,
        ]
        let segments = workspace.library.program.segments
        let program = workspace.library.program.selecting(segments.map(\.name), adding: own.map(\.definition))
        let backend = Shoal.backend(of: program, over: workspace.snapshot)
        let state = try await backend.state(of: subject.id, at: asOf)
        let members = Set(segments.map(\.name).filter { state?.answers[$0]?.isMember == true })
        let since = try await backend.memberSince(members, of: subject.id, at: asOf) ?? [:]
        let cart = try await backend.cart(of: subject.id, at: asOf) ?? []
        let history = ProfileHistory(
            try workspace.snapshot.messages(of: subject.number), catalogue: workspace.settings.catalogue, until: asOf)
        let places = workspace.library.places
        self.init(
            id: subject.id, asOf: asOf, zone: workspace.zone, currency: workspace.settings.baseCurrency?.string,
            history: history, orders: history.orders, cart: cart, interests: Interests(history, asOf: asOf),
            memberships: segments.filter { members.contains($0.name) }
                .sorted { (places[$0.name]?.order ?? .last) < (places[$1.name]?.order ?? .last) }
                .map {
                    Membership(
                        name: $0.name.string, title: $0.title?.string, isHelper: places[$0.name]?.isHelper ?? false,
                        since: since[$0.name], until: state?.answers[$0.name]?.validUntil)
                },
            nextChange: segments.compactMap { state?.answers[$0.name]?.validUntil }.min(),
            own: Dictionary(
                uniqueKeysWithValues: own.compactMap { metric in
                    state?.answers[metric.name]?.value.map { (metric, $0) }
                }))
    }
}
