import Analytics
import EventModel

extension StoreBoardReport {
    /// A line of the board: how a figure is called, in words and in JSON, and where it comes from.
    struct Figure: Sendable {
        let title: String
        let key: String
        var isMain = false
        var isMoney = false
        let value: @Sendable (OverviewFigures) -> Quantity
    }

    enum Quantity: Sendable {
        case amount(Decimal128)
        case count(Int)
        case share(Double)
        case ratio(Double)
        case none

        static func money(_ amount: Decimal128?) -> Quantity { amount.map { .amount($0) } ?? .none }
        static func rate(_ share: Double?) -> Quantity { share.map { .share($0) } ?? .none }
    }
}

extension StoreBoardReport.Figure {
    static let all: [Self] = [
        Self(title: "revenue", key: "revenue", isMain: true, isMoney: true) { .money($0.revenue) },
        Self(title: "orders", key: "orders", isMain: true) { .count($0.orders) },
        Self(title: "average order value", key: "averageOrderValue", isMain: true, isMoney: true) {
            .money($0.averageOrderValue)
        },
        Self(title: "median order value", key: "medianOrderValue", isMoney: true) { .money($0.medianOrderValue) },
        Self(title: "order lines", key: "items") { .count($0.items) },
        Self(title: "discount", key: "discount", isMoney: true) { .money($0.discount) },
        Self(title: "discount share", key: "discountShare") { .rate($0.discountShare) },
        Self(title: "visits", key: "visits", isMain: true) { .count($0.visits) },
        Self(title: "visits with an order", key: "visitsWithOrder") { .count($0.visitsWithOrder) },
        Self(title: "conversion of visits", key: "visitConversion", isMain: true) { .rate($0.visitConversion) },
        Self(title: "conversion of profiles", key: "profileConversion") { .rate($0.profileConversion) },
        Self(title: "profiles with a cart", key: "cartProfiles") { .count($0.cartProfiles) },
        Self(title: "left their cart", key: "abandonedCarts") { .count($0.abandonedCarts) },
        Self(title: "cart abandonment", key: "cartAbandonment", isMain: true) { .rate($0.cartAbandonment) },
        Self(title: "active profiles", key: "activeProfiles", isMain: true) { .count($0.activeProfiles) },
        Self(title: "new profiles", key: "newProfiles") { .count($0.newProfiles) },
        Self(title: "buyers", key: "buyers", isMain: true) { .count($0.buyers) },
        Self(title: "new buyers", key: "newBuyers") { .count($0.newBuyers) },
        Self(title: "returning buyers", key: "returningBuyers") { .count($0.returningBuyers) },
        Self(title: "retained from the period before", key: "retainedBuyers") { .count($0.retainedBuyers) },
        Self(title: "back after a pause", key: "reactivatedBuyers") { .count($0.reactivatedBuyers) },
        Self(title: "buyers with two orders or more", key: "repeatBuyers") { .count($0.repeatBuyers) },
        Self(title: "repeat purchase rate", key: "repeatPurchaseRate") { .rate($0.repeatPurchaseRate) },
        Self(title: "retention rate", key: "retentionRate", isMain: true) { .rate($0.retentionRate) },
        Self(title: "churn rate", key: "churnRate") { .rate($0.churnRate) },
        Self(title: "orders per buyer", key: "ordersPerBuyer") { $0.ordersPerBuyer.map { .ratio($0) } ?? .none },
        Self(title: "revenue per buyer", key: "revenuePerBuyer", isMoney: true) { .money($0.revenuePerBuyer) },
    ]
}

extension StoreBoardReport.Quantity {
    var text: String {
        switch self {
        case .amount(let amount): groupedDecimal(amount.description, places: 2)
        case .count(let count): grouped(count)
        case .share(let share): percentage(share)
        case .ratio(let ratio): Decimal128(ratio).map { groupedDecimal($0.description, places: 2) } ?? "–"
        case .none: "–"
        }
    }

    private var number: Double? {
        switch self {
        case .amount(let amount): amount.approximate
        case .count(let count): Double(count)
        case .share(let number), .ratio(let number): number
        case .none: nil
        }
    }

    /// "+12.5 %"; shares change by points: "−1.2 points".
    func change(from before: Self) -> String {
        guard let now = number, let then = before.number, now != then else { return "" }
        if case .share = self {
            let points = percentage((now - then).magnitude)
            return (now < then ? "−" : "+") + points.replacing(" %", with: " points")
        }
        guard then != 0 else { return "new" }
        let change = (now - then) / then
        return (change < 0 ? "−" : "+") + percentage(change.magnitude)
    }

    var json: JSONValue {
        switch self {
        case .amount(let amount): .number(amount)
        case .count(let count): .count(count)
        case .share(let number), .ratio(let number): .rounded(number)
        case .none: .null
        }
    }
}

extension StoreBoardReport {
    var json: JSONValue {
        .object([
            ("asOf", .time(asOf)),
            ("zone", .text(zone.identifier)),
            ("currency", currency.map { .text($0) }),
            ("segment", segment.map { .text($0) }),
            ("period", json(answer.period, answer.figures)),
            ("before", json(answer.before, answer.figuresBefore)),
            ("by", .text(answer.unit.rawValue)),
            ("series", .array(answer.series.map(json))),
            ("seriesBefore", .array(answer.seriesBefore.map(json))),
            ("productCount", .count(answer.productCount)),
            (
                "products",
                .array(
                    answer.products.map { product in
                        .object([
                            ("id", .string(product.id)), ("name", product.name.map { .string($0) }),
                            ("orders", .count(product.orders)), ("quantity", .amount(product.quantity)),
                            ("revenue", .amount(product.revenue)), ("revenueBefore", .amount(product.revenueBefore)),
                        ])
                    })
            ),
            ("categoryCount", .count(answer.categoryCount)),
            (
                "categories",
                .array(
                    answer.categories.map { category in
                        .object([
                            ("name", .string(category.name)), ("orders", .count(category.orders)),
                            ("quantity", .amount(category.quantity)), ("revenue", .amount(category.revenue)),
                            ("revenueBefore", .amount(category.revenueBefore)),
                        ])
                    })
            ),
            ("channelCount", .count(answer.channelCount)),
            ("channels", .array(answer.channels.map(json))),
        ])
    }

    private func json(_ period: Period, _ figures: OverviewFigures) -> JSONValue {
        let bounds: [(String, JSONValue?)] = [("from", .time(period.from)), ("to", .time(period.to))]
        return .object(bounds + Figure.all.map { ($0.key, $0.value(figures).json) })
    }

    private func json(_ point: OverviewPoint) -> JSONValue {
        .object([
            ("from", .text(point.firstDay.iso)), ("revenue", .amount(point.revenue)), ("orders", .count(point.orders)),
            ("buyers", .count(point.buyers)), ("activeProfiles", .count(point.activeProfiles)),
            ("visits", .count(point.visits)),
        ])
    }

    private func json(_ channel: ChannelFigures) -> JSONValue {
        .object([
            ("name", channel.name.map { .string($0) } ?? .null), ("visits", .count(channel.visits)),
            ("visitsBefore", .count(channel.visitsBefore)), ("orders", .count(channel.orders)),
            ("ordersBefore", .count(channel.ordersBefore)), ("revenue", .amount(channel.revenue)),
            ("revenueBefore", .amount(channel.revenueBefore)), ("visitsWithOrder", .count(channel.visitsWithOrder)),
        ])
    }
}
