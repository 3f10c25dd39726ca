import Analytics
import EventModel
import EventStore
import TestSupport
import Testing

/// The figures of a period, found by plain loops over the events of each profile.
struct OverviewTwin {
    let twin: Twin
    let workspace: RandomCase
    let period: Period
    private let histories: [[Twin.Event]]

    struct Visit {
        var events: [Twin.Event]
        var orders: [Twin.Event] = []
        var start: Timestamp { events[0].time }
    }

    init(_ twin: Twin, _ workspace: RandomCase, _ period: Period) {
        self.twin = twin
        self.workspace = workspace
        self.period = period
        histories = Array(Dictionary(grouping: twin.events, by: \.profile).values)
    }

    private func isOrder(_ event: Twin.Event) -> Bool { event.name == "Order Completed" }
    private func orders(of history: [Twin.Event], in period: Period) -> [Twin.Event] {
        history.filter { isOrder($0) && period.contains($0.time) }
    }
    private var orders: [Twin.Event] { histories.flatMap { orders(of: $0, in: period) } }

    private func sum(_ name: Text, of events: [Twin.Event]) -> Decimal128? {
        var sum = ExactSum()
        for event in events { if let number = event.properties[name]?.numeric { sum.add(number) } }
        return sum.value()
    }

    func visits(of history: [Twin.Event]) -> [Visit] {
        var visits: [Visit] = []
        for event in history where Vocabulary.browsingEvents.contains(event.name) {
            if let last = visits.last?.events.last, event.time.milliseconds(since: last.time) <= 1_800_000 {
                visits[visits.count - 1].events.append(event)
            } else {
                visits.append(Visit(events: [event]))
            }
        }
        for order in history where isOrder(order) {
            if let home = visits.lastIndex(where: { visit in
                guard let last = visit.events.last else { return false }
                return order.time >= visit.start && order.time.milliseconds(since: last.time) <= 1_800_000
            }) {
                visits[home].orders.append(order)
            }
        }
        return visits
    }

    // MARK: - Figures

    /// The names of the figures that differ.
    func differences(_ figures: OverviewFigures) -> [String] {
        let earlier = period.before(in: twin.zone)
        let own = histories.map { orders(of: $0, in: period) }
        let previous = histories.map { orders(of: $0, in: earlier) }
        let buyers = histories.indices.filter { !own[$0].isEmpty }
        let begun = histories.flatMap { visits(of: $0) }.filter { period.contains($0.start) }
        let carts = histories.filter { $0.contains { $0.name == "Product Added" && period.contains($0.time) } }
        let left = carts.filter { history in
            let last = history.lastIndex { $0.name == "Product Added" && period.contains($0.time) } ?? 0
            return !history[last...].contains { isOrder($0) && period.contains($0.time) }
        }
        let values = orders.compactMap { $0.properties["revenue"]?.numeric }.sorted()
        let middle =
            values.isEmpty
            ? nil : values[(values.count - 1) / 2].adding(values[values.count / 2])?.divided(by: 2)
        let created = twin.created.values.filter { period.contains($0) }
        let checks: [(String, Bool)] = [
            ("revenue", figures.revenue == sum("revenue", of: orders)),
            ("discount", figures.discount == sum("discount", of: orders)), ("orders", figures.orders == orders.count),
            ("median", figures.medianOrderValue == middle),
            ("items", figures.items == orders.reduce(0) { $0 + items(of: $1).count }),
            ("buyers", figures.buyers == buyers.count),
            ("repeat", figures.repeatBuyers == buyers.count { own[$0].count > 1 }),
            ("before", figures.buyersBefore == previous.count { !$0.isEmpty }),
            ("retained", figures.retainedBuyers == buyers.count { !previous[$0].isEmpty }),
            (
                "new",
                figures.newBuyers
                    == buyers.count { histories[$0].first(where: isOrder).map { period.contains($0.time) } ?? false }
            ),
            ("active", figures.activeProfiles == histories.count { $0.contains { period.contains($0.time) } }),
            ("created", figures.newProfiles == created.count), ("visits", figures.visits == begun.count),
            ("visits with order", figures.visitsWithOrder == begun.count { !$0.orders.isEmpty }),
            ("carts", figures.cartProfiles == carts.count), ("left", figures.abandonedCarts == left.count),
        ]
        return checks.filter { !$0.1 }.map(\.0)
    }

    func check(_ series: [OverviewPoint], _ unit: CalendarUnit, _ label: String) {
        let own = twin.events.filter { period.contains($0.time) }
        let byDay = Dictionary(grouping: own) { twin.period($0, unit) }
        let visits = histories.flatMap { self.visits(of: $0) }.filter { period.contains($0.start) }
        for point in series {
            let events = byDay[point.firstDay] ?? []
            let orders = events.filter(isOrder)
            #expect(point.orders == orders.count, "\(label) \(point.firstDay.iso)")
            #expect(point.revenue == sum("revenue", of: orders), "\(label) \(point.firstDay.iso)")
            #expect(point.buyers == Set(orders.map(\.profile)).count, "\(label) \(point.firstDay.iso)")
            #expect(point.activeProfiles == Set(events.map(\.profile)).count, "\(label) \(point.firstDay.iso)")
            let begun = visits.filter { twin.period($0.events[0], unit) == point.firstDay }
            #expect(point.visits == begun.count, "\(label) \(point.firstDay.iso)")
        }
        #expect(Set(byDay.keys).isSubset(of: series.map(\.firstDay)), "\(label)")
    }

    // MARK: - Goods

    private func items(of event: Twin.Event) -> [JSONObject] {
        if event.properties.isOwnItem { return [event.properties] }
        return event.properties["products" as Text]?.elements?.compactMap(\.object) ?? []
    }

    private func value(_ name: Text, of item: JSONObject) -> JSONValue? {
        if let own = item[name], !own.isNull { return own }
        return item["product_id"]?.identity.flatMap { workspace.settings.catalogue.value(productID: $0, path: [name]) }
    }

    struct Sold: Equatable {
        var orders = 0
        var quantity = ExactSum()
        var revenue = ExactSum()
        static func == (left: Sold, right: Sold) -> Bool {
            left.orders == right.orders && left.quantity.value() == right.quantity.value()
                && left.revenue.value() == right.revenue.value()
        }
    }

    private func sold(by name: Text) -> [Text: Sold] {
        var all: [Text: Sold] = [:]
        for order in orders {
            var seen: Set<Text> = []
            for item in items(of: order) {
                let key = name == "product_id" ? item[name]?.identity : value(name, of: item)?.identity
                guard let key else { continue }
                if seen.insert(key).inserted { all[key, default: Sold()].orders += 1 }
                let quantity = item["quantity"]?.numeric ?? 1
                all[key, default: Sold()].quantity.add(quantity)
                let price =
                    item["price"]?.numeric
                    ?? item["product_id"]?.identity.flatMap {
                        workspace.settings.catalogue.value(productID: $0, path: ["price"])?.numeric
                    }
                if let amount = item["amount"]?.numeric ?? price?.multiplied(by: quantity) {
                    all[key, default: Sold()].revenue.add(amount)
                }
            }
        }
        return all
    }

    func checkGoods(_ answer: OverviewQuery.Answer, _ before: OverviewTwin, _ label: String) {
        let products = sold(by: "product_id")
        let earlier = before.sold(by: "product_id")
        #expect(answer.productCount == products.count, "\(label)")
        #expect(answer.products.count == min(3, products.count), "\(label)")
        let most = products.values.compactMap { $0.revenue.value() }.sorted(by: >).prefix(3)
        #expect(answer.products.map(\.revenue) == Array(most), "\(label)")
        for product in answer.products {
            let wanted = products[product.id]
            #expect(product.orders == wanted?.orders, "\(label) product \(product.id)")
            #expect(product.quantity == wanted?.quantity.value(), "\(label) product \(product.id)")
            #expect(product.revenue == wanted?.revenue.value(), "\(label) product \(product.id)")
            #expect(product.revenueBefore == (earlier[product.id] ?? Sold()).revenue.value(), "\(label) \(product.id)")
        }
        let categories = sold(by: "category")
        #expect(answer.categoryCount == categories.count, "\(label)")
        for category in answer.categories {
            #expect(category.orders == categories[category.name]?.orders, "\(label) category \(category.name)")
            #expect(category.revenue == categories[category.name]?.revenue.value(), "\(label) \(category.name)")
        }
    }

    // MARK: - Channels

    /// By channel, "" none: visits, orders, and their revenue.
    private var channels: [Text: [Decimal128?]] {
        func channel(_ event: Twin.Event) -> Text {
            let source = event.context["campaign"]?["source"]?.identity ?? ""
            return source.utf8.isEmpty ? "direct" : source
        }
        var visitsOf: [Text: Int] = [:]
        var ordersOf: [Text: [Twin.Event]] = [:]
        for history in histories {
            let visits = self.visits(of: history)
            for visit in visits where period.contains(visit.start) {
                visitsOf[channel(visit.events[0]), default: 0] += 1
            }
            for visit in visits {
                ordersOf[channel(visit.events[0]), default: []] += visit.orders.filter { period.contains($0.time) }
            }
            let placed = visits.flatMap(\.orders).count { period.contains($0.time) }
            let own = orders(of: history, in: period)
            if own.count > placed {
                let inside = visits.flatMap(\.orders).map(\.id)
                ordersOf["", default: []] += own.filter { !inside.contains($0.id) }
            }
        }
        return Set(visitsOf.keys).union(ordersOf.filter { !$0.value.isEmpty }.keys).reduce(into: [:]) { all, name in
            all[name] = [
                Decimal128(visitsOf[name] ?? 0), Decimal128(ordersOf[name]?.count ?? 0),
                sum("revenue", of: ordersOf[name] ?? []),
            ]
        }
    }

    func checkChannels(_ answer: OverviewQuery.Answer, _ before: OverviewTwin, _ label: String) {
        let expected = channels
        let earlier = before.channels
        #expect(answer.channelCount == expected.count, "\(label)")
        for channel in answer.channels {
            let name = channel.name ?? ""
            let found = [Decimal128(channel.visits), Decimal128(channel.orders), channel.revenue]
            #expect(found == expected[name], "\(label) channel \(name)")
            let past = [Decimal128(channel.visitsBefore), Decimal128(channel.ordersBefore), channel.revenueBefore]
            #expect(past == earlier[name] ?? [0, 0, 0], "\(label) channel \(name) before")
        }
    }
}
