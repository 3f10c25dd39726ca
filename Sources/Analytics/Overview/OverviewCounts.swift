import Columns
import EventModel
import EventStore
import SegmentEngine

/// What one worker has counted for an overview, in the period (0) and in the one before it (1).
struct OverviewCounts: Sendable {
    static let revenue = PropertyPath(.properties, ["revenue"])
    static let discount = PropertyPath(.properties, ["discount"])

    let plan: OverviewPlan
    var tallies: [PeriodTally]
    var goods: SoldGoods
    var channels = ChannelTally()
    private var ordersMet = 0

    init(_ plan: OverviewPlan) {
        self.plan = plan
        tallies = (0..<2).map { _ in PeriodTally(PeriodFinder(plan.query.unit, in: plan.settings.zone)) }
        goods = SoldGoods(plan.settings.catalogue)
    }

    /// What the orders of a profile say.
    private struct Shopper {
        /// Orders in the three periods.
        var orders = (0, 0, 0)
        var firstOrder = Int64.max
        /// The row of the last order in the period, and in the one before; -1: none.
        var lastOrder = (-1, -1)

        /// Notes an order in one of the three periods; orders come in history order.
        mutating func count(_ index: Int, _ row: Int) {
            switch index {
            case 0:
                orders.0 += 1
                lastOrder.0 = row
            case 1:
                orders.1 += 1
                lastOrder.1 = row
            default: orders.2 += 1
            }
        }
    }

    mutating func add(_ reader: EventRows.Reader) {
        let block = reader.block
        let visits = BlockVisits(reader, browsing: OverviewPlan.browsing)
        var shoppers = [Shopper](repeating: Shopper(), count: block.profileCount)
        addOrders(reader, visits, &shoppers)
        addCarts(reader, shoppers)
        for (profile, shopper) in shoppers.enumerated() where shopper.firstOrder != .max { addBuyer(shopper, profile) }
        for index in tallies.indices {
            tallies[index].addActivity(reader, OverviewPlan.activity[index], OverviewPlan.ordersWithin[index])
            tallies[index].newProfiles += block.firstTimes.indices.count { profile in
                let created = block.firstTimes[profile]
                return created <= reader.now && plan.periods[index].contains(created) && reader.isWanted(profile)
            }
        }
    }

    // MARK: - Orders and visits

    private mutating func addOrders(_ reader: EventRows.Reader, _ visits: BlockVisits, _ shoppers: inout [Shopper]) {
        let block = reader.block
        let times = block.times
        let revenues = block.column(Self.revenue).map { ColumnNumbers($0) }
        let discounts = block.column(Self.discount).map { ColumnNumbers($0) }
        let earliest = plan.periods[1].from.milliseconds
        var items = OrderItems(block)
        var columns = ChannelNames.Columns(block)
        var hasOrder = [Bool](repeating: false, count: visits.starts.count)
        reader.forEachStretch(of: OverviewPlan.orders) { profile, rows in
            for row in rows {
                let time = times[row]
                shoppers[profile].firstOrder = min(shoppers[profile].firstOrder, time)
                // Also of visits that began in time and ended with an order after it.
                let visit = time >= earliest ? visits.visit(of: profile, at: time) : nil
                if let visit { hasOrder[visit] = true }
                guard let index = plan.periods.firstIndex(where: { $0.contains(time) }) else { continue }
                shoppers[profile].count(index, row)
                guard index < 2 else { continue }
                let revenue = revenues?.number(at: row)
                tallies[index].addOrder(at: time, revenue, discount: discounts?.number(at: row))
                let channel =
                    visit.map { channels.names.channel(at: Int(visits.firstRows[$0]), &columns) }
                    ?? channels.names.own(at: row, &columns)
                channels.addOrder(channel, revenue, in: index)
                ordersMet += 1
                addItems(of: row, at: time, &items, in: index)
            }
        }
        addVisits(visits, hasOrder, &columns)
    }

    private mutating func addItems(of row: Int, at time: Int64, _ items: inout OrderItems, in index: Int) {
        var count = 0
        let order = ordersMet
        items.forEachItem(of: row, &goods) { item, goods in
            count += 1
            goods.add(item, order: order, at: time, isBefore: index == 1)
        }
        tallies[index].figures.items += count
    }

    private mutating func addVisits(_ visits: BlockVisits, _ hasOrder: [Bool], _ columns: inout ChannelNames.Columns) {
        for (visit, start) in visits.starts.enumerated() {
            guard let index = (0..<2).first(where: { plan.periods[$0].contains(start) }) else { continue }
            tallies[index].addVisit(at: start, hasOrder: hasOrder[visit])
            let channel = channels.names.channel(at: Int(visits.firstRows[visit]), &columns)
            channels.addVisit(channel, hasOrder: hasOrder[visit], in: index)
        }
    }

    // MARK: - Profiles

    private mutating func addBuyer(_ shopper: Shopper, _ profile: Int) {
        let counts = [shopper.orders.0, shopper.orders.1, shopper.orders.2]
        for index in 0..<2 {
            if counts[index + 1] > 0 { tallies[index].figures.buyersBefore += 1 }
            guard counts[index] > 0 else { continue }
            tallies[index].figures.buyers += 1
            if counts[index] > 1 { tallies[index].figures.repeatBuyers += 1 }
            if counts[index + 1] > 0 { tallies[index].figures.retainedBuyers += 1 }
            if plan.periods[index].contains(shopper.firstOrder) { tallies[index].figures.newBuyers += 1 }
        }
    }

    private mutating func addCarts(_ reader: EventRows.Reader, _ shoppers: [Shopper]) {
        let block = reader.block
        var lastAdditions = [(Int, Int)](repeating: (-1, -1), count: block.profileCount)
        reader.forEachStretch(of: OverviewPlan.additions) { profile, rows in
            for row in rows {
                if plan.periods[0].contains(block.times[row]) { lastAdditions[profile].0 = row }
                if plan.periods[1].contains(block.times[row]) { lastAdditions[profile].1 = row }
            }
        }
        for (profile, last) in lastAdditions.enumerated() {
            let orders = shoppers[profile].lastOrder
            for (index, (addition, order)) in [(last.0, orders.0), (last.1, orders.1)].enumerated() where addition >= 0
            {
                tallies[index].figures.cartProfiles += 1
                if order < 0 || block.isEarlier(order, than: addition) { tallies[index].figures.abandonedCarts += 1 }
            }
        }
    }

    // MARK: - Together

    mutating func merge(_ other: OverviewCounts) {
        for index in tallies.indices { tallies[index].merge(other.tallies[index]) }
        goods.merge(other.goods)
        channels.merge(other.channels)
    }

    func answer() -> OverviewQuery.Answer {
        let query = plan.query
        let products = goods.soldProducts
        let categories = goods.soldCategories
        let channels = channels.figures
        let finder = PeriodFinder(query.unit, in: plan.settings.zone)
        return OverviewQuery.Answer(
            period: query.period, before: plan.periods[1], figures: tallies[0].finished,
            figuresBefore: tallies[1].finished, unit: query.unit,
            series: tallies[0].points(of: plan.periods[0], query.unit, finder),
            seriesBefore: tallies[1].points(of: plan.periods[1], query.unit, finder),
            products: Array(products.prefix(query.limit)), categories: Array(categories.prefix(query.limit)),
            productCount: products.count, categoryCount: categories.count,
            channels: Array(channels.prefix(query.limit)), channelCount: channels.count)
    }
}
