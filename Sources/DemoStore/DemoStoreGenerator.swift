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
    ///   - targetEvents: how many messages there are to be, within a few percent, seven a shopper at least; without it about 26 a
    ///     shopper.
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

    // MARK: - How busy the store is

    /// Shoppers that a trial run lives through to find the activity that gives the wanted number of messages.
    private static let trialShoppers = 3_000
    private static let activities = 0.01...100.0

    /// How often shoppers have to come, beside an ordinary store, for the wanted number of messages.
    ///
    /// More activity gives more messages, but not in proportion: everybody comes once at least, and lifetimes do not
    /// change. So it is bracketed and then found by linear interpolation, on a sample of the shoppers.
    private func activity() -> Double {
        guard let targetEvents else { return 1 }
        let wanted = Double(targetEvents) / Double(profiles)
        var low = (activity: DemoStoreGenerator.activities.lowerBound, messages: 0.0)
        var high = (activity: 1.0, messages: messagesPerShopper(activity: 1))
        while high.messages < wanted, high.activity < DemoStoreGenerator.activities.upperBound {
            low = high
            high.activity = min(
                high.activity * max(2, wanted / high.messages), DemoStoreGenerator.activities.upperBound)
            high.messages = messagesPerShopper(activity: high.activity)
        }
        guard high.messages > wanted else { return high.activity }
        if low.messages == 0 { low.messages = messagesPerShopper(activity: low.activity) }
        guard low.messages < wanted else { return low.activity }
        for _ in 0..<4 {
            let share = (wanted - low.messages) / (high.messages - low.messages)
            let middle = low.activity + share * (high.activity - low.activity)
            let found = messagesPerShopper(activity: middle)
            if abs(found - wanted) < 0.005 * wanted { return middle }
            if found < wanted { low = (middle, found) } else { high = (middle, found) }
            guard high.messages > low.messages else { break }
        }
        return low.activity + (high.activity - low.activity) / 2
    }

    private func messagesPerShopper(activity: Double) -> Double {
        let count = min(profiles, DemoStoreGenerator.trialShoppers)
        var trial = StoreYear(
            seed: seed, calendar: calendar, catalogue: catalogue, activity: activity,
            shoppers: stride(from: 0, to: profiles / count * count, by: profiles / count), countsOnly: true)
        trial.run { (_: [UInt8]) in }
        return Double(trial.delivery.messages) / Double(count)
    }
}
