import EventModel

/// The pools that random histories take their values from.
struct RandomValues {
    /// Milliseconds: nothing, half an hour, and the lengths that windows like to have.
    static let lengths: [Int64] = [
        0, 1_000, 1_800_000, 3_600_000, 86_400_000, 2 * 86_400_000, 3 * 86_400_000, 7 * 86_400_000, 14 * 86_400_000,
        30 * 86_400_000, 90 * 86_400_000, 365 * 86_400_000,
    ]

    let now: Timestamp
    let rarerEvents = [
        "Order Refunded", "Order Updated", "Order Cancelled", "Consent Updated", "Unsubscribed", "Message Bounced",
        "Wishlist Product Added to Cart", "Product List Viewed",
    ]

    func properties(of event: String, _ random: inout SeededRandom) -> JSONObject {
        var object = JSONObject()
        switch event {
        case "Order Completed", "Order Updated", "Order Refunded", "Order Cancelled":
            fill(&object, ["order_id"], 0.8, &random)
            fill(&object, ["revenue", "coupon", "discount", "total"], 0.5, &random)
            addProducts(&object, 0.6, &random)
        case "Product Viewed", "Product Added", "Product Removed", "Wishlist Product Added to Cart":
            fill(&object, ["product_id"], 0.85, &random)
            fill(&object, ["category", "price", "quantity"], 0.6, &random)
            fill(&object, ["sku", "variant"], 0.2, &random)
            addProducts(&object, 0.05, &random)
        case "Cart Viewed", "Product List Viewed":
            addProducts(&object, 0.8, &random)
        case "Consent Updated":
            object["purpose"] = random.pick(["email", "sms", "marketing"])
            object["state"] = random.pick(["granted", "granted", "granted", "denied", "revoked", "maybe", true])
        case "Unsubscribed", "Message Bounced":
            object["channel"] = random.pick(["email", "sms"])
            if random.chance(0.7) { object["type"] = random.pick(["hard", "soft"]) }
        default:
            fill(
                &object, ["x", "y", "category", "when", "flag", "tags", "nested", "product_id", "revenue"], 0.4, &random
            )
            addProducts(&object, 0.1, &random)
        }
        return object
    }

    func traits(_ random: inout SeededRandom) -> JSONObject {
        var object = JSONObject()
        for name in RandomHistories.traits + ["phone", "push_subscription"] where random.chance(0.35) {
            object[name] = random.chance(0.15) ? .null : trait(name, &random)
        }
        return object
    }

    func context(_ random: inout SeededRandom) -> JSONValue {
        var object = JSONObject()
        if random.chance(0.7) {
            object["campaign"] = ["source": random.pick(["mail", "ads", 1, .null])]
        }
        if random.chance(0.4) {
            object["consent"] = ["categoryPreferences": ["email": .bool(random.chance(0.6)), "sms": true]]
        }
        return .object(object)
    }

    // MARK: - Single values

    private func fill(
        _ object: inout JSONObject, _ names: [String], _ probability: Double, _ random: inout SeededRandom
    ) {
        for name in names where random.chance(probability) { object[name] = property(name, &random) }
    }

    private func property(_ name: String, _ random: inout SeededRandom) -> JSONValue {
        if random.chance(0.08) { return odd(&random) }
        switch name {
        case "order_id": return random.pick(["o1", "o2", "o3", 7, "7"])
        case "product_id": return random.pick(["p1", "p2", "p3", 17, "17", "017"])
        case "sku": return random.pick(["s1", "p1"])
        case "variant": return random.pick(["red", "blue", ""])
        case "category": return .string(Text(random.pick(RandomHistories.categories)))
        case "coupon": return random.pick(["SAVE10", "save10", "", "X"])
        case "revenue", "price", "total", "discount": return amount(&random)
        case "quantity": return random.pick([1, 1, 2, 3, "2", 0])
        case "flag": return random.pick([true, false, "true", "false", "TRUE", 1])
        case "when": return time(&random)
        case "tags": return random.pick([["red", "blue"], ["red"], [], [1, "2"], "red"])
        case "nested": return random.pick([["a": 1], ["a": "x"], ["a": ["b": 2]], ["b": 1], [["a": 1]], 3])
        default: return random.pick([0, 1, 2, 5, 10, "10", "10.0", "1e1", "", "v", "V", "abc", true, "true", .null])
        }
    }

    /// What stands where something else is expected.
    private func odd(_ random: inout SeededRandom) -> JSONValue {
        random.pick([.null, "", "ten", true, "true", [], ["a"], [:], ["a": 1], 0, -1, "2026-03-14", "é", "e\u{301}"])
    }

    private func amount(_ random: inout SeededRandom) -> JSONValue {
        let texts = ["0", "0.1", "0.2", "10", "50", "50.00", "49.99", "100", "9.5", "-5", "1e2", "0.3"]
        let text = random.pick(texts)
        if random.chance(0.15) { return .string(Text(text)) }
        return Decimal128(jsonNumber: Text(text)).map { .number($0) } ?? .null
    }

    private func trait(_ name: String, _ random: inout SeededRandom) -> JSONValue {
        switch name {
        case "tier": return random.pick(["gold", "free", "Gold", 1, ["level": 2]])
        case "age": return random.pick([17, 18, 30, "30", "thirty", "30.5"])
        case "email": return random.pick(["a@example.com", "b@example.org", ""])
        case "phone": return random.pick(["+491234", 4_912_345, ""])
        case "push_subscription": return random.pick([true, false, ["endpoint": "e"]])
        case "timezone": return random.pick(["America/New_York", "Asia/Tokyo", "Nowhere/Land", "Europe/Berlin", 5])
        case "birthday":
            return random.pick([
                "1990-03-15", "1992-02-29", "2000-12-31", "2026-03-15", "1990-10-25T23:30:00Z", "15.3.1990",
                "1990-03-29", "1990-11-01", "1988-02-28", "1990-03-01",
            ])
        default: return time(&random)
        }
    }

    /// A time as a text, in one of the forms that count as a time, or nearly.
    private func time(_ random: inout SeededRandom) -> JSONValue {
        let shift = random.pick(Self.lengths) * random.pick([1, -1]) + random.pick([0, 0, 1, -1])
        let full = Timestamp(milliseconds: now.milliseconds + shift).iso8601
        switch random.int(below: 6) {
        case 0: return .string(Text(String(full.prefix(10))))
        case 1: return .string(Text(String(full.prefix(16))))
        case 2: return .string(Text(String(full.prefix(19)) + "+02:00"))
        case 3: return random.pick(["soon", 1_773_576_000_000, "2026-13-01"])
        default: return .string(Text(full))
        }
    }

    private func addProducts(_ object: inout JSONObject, _ probability: Double, _ random: inout SeededRandom) {
        guard random.chance(probability) else { return }
        if random.chance(0.1) {
            object["products"] = random.pick([.null, [], "none", [1, .null]])
            return
        }
        var items: [JSONValue] = []
        for _ in 0..<random.int(below: 4) {
            var item = JSONObject()
            fill(&item, ["product_id", "category"], 0.75, &random)
            fill(&item, ["price", "quantity"], 0.6, &random)
            fill(&item, ["coupon"], 0.1, &random)
            items.append(.object(item))
        }
        object["products"] = .array(items)
    }
}
