package import EventModel

/// The figures of a store in one period.
package struct OverviewFigures: Sendable, Equatable {
    /// The exact sum of `revenue` of the orders, in the workspace's currency; nil when out of range.
    package internal(set) var revenue: Decimal128? = 0
    package internal(set) var orders = 0
    /// The middle order, or half-way between both middle ones; of orders that have a revenue. Nil without one.
    package internal(set) var medianOrderValue: Decimal128?
    /// Lines of the orders.
    package internal(set) var items = 0
    /// The exact sum of `discount` of the orders; nil when out of range.
    package internal(set) var discount: Decimal128? = 0

    /// Profiles with an order.
    package internal(set) var buyers = 0
    /// Those of them with two orders or more.
    package internal(set) var repeatBuyers = 0
    /// Those whose first order of all lies in the period.
    package internal(set) var newBuyers = 0
    /// Those who ordered in the period before, too.
    package internal(set) var retainedBuyers = 0
    /// Profiles with an order in the period before.
    package internal(set) var buyersBefore = 0

    /// Profiles with an event.
    package internal(set) var activeProfiles = 0
    /// Profiles whose first message lies in the period.
    package internal(set) var newProfiles = 0

    /// Visits that began in the period.
    package internal(set) var visits = 0
    /// Those of them during which an order was completed.
    package internal(set) var visitsWithOrder = 0

    /// Profiles that put something into a cart.
    package internal(set) var cartProfiles = 0
    /// Those of them without an order in the period after they last did.
    package internal(set) var abandonedCarts = 0

    // MARK: - Rates

    /// Revenue by order. Nil without orders.
    package var averageOrderValue: Decimal128? { revenue?.divided(by: Decimal128(orders)) }
    /// Revenue by profile that ordered.
    package var revenuePerBuyer: Decimal128? { revenue?.divided(by: Decimal128(buyers)) }
    package var ordersPerBuyer: Double? { Self.ratio(orders, buyers) }
    /// The share of the list price that was given away: discount / (revenue + discount). Nil without either.
    package var discountShare: Double? {
        guard let discount, let all = revenue?.adding(discount) else { return nil }
        return discount.divided(by: all)?.approximate
    }

    /// The share of visits during which an order was completed. Nil without visits.
    package var visitConversion: Double? { Self.ratio(visitsWithOrder, visits) }
    /// The share of active profiles that ordered.
    package var profileConversion: Double? { Self.ratio(buyers, activeProfiles) }
    /// The share of profiles with a cart that left it.
    package var cartAbandonment: Double? { Self.ratio(abandonedCarts, cartProfiles) }

    /// Buyers that are neither new nor retained: they had been away for a period or more.
    package var reactivatedBuyers: Int { buyers - newBuyers - retainedBuyers }
    /// Buyers that had ordered before the period.
    package var returningBuyers: Int { buyers - newBuyers }
    package var returningProfiles: Int { activeProfiles - newProfiles }
    /// The share of buyers with two orders or more.
    package var repeatPurchaseRate: Double? { Self.ratio(repeatBuyers, buyers) }
    /// The share of the buyers of the period before that ordered again: (E - N) / S, as customer retention rate is taught.
    package var retentionRate: Double? { Self.ratio(retainedBuyers, buyersBefore) }
    /// 1 - retention rate.
    package var churnRate: Double? { retentionRate.map { 1 - $0 } }

    private static func ratio(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
}

/// The figures of one calendar day, week or month within a period.
package struct OverviewPoint: Sendable, Equatable {
    package let firstDay: CalendarDay
    /// The exact sum; nil when out of range.
    package let revenue: Decimal128?
    package let orders: Int
    /// Profiles with an order, with any event.
    package let buyers: Int
    package let activeProfiles: Int
    /// Visits that began.
    package let visits: Int
}

/// What was sold of a product in the period.
package struct SoldProduct: Sendable, Equatable {
    package let id: Text
    /// As the catalogue has it, else as the latest order of the period wrote it.
    package let name: Text?
    /// Orders with it, lines each counted once.
    package let orders: Int
    /// Pieces: the sum of quantities, 1 where none is given.
    package let quantity: Decimal128?
    /// The lines' amounts, else price by quantity, the price of the catalogue where the order has none; nil when out of
    /// range.
    package let revenue: Decimal128?
    /// The same in the period before.
    package let revenueBefore: Decimal128?
}

/// What was sold of a category in the period.
package struct SoldCategory: Sendable, Equatable {
    package let name: Text
    package let orders: Int
    package let quantity: Decimal128?
    package let revenue: Decimal128?
    package let revenueBefore: Decimal128?
}

/// What came over a channel.
package struct ChannelFigures: Sendable, Equatable {
    /// The `channel` property of a visit's first event, else its campaign's medium, else its campaign's source, else
    /// the host that referred, else "direct". Nil: orders outside any visit that name no channel.
    package let name: Text?
    package let visits: Int
    package let visitsBefore: Int
    /// Of the visits during which they were completed.
    package let orders: Int
    package let ordersBefore: Int
    package let revenue: Decimal128?
    package let revenueBefore: Decimal128?
    /// Visits with an order.
    package let visitsWithOrder: Int

    package var conversion: Double? { visits > 0 ? Double(visitsWithOrder) / Double(visits) : nil }
}
