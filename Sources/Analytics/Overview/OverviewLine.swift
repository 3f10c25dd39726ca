package import EventModel

/// A line of the overview: how a figure is called, in words and in JSON, and where it comes from.
package struct OverviewLine: Sendable {
    package let title: String
    package let key: String
    /// Whether it is one of those to look at first.
    package var isMain = false
    package var isMoney = false
    /// Whether less of it is better.
    package var isLoss = false
    package let value: @Sendable (OverviewFigures) -> Amount

    package enum Amount: Sendable, Equatable {
        case amount(Decimal128)
        case count(Int)
        /// 0...1
        case share(Double)
        case ratio(Double)
        case none

        static func money(_ amount: Decimal128?) -> Amount { amount.map { .amount($0) } ?? .none }
        static func rate(_ share: Double?) -> Amount { share.map { .share($0) } ?? .none }
    }

    /// The line of a key; nil for an unknown one.
    package static func of(_ key: String) -> OverviewLine? { all.first { $0.key == key } }
}

extension OverviewLine {
    /// In the order in which they are read.
    package static let all: [Self] = [
        Self(title: "revenue", key: "revenue", isMain: true, isMoney: true) { .money($0.revenue) },
        Self(title: "orders", key: "orders", isMain: true) { .count($0.orders) },
        Self(title: "average order value", key: "averageOrderValue", isMain: true, isMoney: true) {
            .money($0.averageOrderValue)
        },
        Self(title: "median order value", key: "medianOrderValue", isMoney: true) { .money($0.medianOrderValue) },
        Self(title: "order lines", key: "items") { .count($0.items) },
        Self(title: "discount", key: "discount", isMoney: true, isLoss: true) { .money($0.discount) },
        Self(title: "discount share", key: "discountShare", isLoss: true) { .rate($0.discountShare) },
        Self(title: "visits", key: "visits", isMain: true) { .count($0.visits) },
        Self(title: "visits with an order", key: "visitsWithOrder") { .count($0.visitsWithOrder) },
        Self(title: "conversion of visits", key: "visitConversion", isMain: true) { .rate($0.visitConversion) },
        Self(title: "conversion of profiles", key: "profileConversion") { .rate($0.profileConversion) },
        Self(title: "profiles with a cart", key: "cartProfiles") { .count($0.cartProfiles) },
        Self(title: "left their cart", key: "abandonedCarts", isLoss: true) { .count($0.abandonedCarts) },
        Self(title: "cart abandonment", key: "cartAbandonment", isMain: true, isLoss: true) {
            .rate($0.cartAbandonment)
        },
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
        Self(title: "churn rate", key: "churnRate", isLoss: true) { .rate($0.churnRate) },
        Self(title: "orders per buyer", key: "ordersPerBuyer") { $0.ordersPerBuyer.map { .ratio($0) } ?? .none },
        Self(title: "revenue per buyer", key: "revenuePerBuyer", isMoney: true) { .money($0.revenuePerBuyer) },
    ]
}

extension OverviewLine.Amount {
    package var text: String {
        switch self {
        case .amount(let amount): groupedDecimal(amount.description, places: 2)
        case .count(let count): grouped(count)
        case .share(let share): percentage(share)
        case .ratio(let ratio): Decimal128(ratio).map { groupedDecimal($0.description, places: 2) } ?? "–"
        case .none: "–"
        }
    }

    /// Nil where there is none.
    package var number: Double? {
        switch self {
        case .amount(let amount): amount.approximate
        case .count(let count): Double(count)
        case .share(let number), .ratio(let number): number
        case .none: nil
        }
    }

    /// "+12.5 %"; shares change by points: "−1.2 points".
    package func change(from before: Self) -> String {
        guard let now = number, let then = before.number, now != then else { return "" }
        if case .share = self {
            let points = percentage((now - then).magnitude)
            return (now < then ? "−" : "+") + points.replacing(" %", with: " points")
        }
        guard then != 0 else { return "new" }
        let change = (now - then) / then
        return (change < 0 ? "−" : "+") + percentage(change.magnitude)
    }
}
