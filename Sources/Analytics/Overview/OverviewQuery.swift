import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// How the store does in a period, beside the period before it: `docs/glossary.md` says what each figure means.
///
/// Everything is told as of the instant of the input: orders as they were completed, later refunds not taken off.
package struct OverviewQuery: Sendable {
    package let period: Period
    /// By what the series counts, in the workspace zone.
    package let unit: CalendarUnit
    /// How long the lists of products, categories and channels may be.
    package let limit: Int

    package init(_ period: Period, by unit: CalendarUnit = .day, limit: Int = 10) {
        self.period = period
        self.unit = unit
        self.limit = max(limit, 0)
    }

    package struct Answer: Sendable, Equatable {
        package let period: Period
        package let before: Period
        package let figures: OverviewFigures
        package let figuresBefore: OverviewFigures
        package let unit: CalendarUnit
        /// A point for each calendar period that the period touches, and those of the period before; those of days on
        /// which nothing happened too, up to `mostPoints`, the latest ones.
        package let series: [OverviewPoint]
        package let seriesBefore: [OverviewPoint]
        /// By revenue, descending.
        package let products: [SoldProduct]
        /// By revenue, descending.
        package let categories: [SoldCategory]
        /// How many products and categories were sold in the period.
        package let productCount: Int
        package let categoryCount: Int
        /// By visits, then orders, descending.
        package let channels: [ChannelFigures]
        package let channelCount: Int
    }

    package static let mostPoints = 1_000

    /// Complexity: O(rows): activity is told from all events.
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let plan = OverviewPlan(self, settings: input.settings)
        let gathered = try await input.gather(plan.rows, into: OverviewCounts(plan)) { counts, reader in
            counts.add(reader)
        }
        var all = OverviewCounts(plan)
        for counts in gathered { all.merge(counts) }
        return all.answer()
    }
}

/// What an overview reads: the periods, and the queries by their places.
struct OverviewPlan: Sendable {
    let query: OverviewQuery
    let settings: WorkspaceSettings
    /// The period asked about, the one before it, and the one before that.
    let periods: [Period]
    let rows: EventRows

    static let orders = 0
    static let browsing = 1
    static let additions = 2
    /// Those of the period, then those of the one before.
    static let activity = [3, 4]
    static let ordersWithin = [5, 6]

    init(_ query: OverviewQuery, settings: WorkspaceSettings) {
        self.query = query
        self.settings = settings
        let before = query.period.before(in: settings.zone)
        periods = [query.period, before, before.before(in: settings.zone)]
        let order = EventPattern.named("Order Completed")
        let windows = periods.prefix(2).map { Window.from(TimeLiteral($0.from), to: TimeLiteral($0.to)) }
        let queries =
            [
                EventQuery(order), EventQuery(.anyOf(Vocabulary.browsingEvents.sorted())),
                EventQuery(.named("Product Added")),
            ] + windows.map { EventQuery(.anyEvent, window: $0) } + windows.map { EventQuery(order, window: $0) }
        let ofOrders = OrderItems.paths + [OverviewCounts.revenue, OverviewCounts.discount, ChannelNames.own]
        let values = ofOrders.map { ($0, Self.orders) } + ChannelNames.paths.map { ($0, Self.browsing) }
        rows = EventRows(
            queries, values: values.map { (of: SegmentLanguage.Value(.property($0.0)), query: $0.1) },
            settings: settings)
    }
}

extension TimeLiteral {
    /// An instant, whatever the zone.
    init(_ instant: Timestamp) { self.init(text: Text(instant.iso8601), isDate: false) }
}
