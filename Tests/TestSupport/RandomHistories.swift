package import EventModel

/// A small workspace made from a seed: its settings, its messages in the order of arrival, and instants to look at.
package struct RandomCase: Sendable {
    package let seed: UInt64
    package let settings: WorkspaceSettings
    /// The product objects of the catalogue.
    package let products: [JSONValue]
    /// The messages as JSON, one a line, in the order of arrival.
    package let lines: [String]
    /// The same decoded.
    package let messages: [Message]
    /// Where evaluation is interesting: between, at, and one millisecond beside what happens.
    package let instants: [Timestamp]

    /// The messages with no lists of products in them.
    package var messagesWithoutItems: [Message] {
        messages.map { message in
            var message = message
            message.properties.removeAll { $0.key == "products" }
            return message
        }
    }
}

/// Makes small histories in which everything that is hard to get right happens often: ties, late arrivals, events
/// exactly as old as a window is long, merges, nulls, mixed types, repeated orders and messages, days on which
/// clocks are changed, events dated after the instant of evaluation.
///
/// The names and values come from small pools, which the random definitions share, so that conditions are met often.
package enum RandomHistories {
    package static let eventNames = [
        "Order Completed", "Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Page Viewed",
        "Email Opened", "A", "B",
    ]
    package static let properties = [
        "revenue", "price", "quantity", "category", "product_id", "coupon", "discount", "x", "y", "when", "flag",
        "tags", "nested.a",
    ]
    package static let itemProperties = ["category", "price", "quantity", "product_id"]
    package static let traits = ["tier", "birthday", "age", "email", "timezone", "renewal"]
    package static let categories = ["shoes", "hats", "bags"]

    package static func make(seed: UInt64) -> RandomCase {
        var maker = HistoryMaker(seed: seed)
        return maker.makeCase()
    }
}

private struct HistoryMaker {
    private let seed: UInt64
    private var random: SeededRandom
    private let zone: Zone
    private let now: Timestamp
    private var values: RandomValues
    private var times: [Int64] = []
    private var messageIDs: [String] = []
    private var users: [String] = []
    private var anonymous: [String] = []

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        let (name, noon) = random.pick([
            ("UTC", "2026-03-15T12:00:00Z"), ("UTC", "2028-02-29T00:00:00Z"), ("UTC", "2026-01-01T00:00:00Z"),
            ("Europe/Berlin", "2026-03-29T12:00:00Z"), ("Europe/Berlin", "2026-10-25T01:30:00Z"),
            ("America/New_York", "2026-03-08T12:00:00Z"), ("America/New_York", "2026-11-01T06:30:00Z"),
            ("Asia/Kolkata", "2026-03-01T18:30:00Z"),
        ])
        zone = Zone(identifier: name) ?? .utc
        now = Timestamp(iso8601: noon, zone: zone) ?? Timestamp(milliseconds: 0)
        values = RandomValues(now: now)
    }

    mutating func makeCase() -> RandomCase {
        users = Array(["u1", "u2", "u3", "4", "é", "e\u{301}"].prefix(1 + random.int(below: 6)))
        anonymous = Array(["n1", "n2", "n3", "n4"].prefix(random.int(below: 5)))
        let count = random.int(below: 1 + users.count * random.pick([4, 12, 30]))
        var objects = (0..<count).map { _ in message() }
        if random.chance(0.2) { objects.shuffle(using: &random) }
        let products = catalogue()
        let settings = WorkspaceSettings(
            zone: zone, catalogue: Catalogue(products: products),
            consentPurposeByChannel: random.chance(0.2) ? ["sms": "marketing"] : [:])
        let lines = objects.map { JSONWriter.text(of: $0) }
        return RandomCase(
            seed: seed, settings: settings, products: products, lines: lines,
            messages: decodedMessages(lines, settings: settings), instants: instants())
    }

    // MARK: - Messages

    private mutating func message() -> JSONValue {
        var message = JSONObject()
        let time = self.time()
        message["messageId"] = .string(Text(messageID()))
        message["timestamp"] = .string(Text(Timestamp(milliseconds: time).iso8601))
        identify(&message)
        let kind = random.int(below: 20)
        switch kind {
        case 0..<4 where message["userId"] != nil || random.chance(0.3):
            message["type"] = "identify"
            message["traits"] = .object(values.traits(&random))
        case 4 where !anonymous.isEmpty:
            message["type"] = "alias"
            message["userId"] = .string(Text(random.pick(users)))
            message["previousId"] = .string(Text(random.pick(anonymous + users)))
        case 5, 6:
            message["type"] = random.chance(0.8) ? "page" : "screen"
            message["properties"] = .object(values.properties(of: "Page Viewed", &random))
        default:
            let name = random.pick(
                RandomHistories.eventNames + RandomHistories.eventNames + values.rarerEvents)
            message["type"] = "track"
            message["event"] = .string(Text(name))
            message["properties"] = .object(values.properties(of: name, &random))
        }
        if random.chance(0.25) { message["context"] = values.context(&random) }
        return .object(message)
    }

    /// A user, an anonymous id, or both, which links them.
    private mutating func identify(_ message: inout JSONObject) {
        let isAnonymous = !anonymous.isEmpty && random.chance(0.35)
        if isAnonymous { message["anonymousId"] = .string(Text(random.pick(anonymous))) }
        if !isAnonymous || random.chance(0.2) { message["userId"] = .string(Text(random.pick(users))) }
    }

    /// Now and then one that was there before.
    private mutating func messageID() -> String {
        if !messageIDs.isEmpty, random.chance(0.03) { return random.pick(messageIDs) }
        let id = "m\(messageIDs.count)"
        messageIDs.append(id)
        return id
    }

    /// Often as old as a window is long, or beside an earlier message.
    private mutating func time() -> Int64 {
        var time = now.milliseconds
        if !times.isEmpty, random.chance(0.35) {
            time = random.pick(times) + random.pick([0, 0, 0, 1, 1_800_000, 1_800_001, 86_400_000, 3_600_000])
        } else {
            time -= random.pick(RandomValues.lengths) + random.pick([0, 0, 0, 0, 1, -1])
            if random.chance(0.4) { time -= random.pick(RandomValues.lengths) }
            if random.chance(0.1) { time += random.pick(RandomValues.lengths) }
        }
        times.append(time)
        return time
    }

    private mutating func catalogue() -> [JSONValue] {
        if random.chance(0.4) { return [] }
        return ["p1", "p2", 17].map { (id: JSONValue) in
            var product: JSONObject = JSONObject([(key: "product_id", value: id)])
            if random.chance(0.8) { product["category"] = .string(Text(random.pick(RandomHistories.categories))) }
            if random.chance(0.8) { product["price"] = random.pick([10, 7, "12.5", .null]) }
            return .object(product)
        }
    }

    // MARK: - Instants

    private mutating func instants() -> [Timestamp] {
        var found = [now]
        for _ in 0..<2 {
            let base = times.isEmpty ? now.milliseconds : random.pick(times)
            let later = base + random.pick(RandomValues.lengths) + random.pick([0, 0, 1, -1])
            found.append(Timestamp(milliseconds: later))
        }
        return found
    }
}

extension SeededRandom {
    /// One of the elements, of which there must be some.
    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[int(below: elements.count)]
    }
}
