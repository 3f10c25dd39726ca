package import EventModel

/// Makes a demonstration store: a year of a plausible shop, as messages and a catalogue, from a seed.
///
/// The same seed, size, end and zone give the same bytes on every machine, however they are cut into chunks. There is
/// no clock, and no person has a name: shoppers are `shopper-00042`, known by addresses at example.com.
///
/// What is in it: visits that come by search, mailings and advertisements; lists, searches and products; carts,
/// coupons, checkouts left in the middle, orders, cancellations and refunds; e-mails, consent, surveys, support
/// tickets. Seasons, sales and hours of the day; eleven kinds of shoppers from passers-by to VIPs; visitors who say
/// who they are only later, on a second device too. Some messages arrive late, some twice, some orders twice.
package struct DemoStoreGenerator: Sendable {
    /// What a written store holds.
    package struct Summary: Hashable, Sendable {
        package var products = 0
        package var shoppers = 0
        /// All messages, those sent twice counted twice.
        package var messages = 0
        package var orders = 0
        /// Messages that repeat another one.
        package var duplicates = 0
        /// Messages that arrive hours or days after they happened.
        package var late = 0

        package init() {}
    }

    package static let defaultProfiles = 20_000

    private let seed: UInt64
    private let profiles: Int
    private let targetEvents: Int?
    private let calendar: ShopCalendar
    private let catalogue: ShopCatalogue

    /// - Parameters:
    ///   - profiles: how many shoppers there are, at least 1. Some have a device of which nobody ever learns whose it
    ///     is, so the store has some more profiles than that.
    ///   - targetEvents: how many messages there are to be, within a few percent; without it about 26 a shopper.
    ///   - end: the last instant of the year, not included.
    ///   - zone: in which the shop's days begin and its evenings are.
    package init(
        seed: UInt64, profiles: Int = defaultProfiles, targetEvents: Int? = nil, endingAt end: Timestamp, zone: Zone
    ) {
        self.seed = seed
        self.profiles = max(1, profiles)
        self.targetEvents = targetEvents
        calendar = ShopCalendar(endingAt: end, zone: zone)
        catalogue = ShopCatalogue(seed: seed)
    }

    /// Writes the store: JSON Lines, whole lines in each chunk, messages in the order in which they arrive.
    ///
    /// - Parameters:
    ///   - events: takes messages of the Segment protocol, at most about 300 kB at once.
    ///   - products: takes the catalogue, product objects, at once.
    /// - Complexity: O(messages log messages-of-a-day) time; memory for the shoppers and one day of messages.
    package func write<Failure: Error>(
        events: ([UInt8]) throws(Failure) -> Void, products: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) -> Summary {
        try products(catalogue.jsonLines)
        var year = StoreYear(
            seed: seed, calendar: calendar, catalogue: catalogue, activity: activity(), shoppers: 0..<profiles)
        try year.run(to: events)
        var summary = Summary()
        summary.products = catalogue.products.count
        summary.shoppers = profiles
        summary.messages = year.delivery.messages
        summary.orders = year.ordersTaken
        summary.duplicates = year.duplicates
        summary.late = year.late
        return summary
    }

    /// Shoppers that a trial run lives through to find the activity that gives the wanted number of messages.
    private static let trialShoppers = 4_000

    /// How often shoppers have to come, beside an ordinary store, for the wanted number of messages.
    ///
    /// More activity gives more messages, but not in proportion: lifetimes do not change. A few rounds of correction
    /// on a sample of the shoppers come close enough.
    private func activity() -> Double {
        guard let targetEvents else { return 1 }
        let count = min(profiles, DemoStoreGenerator.trialShoppers)
        let step = profiles / count
        let wanted = Double(targetEvents) / Double(profiles)
        var activity = 1.0
        for _ in 0..<5 {
            var trial = StoreYear(
                seed: seed, calendar: calendar, catalogue: catalogue, activity: activity,
                shoppers: stride(from: 0, to: step * count, by: step), countsOnly: true)
            trial.run { (_: [UInt8]) in }
            let found = Double(trial.delivery.messages) / Double(count)
            guard found > 0 else { break }
            activity = min(max(activity * wanted / found, 0.01), 100)
        }
        return activity
    }
}
