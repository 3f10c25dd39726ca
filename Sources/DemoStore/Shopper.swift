/// One line of a shopper's cart.
struct CartLine: Sendable {
    var product: UInt16 = 0
    /// Index into `Shopper.sizes`; 0 for products without sizes.
    var size: UInt8 = 0
    var quantity: UInt8 = 0

    /// The same line of a cart.
    func isSameLine(as other: CartLine) -> Bool {
        product == other.product && size == other.size
    }
}

/// Everything the generator remembers of one shopper.
struct Shopper: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt16
        static let signedUp = Flags(rawValue: 1)
        /// Agreed to e-mail and has not unsubscribed since.
        static let takesEmail = Flags(rawValue: 2)
        static let saysBirthday = Flags(rawValue: 4)
        /// The store's old app, which still sends the vocabulary's older names.
        static let oldApp = Flags(rawValue: 8)
        static let secondDevice = Flags(rawValue: 16)
        static let firstDeviceLinked = Flags(rawValue: 32)
        static let secondDeviceLinked = Flags(rawValue: 64)
        /// Signed up as a guest: known by e-mail only, never by a user id.
        static let guest = Flags(rawValue: 128)
        static let boughtOnce = Flags(rawValue: 256)
        static let opensEmail = Flags(rawValue: 512)
    }

    let number: Int
    var random: DemoRandom
    let persona: Persona.Kind
    let habit: ShoppingHabit
    let country: UInt8
    var flags: Flags
    /// The categories that most of the visits are about.
    let favourites: (UInt8, UInt8, UInt8)
    let size: UInt8
    /// Days of the year on which the first visit takes place and after which none does.
    let firstDay: Int
    let lastDay: Int
    /// Days without a visit between these, for those who are won back and for seasonal shoppers.
    let pause: Range<Int>
    /// 0 ..< 365, and the year of birth.
    let birthday: (day: Int, year: Int)
    var messages: UInt32 = 0
    var cartCount: UInt8 = 0
    var cart: [6 of CartLine] = .init(repeating: CartLine())

    static let sizes: [StaticString] = ["", "S", "M", "L", "XL"]
    static let countries: [StaticString] = ["DE", "FR", "NL", "AT", "BE", "DK"]
    private static let countryShares = runningTotals([46, 18, 14, 9, 8, 5])
    private static let habitShares = runningTotals([64, 18, 11, 7])

    /// Shopper `number` of a store with that seed and calendar: the same whatever the others are.
    init(number: Int, seed: UInt64, calendar: ShopCalendar, catalogue: ShopCatalogue) {
        self.number = number
        random = DemoRandom(seed: seed, stream: UInt64(number))
        let persona = Persona.all[random.pick(Persona.shares)]
        self.persona = persona.kind
        habit = ShoppingHabit.allCases[random.pick(Shopper.habitShares)]
        country = UInt8(random.pick(Shopper.countryShares))
        flags = Shopper.flags(of: persona, &random)
        (firstDay, lastDay, pause) = Shopper.span(of: persona, calendar, &random)
        let byMonth = catalogue.categoriesByMonth[calendar.days[firstDay].month - 1]
        let favourite = UInt8(random.pick(byMonth))
        // Couponers and loyal shoppers stay with few lines, others look around.
        let second = random.chance(0.3) ? favourite : UInt8(random.pick(byMonth))
        favourites = (favourite, second, random.chance(0.25) ? favourite : UInt8(random.pick(byMonth)))
        size = UInt8(random.between(1, Shopper.sizes.count - 1))
        birthday = (random.below(365), random.between(1950, 2006))
    }

    private static func flags(of persona: Persona, _ random: inout DemoRandom) -> Flags {
        var flags: Flags = []
        if random.chance(0.55) { flags.insert(.saysBirthday) }
        if random.chance(0.03) { flags.insert(.oldApp) }
        if random.chance(persona.kind == .passerBy ? 0.05 : 0.35) { flags.insert(.secondDevice) }
        if random.chance(0.08) { flags.insert(.guest) }
        if random.chance(0.4) { flags.insert(.opensEmail) }
        return flags
    }

    /// First day, last day and pause of a shopper.
    private static func span(
        of persona: Persona, _ calendar: ShopCalendar, _ random: inout DemoRandom
    ) -> (first: Int, last: Int, pause: Range<Int>) {
        // The last day of the year may end early, so nobody comes for the first time on it.
        let lastFirstDay = max(1, calendar.dayCount - 3)
        let isEarly: Bool
        switch persona.kind {
        case .lapsing, .wonBack, .seasonal: isEarly = true
        case .loyal, .vip: isEarly = random.chance(0.6)
        case .occasional, .couponer: isEarly = random.chance(0.4)
        default: isEarly = false
        }
        let first = isEarly ? random.between(1, min(50, lastFirstDay)) : random.between(1, lastFirstDay)
        let lifetime = Int(random.exponential(mean: persona.lifetime))
        var last = min(first + max(1, lifetime), calendar.dayCount - 1)
        var pause = 0..<0
        switch persona.kind {
        case .lapsing:
            last = min(max(last, first + 70), calendar.dayCount - 110)
        case .wonBack:
            let from = random.between(110, 150)
            pause = from..<random.between(290, 340)
            last = calendar.dayCount - 1
        case .seasonal:
            let window = seasonWindow(calendar, &random)
            pause = first + 1..<max(first + 1, window.lowerBound)
            last = max(first, window.upperBound)
        default: break
        }
        return (first, max(first, last), pause)
    }

    /// The days of the year that lie in the season of a seasonal shopper.
    private static func seasonWindow(_ calendar: ShopCalendar, _ random: inout DemoRandom) -> Range<Int> {
        let seasons: [[Int]] = [[11, 12], [3, 4, 5], [6, 7, 8]]
        let months = seasons[random.pick([4, 7, 10])]
        // The year may begin inside a season: take its longest unbroken run of days.
        var best = 0..<0
        var from: Int?
        for day in 0...calendar.dayCount {
            let isInside = day < calendar.dayCount && months.contains(calendar.days[day].month)
            if isInside, from == nil { from = day }
            if !isInside, let start = from {
                if day - start > best.count { best = start..<day }
                from = nil
            }
        }
        return best
    }
}
