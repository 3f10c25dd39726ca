/// Where a visit came from.
enum VisitSource: Sendable {
    case direct, search, paidSearch, social, affiliate
    case mailing(Int)
    case reminder, winBack
}

/// A visit under way, or the store's own system when `isServer`.
struct VisitState {
    /// Instant of the next message.
    var time: Int64
    var device: UInt8 = 0
    var isLoggedIn = false
    var source = VisitSource.direct
    /// How much later the messages arrive than they happened.
    var delay: Int64 = 0
    var isServer = false
    /// The first message tells more than the others.
    var saidContext = false
}

extension StoreYear {
    /// Begins a track message; what follows are its properties, and then `finish`.
    ///
    /// - Parameter old: the older name of the event, which the old app still sends.
    mutating func track(
        _ event: StaticString, old: StaticString? = nil, _ shopper: inout Shopper, _ visit: inout VisitState
    ) {
        envelope("track", &shopper, &visit)
        line.literal(",\"event\":\"")
        if let old, shopper.flags.contains(.oldApp) {
            line.literal(old)
        } else {
            line.literal(event)
        }
        line.literal("\",\"properties\":{")
    }

    /// Begins a page message of that name, with its path.
    mutating func page(_ name: StaticString, path: StaticString, _ shopper: inout Shopper, _ visit: inout VisitState) {
        envelope("page", &shopper, &visit)
        line.literal(",\"name\":\"")
        line.literal(name)
        line.literal("\",\"properties\":{\"path\":\"")
        line.literal(path)
        line.literal("\"")
    }

    /// Ends the message: closes it, sends it, and now and then sends it twice.
    mutating func finish(_ shopper: inout Shopper, _ visit: inout VisitState) {
        line.literal("}}\n")
        let isTwice = shopper.random.chance(0.003)
        let echo = Int64(shopper.random.below(isTwice ? 3_600_000 : 1))
        // Nothing is known of what lies outside the year.
        guard visit.time < calendar.end, visit.time >= calendar.start else { return }
        send(arrival: visit.time + visit.delay)
        if visit.delay > 0 { late += 1 }
        if isTwice {
            send(arrival: visit.time + visit.delay + 1_000 + echo)
            duplicates += 1
        }
    }

    private mutating func send(arrival: Int64) {
        // What is still on its way when the year ends arrives with its last instant.
        let arrival = min(arrival, calendar.end - 1)
        delivery.take(line.buffer, arrival: arrival, day: max(today, calendar.day(of: arrival)))
    }

    /// Begins a message: type, id, time, who, and where.
    mutating func envelope(_ type: StaticString, _ shopper: inout Shopper, _ visit: inout VisitState) {
        line.clear()
        line.literal("{\"type\":\"")
        line.literal(type)
        line.literal("\",\"messageId\":\"")
        line.hexadecimal(messageID(&shopper))
        line.literal("\",\"timestamp\":\"")
        calendar.append(visit.time, to: &line)
        line.literal("\"")
        let isKnown = shopper.flags.contains(.signedUp) && !shopper.flags.contains(.guest)
        if !visit.isServer || !isKnown {
            line.literal(",\"anonymousId\":\"")
            anonymousID(shopper, device: visit.device)
            line.literal("\"")
        }
        if isKnown, visit.isServer || visit.isLoggedIn {
            line.literal(",\"userId\":\"")
            userID(shopper)
            line.literal("\"")
        }
        guard !visit.isServer else { return }
        line.literal(",\"context\":{\"device\":{\"type\":\"")
        line.literal(visit.device == 0 ? "mobile" : "desktop")
        line.literal("\"}")
        if !visit.saidContext {
            arrivalContext(shopper, visit.source)
            visit.saidContext = true
        }
        line.literal("}")
    }

    mutating func userID(_ shopper: Shopper) {
        line.literal("shopper-")
        line.digits(UInt(shopper.number), atLeast: 5)
    }

    mutating func anonymousID(_ shopper: Shopper, device: UInt8) {
        line.hexadecimal(DemoRandom.mixed(seed ^ (UInt64(shopper.number) << 2 | UInt64(device) | 1 << 62)))
    }

    /// Unique in the store: the shopper's number and a count, put through a bijection.
    private func messageID(_ shopper: inout Shopper) -> UInt64 {
        shopper.messages += 1
        return DemoRandom.mixed(seed ^ (UInt64(shopper.number) << 26 | UInt64(shopper.messages)))
    }

    /// Country, language, and where the visit came from.
    private mutating func arrivalContext(_ shopper: Shopper, _ source: VisitSource) {
        line.literal(",\"location\":{\"country\":\"")
        line.literal(Shopper.countries[Int(shopper.country)])
        line.literal("\"}")
        switch source {
        case .direct: break
        case .search: line.literal(",\"page\":{\"referrer\":\"https://search.example/\"}")
        case .paidSearch: campaign("https://search.example/", "search", "cpc", "shopping-ads")
        case .social: campaign("https://social.example/", "social", "paid-social", "new-arrivals")
        case .affiliate: campaign("https://deals.example/", "deals", "affiliate", "deals")
        case .mailing(let number):
            line.literal(",\"campaign\":{\"source\":\"newsletter\",\"medium\":\"email\",\"name\":\"mailing-")
            line.digits(UInt(number + 1), atLeast: 2)
            line.literal("\"}")
        case .reminder:
            line.literal(",\"campaign\":{\"source\":\"reminder\",\"medium\":\"email\",\"name\":\"cart-reminder\"}")
        case .winBack:
            line.literal(",\"campaign\":{\"source\":\"newsletter\",\"medium\":\"email\",\"name\":\"we-miss-you\"}")
        }
    }
    private mutating func campaign(
        _ referrer: StaticString, _ source: StaticString, _ medium: StaticString, _ name: StaticString
    ) {
        line.literal(",\"page\":{\"referrer\":\"")
        line.literal(referrer)
        line.literal("\"},\"campaign\":{\"source\":\"")
        line.literal(source)
        line.literal("\",\"medium\":\"")
        line.literal(medium)
        line.literal("\",\"name\":\"")
        line.literal(name)
        line.literal("\"}")
    }
}
