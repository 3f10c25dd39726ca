/// A kind of shopper: how often somebody of this kind comes, and what comes of it.
struct Persona: Sendable {
    enum Kind: UInt8, Sendable, CaseIterable {
        case passerBy, windowShopper, researcher, oneOff, occasional, loyal, vip, couponer, seasonal, lapsing, wonBack
    }

    let kind: Kind
    /// Share of all shoppers, in per mille.
    let share: Double
    /// Mean time between visits, in days, for a store of ordinary activity.
    let visitGap: Double
    /// Mean time from the first to the last visit, in days.
    let lifetime: Double
    /// Probability that a visit without any discount ends in an order.
    let buys: Double
    /// Probability that a visit that ends in no order leaves something in the cart.
    let fillsCart: Double
    /// Mean number of products looked at in a visit.
    let looksAt: Double
    /// Probability to sign up in a visit without an order.
    let signsUp: Double
    /// Probability to enter a coupon in an order.
    let usesCoupon: Double
    /// Prefers dear products (above 0) or cheap ones (below 0).
    let taste: Int
    /// Share of good answers in surveys.
    let satisfaction: Double

    static let all: [Persona] = [
        Persona(
            kind: .passerBy, share: 360, visitGap: 25, lifetime: 18, buys: 0, fillsCart: 0.03, looksAt: 0.6,
            signsUp: 0.01, usesCoupon: 0, taste: 0, satisfaction: 0.5),
        Persona(
            kind: .windowShopper, share: 130, visitGap: 21, lifetime: 170, buys: 0.002, fillsCart: 0.02, looksAt: 2.5,
            signsUp: 0.03, usesCoupon: 0.2, taste: 1, satisfaction: 0.6),
        Persona(
            kind: .researcher, share: 105, visitGap: 36, lifetime: 120, buys: 0.03, fillsCart: 0.45, looksAt: 1.8,
            signsUp: 0.06, usesCoupon: 0.3, taste: 0, satisfaction: 0.5),
        Persona(
            kind: .oneOff, share: 140, visitGap: 34, lifetime: 80, buys: 0.012, fillsCart: 0.08, looksAt: 1.4,
            signsUp: 0.03, usesCoupon: 0.25, taste: 0, satisfaction: 0.55),
        Persona(
            kind: .occasional, share: 95, visitGap: 42, lifetime: 420, buys: 0.3, fillsCart: 0.14, looksAt: 1.6,
            signsUp: 0.1, usesCoupon: 0.15, taste: 0, satisfaction: 0.65),
        Persona(
            kind: .loyal, share: 50, visitGap: 24, lifetime: 900, buys: 0.42, fillsCart: 0.12, looksAt: 1.6,
            signsUp: 0.3, usesCoupon: 0.1, taste: 0, satisfaction: 0.8),
        Persona(
            kind: .vip, share: 12, visitGap: 16, lifetime: 1200, buys: 0.5, fillsCart: 0.1, looksAt: 2.0,
            signsUp: 0.5, usesCoupon: 0.06, taste: 2, satisfaction: 0.85),
        Persona(
            kind: .couponer, share: 50, visitGap: 26, lifetime: 500, buys: 0.34, fillsCart: 0.2, looksAt: 1.9,
            signsUp: 0.3, usesCoupon: 1, taste: -1, satisfaction: 0.6),
        Persona(
            kind: .seasonal, share: 26, visitGap: 10, lifetime: 2000, buys: 0.38, fillsCart: 0.15, looksAt: 1.8,
            signsUp: 0.1, usesCoupon: 0.15, taste: 0, satisfaction: 0.65),
        Persona(
            kind: .lapsing, share: 24, visitGap: 21, lifetime: 130, buys: 0.42, fillsCart: 0.14, looksAt: 1.6,
            signsUp: 0.3, usesCoupon: 0.12, taste: 1, satisfaction: 0.35),
        Persona(
            kind: .wonBack, share: 8, visitGap: 18, lifetime: 2000, buys: 0.42, fillsCart: 0.12, looksAt: 1.6,
            signsUp: 0.4, usesCoupon: 0.15, taste: 1, satisfaction: 0.7),
    ]

    /// Shares of the kinds, in running totals.
    static let shares = runningTotals(all.map(\.share))

    /// Buys only with a coupon or on sale.
    var waitsForDiscount: Bool { kind == .couponer }
}
