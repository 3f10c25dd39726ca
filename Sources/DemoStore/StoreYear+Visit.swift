extension StoreYear {
    /// A whole visit: arrival, looking around, perhaps a cart and an order, and when the shopper comes next.
    mutating func visit(_ appointment: Appointment, _ shopper: inout Shopper) {
        let persona = Persona.all[Int(shopper.persona.rawValue)]
        var visit = arrival(appointment, &shopper)
        land(&shopper, &visit)
        logIn(&shopper, &visit)

        let hasCoupon = shopper.random.chance(persona.usesCoupon) && shopper.random.chance(0.75)
        let isBuying = shopper.random.chance(buys(shopper, persona, hasCoupon: hasCoupon))
        let leavesCart = !isBuying && shopper.random.chance(persona.fillsCart)
        let seen = browse(persona, &shopper, &visit)

        if isBuying || leavesCart {
            fillCart(from: seen, persona, &shopper, &visit)
        }
        if isBuying {
            checkOut(persona, hasCoupon: hasCoupon, appointment.shopper, &shopper, &visit)
        } else if leavesCart {
            abandonCart(appointment.shopper, &shopper, &visit)
        } else if shopper.random.chance(persona.signsUp) {
            signUp(appointment.shopper, &shopper, &visit)
        }
        if appointment.kind == .visit || appointment.kind == .visitFromWinBack {
            arrangeNextVisit(appointment.shopper, &shopper, of: persona)
        }
    }

    private func arrival(_ appointment: Appointment, _ shopper: inout Shopper) -> VisitState {
        var visit = VisitState(time: appointment.time)
        if shopper.flags.contains(.secondDevice), shopper.random.chance(0.3) { visit.device = 1 }
        switch appointment.kind {
        case .visitFromMailing:
            visit.source = .mailing(calendar.days[0...today].compactMap(\.mailing).last ?? 0)
        case .visitFromReminder: visit.source = .reminder
        case .visitFromWinBack: visit.source = .winBack
        default:
            visit.source = [.direct, .search, .paidSearch, .social, .affiliate][shopper.random.pick(StoreYear.sources)]
        }
        // A phone without a connection delivers later; never the first visit, so that all shoppers are there in time.
        if visit.device == 0, shopper.messages > 0, shopper.random.chance(0.012) {
            visit.delay = Int64(shopper.random.between(1, 72)) * ShopCalendar.millisecondsPerHour
        }
        return visit
    }

    private static let sources = runningTotals([34, 28, 18, 14, 6])

    private func isLinked(_ shopper: Shopper, _ device: UInt8) -> Bool {
        shopper.flags.contains(device == 0 ? .firstDeviceLinked : .secondDeviceLinked)
    }

    /// Those with an account often log in, which ties the device to it.
    private mutating func logIn(_ shopper: inout Shopper, _ visit: inout VisitState) {
        guard shopper.flags.contains(.signedUp), !shopper.flags.contains(.guest) else { return }
        if isLinked(shopper, visit.device) {
            visit.isLoggedIn = shopper.random.chance(0.75)
        } else if shopper.random.chance(0.5) {
            visit.isLoggedIn = true
            identify(&shopper, &visit, isNew: false)
        }
    }

    /// The probability that this visit ends in an order.
    private func buys(_ shopper: Shopper, _ persona: Persona, hasCoupon: Bool) -> Double {
        let day = calendar.days[today]
        var probability = persona.buys
        switch persona.kind {
        case .oneOff where !shopper.flags.contains(.boughtOnce): probability = 0.5
        case .couponer where !hasCoupon && day.sale == nil: probability = 0
        case .seasonal where today < shopper.pause.upperBound: probability = 0
        default: break
        }
        if day.sale != nil { probability *= 1.25 }
        if day.month == 12 { probability *= 1.1 }
        if shopper.cartCount > 0 { probability *= 1.15 }
        return min(probability, 0.9)
    }

    /// Ties the device to the shopper, with the traits of a new account when it is one.
    mutating func identify(_ shopper: inout Shopper, _ visit: inout VisitState, isNew: Bool) {
        shopper.flags.insert(visit.device == 0 ? .firstDeviceLinked : .secondDeviceLinked)
        envelope("identify", &shopper, &visit)
        line.literal(",\"traits\":{\"email\":\"")
        userID(shopper)
        line.literal("@example.com\"")
        if isNew {
            line.literal(",\"country\":\"")
            line.literal(Shopper.countries[Int(shopper.country)])
            line.literal("\"")
            if shopper.flags.contains(.saysBirthday) {
                line.literal(",\"birthday\":\"")
                line.integer(shopper.birthday.year)
                line.text(StoreYear.monthsAndDays[shopper.birthday.day])
                line.literal("\"")
            }
        }
        finish(&shopper, &visit)
        visit.time += Int64(shopper.random.between(1_000, 8_000))
    }

    /// `-01-01` ... `-12-31` of a common year.
    private static let monthsAndDays: [String] = {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.enumerated().flatMap { month, length in
            (1...length).map { "-\(padded(month + 1, to: 2))-\(padded($0, to: 2))" }
        }
    }()

    /// Makes an account, and asks for consent to e-mail.
    mutating func signUp(_ index: Int, _ shopper: inout Shopper, _ visit: inout VisitState) {
        guard !shopper.flags.contains(.signedUp) else { return }
        shopper.flags.insert(.signedUp)
        visit.isLoggedIn = !shopper.flags.contains(.guest)
        identify(&shopper, &visit, isNew: true)
        let answers = shopper.random.chance(0.85)
        let agrees = shopper.random.chance(0.75)
        guard answers else { return }
        track("Consent Updated", &shopper, &visit)
        line.literal("\"purpose\":\"email\",\"state\":\"")
        line.literal(agrees ? "granted\"" : "denied\"")
        finish(&shopper, &visit)
        guard agrees else { return }
        shopper.flags.insert(.takesEmail)
        if shopper.flags.contains(.saysBirthday) {
            arrangeBirthdayMail(index, shopper)
        }
    }
}
