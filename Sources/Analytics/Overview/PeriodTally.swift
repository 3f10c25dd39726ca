import EventModel
import EventStore
import SegmentEngine

/// The figures and the series of one period, as one worker has counted them.
struct PeriodTally: Sendable {
    var figures = OverviewFigures()
    var newProfiles: Int {
        get { figures.newProfiles }
        set { figures.newProfiles = newValue }
    }
    private var revenue = ExactSum()
    private var discount = ExactSum()
    /// Of each order that has one, for the median.
    private var values: [Decimal128] = []

    private var finder: PeriodFinder
    private var revenues = PeriodSums()
    private var orders = PeriodCounts()
    private var visits = PeriodCounts()
    private var buyers = PeriodCounts()
    private var active = PeriodCounts()

    init(_ finder: PeriodFinder) { self.finder = finder }

    mutating func addOrder(at time: Int64, _ revenue: Decimal128?, discount: Decimal128?) {
        figures.orders += 1
        let period = finder.number(at: time)
        orders.add(1, to: period)
        if let discount { self.discount.add(discount) }
        guard let revenue else { return }
        self.revenue.add(revenue)
        values.append(revenue)
        revenues.withSum(of: period) { $0.add(revenue) }
    }

    mutating func addVisit(at time: Int64, hasOrder: Bool) {
        figures.visits += 1
        if hasOrder { figures.visitsWithOrder += 1 }
        visits.add(1, to: finder.number(at: time))
    }

    /// - Parameters: queries of the reader: all events of the period, and its orders.
    mutating func addActivity(_ reader: EventRows.Reader, _ all: Int, _ orders: Int) {
        var isActive = [Bool](repeating: false, count: reader.block.profileCount)
        reader.forEachStretch(of: all) { profile, _ in isActive[profile] = true }
        figures.activeProfiles += isActive.count { $0 }
        let marks = PeriodMarks(reader, query: all, finder: &finder)
        let orderMarks = PeriodMarks(reader, query: orders, finder: &finder)
        for profile in isActive.indices where isActive[profile] {
            marks.forEachPeriod(of: profile) { active.add(1, to: $0) }
            orderMarks.forEachPeriod(of: profile) { buyers.add(1, to: $0) }
        }
    }

    mutating func merge(_ other: PeriodTally) {
        figures.add(other.figures)
        revenue.add(other.revenue)
        discount.add(other.discount)
        values += other.values
        for (period, sum) in other.revenues.all { revenues.withSum(of: period) { $0.add(sum) } }
        other.orders.forEachCount { orders.add($1, to: $0) }
        other.visits.forEachCount { visits.add($1, to: $0) }
        other.buyers.forEachCount { buyers.add($1, to: $0) }
        other.active.forEachCount { active.add($1, to: $0) }
    }

    var finished: OverviewFigures {
        var figures = figures
        figures.revenue = revenue.value()
        figures.discount = discount.value()
        figures.medianOrderValue = median
        return figures
    }

    private var median: Decimal128? {
        let sorted = values.sorted()
        guard let upper = sorted.isEmpty ? nil : sorted[sorted.count / 2] else { return nil }
        guard sorted.count % 2 == 0 else { return upper }
        return sorted[sorted.count / 2 - 1].adding(upper)?.divided(by: 2)
    }

    /// A point for each calendar period that the period touches, the latest if there are too many.
    func points(of period: Period, _ unit: CalendarUnit, _ finder: PeriodFinder) -> [OverviewPoint] {
        guard period.from < period.to else { return [] }
        var finder = finder
        let last = finder.number(at: period.to.milliseconds - 1)
        let first = max(finder.number(at: period.from.milliseconds), last - OverviewQuery.mostPoints + 1)
        guard first <= last else { return [] }
        let counts = [orders, buyers, active, visits].map { counts in
            var all: [Int: Int] = [:]
            counts.forEachCount { all[$0] = $1 }
            return all
        }
        let sums = revenues.all
        return (first...last).map { number in
            OverviewPoint(
                firstDay: unit.firstDay(of: number), revenue: (sums[number] ?? ExactSum()).value(),
                orders: counts[0][number] ?? 0, buyers: counts[1][number] ?? 0,
                activeProfiles: counts[2][number] ?? 0, visits: counts[3][number] ?? 0)
        }
    }
}

extension OverviewFigures {
    /// Adds the counts of other profiles.
    fileprivate mutating func add(_ other: OverviewFigures) {
        orders += other.orders
        items += other.items
        buyers += other.buyers
        repeatBuyers += other.repeatBuyers
        newBuyers += other.newBuyers
        retainedBuyers += other.retainedBuyers
        buyersBefore += other.buyersBefore
        activeProfiles += other.activeProfiles
        newProfiles += other.newProfiles
        visits += other.visits
        visitsWithOrder += other.visitsWithOrder
        cartProfiles += other.cartProfiles
        abandonedCarts += other.abandonedCarts
    }
}
