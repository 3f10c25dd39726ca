extension StoreYear {
    /// Arranges what comes of an order: changes, cancellations, refunds, questions, complaints.
    mutating func arrangeAftermath(
        of order: Appointment.Order, _ persona: Persona, _ index: Int, _ shopper: inout Shopper, after time: Int64
    ) {
        let isUnhappy = shopper.random.chance(1 - persona.satisfaction)
        switch shopper.random.unit() {
        case ..<0.012: arrange(.orderCancelled, hours: 1...20)
        case ..<0.022: arrange(.orderUpdated, hours: 2...30)
        case ..<(isUnhappy ? 0.075 : 0.045): arrange(.partRefunded, hours: 100...500)
        case ..<(isUnhappy ? 0.11 : 0.055): arrange(.orderRefunded, hours: 100...600)
        default: break
        }
        if shopper.random.chance(isUnhappy ? 0.09 : 0.02) { arrange(.supportTicket, hours: 20...240) }
        if shopper.random.chance(0.12) { arrange(.npsSurvey, hours: 240...480) }
        if shopper.random.chance(0.08) { arrange(.csatSurvey, hours: 96...200) }
        if shopper.random.chance(0.06) { arrange(.review, hours: 150...700) }

        func arrange(_ kind: Appointment.Kind, hours: ClosedRange<Int>) {
            let milliseconds = Int64(shopper.random.between(hours.lowerBound * 3_600, hours.upperBound * 3_600)) * 1_000
            self.arrange(Appointment(time: time + milliseconds, shopper: index, kind: kind, order: order))
        }
    }

    /// Something that the store's own systems say of an earlier order.
    mutating func followUp(_ appointment: Appointment, _ shopper: inout Shopper) {
        guard let order = appointment.order else { return }
        var server = VisitState(time: appointment.time, device: order.device, isServer: true)
        switch appointment.kind {
        case .orderUpdated: updateOrder(order, &shopper, &server)
        case .orderCancelled: cancelOrder(order, &shopper, &server)
        case .orderRefunded: refund(order, isWhole: true, &shopper, &server)
        case .partRefunded: refund(order, isWhole: false, &shopper, &server)
        case .npsSurvey: answerNPS(order, &shopper, &server)
        case .csatSurvey: answer("CSAT", 1...5, order, &shopper, &server)
        case .cesSurvey: answer("CES", 1...7, order, &shopper, &server)
        case .supportTicket: openTicket(appointment, order, &shopper, &server)
        case .review: review(order, &shopper, &server)
        default: break
        }
    }

    private mutating func writeOrderID(_ order: Appointment.Order) {
        line.literal("\"order_id\":\"")
        line.integer(order.number)
        line.literal("\"")
    }

    /// One line could not be delivered and was taken off.
    private mutating func updateOrder(
        _ order: Appointment.Order, _ shopper: inout Shopper, _ server: inout VisitState
    ) {
        track("Order Updated", &shopper, &server)
        writeOrderID(order)
        line.literal(",\"revenue\":")
        line.cents(order.revenue - order.part / 2)
        line.literal(",\"currency\":\"EUR\"")
        finish(&shopper, &server)
    }

    private mutating func cancelOrder(
        _ order: Appointment.Order, _ shopper: inout Shopper, _ server: inout VisitState
    ) {
        track("Order Cancelled", &shopper, &server)
        writeOrderID(order)
        line.literal(",\"revenue\":")
        line.cents(order.revenue)
        line.literal(",\"currency\":\"EUR\"")
        finish(&shopper, &server)
    }

    private mutating func refund(
        _ order: Appointment.Order, isWhole: Bool, _ shopper: inout Shopper, _ server: inout VisitState
    ) {
        track("Order Refunded", &shopper, &server)
        writeOrderID(order)
        line.literal(",\"total\":")
        line.cents(isWhole ? order.revenue : order.part)
        line.literal(",\"currency\":\"EUR\"")
        if !isWhole {
            line.literal(",\"products\":[{")
            write(order.line, price: catalogue.products[Int(order.line.product)].price)
            line.literal("}]")
        }
        finish(&shopper, &server)
    }

    // MARK: - Answers

    private mutating func answerNPS(
        _ order: Appointment.Order, _ shopper: inout Shopper, _ server: inout VisitState
    ) {
        let satisfaction = Persona.all[Int(shopper.persona.rawValue)].satisfaction
        let score: Int
        switch shopper.random.unit() {
        case ..<(satisfaction * 0.7): score = shopper.random.between(9, 10)
        case ..<(satisfaction * 0.7 + 0.3): score = shopper.random.between(7, 8)
        default: score = shopper.random.between(0, 6)
        }
        writeAnswer("NPS", score, order, &shopper, &server)
    }

    private mutating func answer(
        _ survey: StaticString, _ scale: ClosedRange<Int>, _ order: Appointment.Order, _ shopper: inout Shopper,
        _ server: inout VisitState
    ) {
        let satisfaction = Persona.all[Int(shopper.persona.rawValue)].satisfaction
        let middle = (scale.lowerBound + scale.upperBound) / 2
        let isHappy = shopper.random.chance(satisfaction)
        let score = isHappy ? shopper.random.between(middle + 1, scale.upperBound) : shopper.random.between(1, middle)
        writeAnswer(survey, score, order, &shopper, &server)
    }

    private mutating func writeAnswer(
        _ survey: StaticString, _ score: Int, _ order: Appointment.Order, _ shopper: inout Shopper,
        _ server: inout VisitState
    ) {
        track("Survey Answered", &shopper, &server)
        line.literal("\"survey\":\"")
        line.literal(survey)
        line.literal("\",\"score\":")
        line.integer(score)
        line.literal(",")
        writeOrderID(order)
        finish(&shopper, &server)
    }

    private mutating func openTicket(
        _ appointment: Appointment, _ order: Appointment.Order, _ shopper: inout Shopper, _ server: inout VisitState
    ) {
        let topics: [StaticString] = ["delivery", "return", "payment", "product"]
        track("Support Ticket Opened", &shopper, &server)
        line.literal("\"topic\":\"")
        line.literal(topics[shopper.random.pick([4, 7, 8, 10])])
        line.literal("\",")
        writeOrderID(order)
        finish(&shopper, &server)
        if shopper.random.chance(0.5) {
            let later = appointment.time + Int64(shopper.random.between(20, 60)) * ShopCalendar.millisecondsPerHour
            arrange(Appointment(time: later, shopper: appointment.shopper, kind: .cesSurvey, order: order))
        }
    }

    private mutating func review(_ order: Appointment.Order, _ shopper: inout Shopper, _ server: inout VisitState) {
        let satisfaction = Persona.all[Int(shopper.persona.rawValue)].satisfaction
        track("Product Reviewed", &shopper, &server)
        line.bytes(catalogue.products[Int(order.line.product)].idJSON)
        line.literal(",\"review_id\":\"R-")
        line.integer(order.number)
        line.literal("\",\"rating\":")
        line.integer(shopper.random.chance(satisfaction) ? shopper.random.between(4, 5) : shopper.random.between(1, 3))
        finish(&shopper, &server)
    }
}
