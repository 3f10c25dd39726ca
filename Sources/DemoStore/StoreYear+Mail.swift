extension StoreYear {
    /// Sends the mailing of this morning to everybody who takes e-mail.
    mutating func sendMailing(_ number: Int) {
        let nine = calendar.days[today].start + 9 * ShopCalendar.millisecondsPerHour
        for index in shoppers.indices where shoppers[index].flags.contains(.takesEmail) {
            var shopper = shoppers[index]
            let time = nine + Int64(shopper.random.below(1_800_000))
            sendMail("mailing-", number: number + 1, at: time, visit: .visitFromMailing, index, &shopper)
            shoppers[index] = shopper
        }
    }

    /// Sends a single message: a reminder of the cart, or a birthday greeting.
    mutating func sendMail(_ appointment: Appointment, _ shopper: inout Shopper) {
        guard shopper.flags.contains(.takesEmail) else { return }
        if appointment.kind == .cartReminder {
            guard shopper.cartCount > 0 else { return }
            sendMail(
                "cart-reminder", at: appointment.time, visit: .visitFromReminder, appointment.shopper, &shopper)
        } else {
            sendMail("birthday", at: appointment.time, visit: nil, appointment.shopper, &shopper)
        }
    }

    /// The greeting goes out on the next birthday that the year still holds.
    mutating func arrangeBirthdayMail(_ index: Int, _ shopper: Shopper) {
        // Days of the year beside days since the store's year began: near enough for a greeting.
        let start = calendar.days[0]
        let ahead = (shopper.birthday.day - (start.month - 1) * 30 + 730 - today) % 365
        let day = today + max(1, ahead)
        guard day < calendar.dayCount else { return }
        let time = calendar.days[day].start + 8 * ShopCalendar.millisecondsPerHour
        arrange(Appointment(time: time, shopper: index, kind: .birthdayMail))
    }

    /// An e-mail and what the reader does with it; a click may lead to a visit.
    private mutating func sendMail(
        _ campaign: StaticString, number: Int? = nil, at time: Int64, visit kind: Appointment.Kind?, _ index: Int,
        _ shopper: inout Shopper
    ) {
        var server = VisitState(time: time, isServer: true)
        write("Email Sent", campaign, number, &shopper, &server)
        guard shopper.random.chance(shopper.flags.contains(.opensEmail) ? 0.6 : 0.1) else { return }
        server.time += 60_000 + min(60 * 3_600_000, Int64(shopper.random.exponential(mean: 5 * 3_600_000)))
        write("Email Opened", campaign, number, &shopper, &server)
        if shopper.random.chance(0.008) {
            unsubscribe(&shopper, &server)
            return
        }
        guard shopper.random.chance(number == nil ? 0.35 : 0.16) else { return }
        server.time += Int64(shopper.random.between(5_000, 90_000))
        write("Email Link Clicked", campaign, number, &shopper, &server)
        guard let kind, calendar.day(of: server.time) <= shopper.lastDay, !shopper.pause.contains(today) else { return }
        arrange(Appointment(time: server.time + 2_000, shopper: index, kind: kind))
    }

    private mutating func write(
        _ event: StaticString, _ campaign: StaticString, _ number: Int?, _ shopper: inout Shopper,
        _ server: inout VisitState
    ) {
        track(event, &shopper, &server)
        line.literal("\"campaign\":\"")
        line.literal(campaign)
        if let number { line.digits(UInt(number), atLeast: 2) }
        line.literal("\"")
        finish(&shopper, &server)
    }

    private mutating func unsubscribe(_ shopper: inout Shopper, _ server: inout VisitState) {
        shopper.flags.remove(.takesEmail)
        server.time += 20_000
        track("Unsubscribed", &shopper, &server)
        line.literal("\"channel\":\"email\"")
        finish(&shopper, &server)
        server.time += 1_000
        track("Consent Updated", &shopper, &server)
        line.literal("\"purpose\":\"email\",\"state\":\"revoked\"")
        finish(&shopper, &server)
    }
}
