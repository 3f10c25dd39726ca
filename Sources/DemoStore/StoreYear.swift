/// Something that will happen to one shopper.
struct Appointment: Sendable {
    enum Kind: UInt8, Sendable {
        case visit, visitFromMailing, visitFromReminder, visitFromWinBack
        case cartReminder, birthdayMail
        case orderUpdated, orderCancelled, orderRefunded, partRefunded
        case npsSurvey, csatSurvey, cesSurvey, supportTicket, review
    }

    let time: Int64
    let shopper: Int
    let kind: Kind
    /// The order it is about, if any, with its revenue and that of one of its lines.
    var order: Order?

    struct Order: Sendable {
        let number: Int
        let revenue: Int
        let part: Int
        let line: CartLine
        let device: UInt8
    }
}

/// The year of the demonstration store as it unfolds, day by day.
///
/// Shoppers are independent of each other: each has its own stream of random numbers and its own appointments. Only
/// the running number of orders is shared.
struct StoreYear {
    let seed: UInt64
    let calendar: ShopCalendar
    let catalogue: ShopCatalogue
    /// How often shoppers come beside an ordinary store; 1 is ordinary.
    let activity: Double

    var shoppers: [Shopper]
    var agenda: [[Appointment]]
    var delivery: Delivery
    /// The message being written.
    var line = JSONLineWriter()
    var today = 0

    var ordersTaken = 0
    var duplicates = 0
    var late = 0

    init(
        seed: UInt64, calendar: ShopCalendar, catalogue: ShopCatalogue, activity: Double,
        shoppers numbers: some Sequence<Int>,
        countsOnly: Bool = false
    ) {
        self.seed = seed
        self.calendar = calendar
        self.catalogue = catalogue
        self.activity = activity
        shoppers = numbers.map { Shopper(number: $0, seed: seed, calendar: calendar, catalogue: catalogue) }
        agenda = Array(repeating: [], count: calendar.dayCount)
        delivery = Delivery(dayCount: calendar.dayCount, countsOnly: countsOnly)
        for index in shoppers.indices {
            var shopper = shoppers[index]
            let day = shopper.firstDay
            let time = timeOfVisit(onDay: day, &shopper)
            shoppers[index] = shopper
            agenda[day].append(Appointment(time: time, shopper: index, kind: .visit))
        }
    }

    /// Lets the year pass and hands on its messages as they arrive.
    mutating func run<Failure: Error>(to sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        for day in 0..<calendar.dayCount {
            today = day
            if let mailing = calendar.days[day].mailing {
                sendMailing(mailing)
            }
            agenda[day].sort { ($0.time, $0.shopper) < ($1.time, $1.shopper) }
            // What is arranged today for today stands at the end of the list.
            var next = 0
            while next < agenda[day].count {
                keep(agenda[day][next])
                next += 1
            }
            agenda[day] = []
            try delivery.flush(day: day, to: sink)
        }
    }

    private mutating func keep(_ appointment: Appointment) {
        var shopper = shoppers[appointment.shopper]
        switch appointment.kind {
        case .visit, .visitFromMailing, .visitFromReminder, .visitFromWinBack:
            visit(appointment, &shopper)
        case .cartReminder, .birthdayMail:
            sendMail(appointment, &shopper)
        default:
            followUp(appointment, &shopper)
        }
        shoppers[appointment.shopper] = shopper
    }

    // MARK: - Arranging

    /// Writes an appointment into the agenda, unless the year is over by then.
    mutating func arrange(_ appointment: Appointment) {
        guard appointment.time < calendar.end else { return }
        // Never into a day that has passed.
        agenda[max(today, calendar.day(of: appointment.time))].append(appointment)
    }

    /// Arranges the next ordinary visit of a shopper, if there will be one.
    mutating func arrangeNextVisit(_ index: Int, _ shopper: inout Shopper, of persona: Persona) {
        let gap = shopper.random.exponential(mean: persona.visitGap / activity)
        var day = today + max(1, Int(gap))
        var kind = Appointment.Kind.visit
        if shopper.pause.contains(day) {
            day = shopper.pause.upperBound + shopper.random.below(12)
            if persona.kind == .wonBack, today < shopper.pause.lowerBound { kind = .visitFromWinBack }
        }
        // Busy days are kept, quiet ones often put off.
        while day <= shopper.lastDay, day < calendar.dayCount, !shopper.random.chance(calendar.days[day].traffic / 1.6)
        {
            day += 1
        }
        if shopper.habit == .weekend, day < calendar.dayCount, calendar.days[day].weekday < 6,
            shopper.random.chance(0.9)
        {
            day += 6 - calendar.days[day].weekday + shopper.random.below(2)
        }
        guard day <= shopper.lastDay, day < calendar.dayCount, !shopper.pause.contains(day) else { return }
        let time = timeOfVisit(onDay: day, &shopper)
        arrange(Appointment(time: time, shopper: index, kind: kind))
    }

    private func timeOfVisit(onDay day: Int, _ shopper: inout Shopper) -> Int64 {
        let hour = Int64(shopper.random.pick(shopper.habit.hours))
        let inside = Int64(shopper.random.below(Int(ShopCalendar.millisecondsPerHour)))
        return calendar.days[day].start + hour * ShopCalendar.millisecondsPerHour + inside
    }
}
