import EventModel
import EventStore

/// Draws small messages of all kinds that collide often: few people, few times, ids that occur twice.
struct RandomMessages {
    private var random: SeededRandom
    private var count = 0
    private let decoder = MessageDecoder()
    var people = 12
    /// How often a message repeats an earlier message id.
    var duplicateChance = 0.05

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func messages(_ count: Int) throws -> [Message] {
        var messages: [Message] = []
        for _ in 0..<count { messages.append(try message()) }
        return messages
    }

    mutating func message() throws -> Message {
        var object = JSONObject()
        let isRepeat = count > 0 && random.chance(duplicateChance)
        let id = isRepeat ? random.int(below: count) : count
        count += 1
        object.append("messageId", .string(Text("message-\(id)")))
        let person = random.int(below: people)
        let device = random.int(below: people)
        let kind = random.int(below: 20)
        if kind == 0 {
            object.append("type", "alias")
            object.append("previousId", .string(Text("device-\(device)")))
            object.append("userId", .string(Text("user-\(person)")))
        } else {
            switch random.int(below: 10) {
            case 0...4: object.append("userId", .string(Text("user-\(person)")))
            case 5...8: object.append("anonymousId", .string(Text("device-\(device)")))
            default:
                object.append("anonymousId", .string(Text("device-\(device)")))
                object.append("userId", .string(Text(random.chance(0.1) ? "device-\(person)" : "user-\(person)")))
            }
            addBody(kind, to: &object)
        }
        let time = Timestamp(milliseconds: 1_700_000_000_000 + Int64(random.int(below: 40)) * 977)
        object.append("timestamp", .string(Text(time.iso8601)))
        let bytes = JSONWriter.bytes(of: .object(object))
        return try decoder.decode(bytes, receivedAt: Timestamp(milliseconds: 1_800_000_000_000 + Int64(count)))
    }

    private mutating func addBody(_ kind: Int, to object: inout JSONObject) {
        switch kind {
        case 1:
            object.append("type", "group")
            object.append("groupId", "club")
        case 2...4:
            object.append("type", "identify")
            object.append("traits", .object(JSONObject(properties(3))))
        case 5:
            object.append("type", "page")
            object.append("properties", .object(JSONObject(properties(2))))
        default:
            object.append("type", "track")
            let names: [Text] = ["Order Completed", "Product Viewed", "Played", "Rare \(random.int(below: 30))".asText]
            object.append("event", .string(random.element(of: names) ?? "Played"))
            var members = properties(random.int(below: 6))
            if random.chance(0.3) {
                members.append(
                    ("products", .array((0..<random.int(below: 4)).map { _ in .object(JSONObject(properties(3))) })))
            } else if random.chance(0.3) {
                members.append(("product_id", .string(Text("p\(random.int(below: 9))"))))
            }
            object.append("properties", .object(JSONObject(members)))
            if random.chance(0.2) { object.append("context", .object(JSONObject(properties(2)))) }
        }
    }

    private mutating func properties(_ count: Int) -> [JSONObject.Member] {
        let keys: [Text] = ["price", "title", "colour", "nested", "é", "e\u{301}", "$x", "flag", "big"]
        var members: [JSONObject.Member] = []
        for _ in 0..<count {
            guard let key = random.element(of: keys), !members.contains(where: { $0.key == key }) else { continue }
            members.append((key, value(depth: 0)))
        }
        return members
    }

    private mutating func value(depth: Int) -> JSONValue {
        switch random.int(below: depth > 2 ? 7 : 9) {
        case 0: return .null
        case 1: return .bool(random.chance(0.5))
        case 2: return .number(Decimal128(random.int(below: 1_000)))
        case 3: return .number(Decimal128(scaled: Int64(random.int(below: 100_000)), exponent: -2))
        case 4:
            return .number(Decimal128(jsonNumber: Text("12345678901234567890123456.789e\(random.int(below: 40))")) ?? 0)
        case 5: return .string("")
        case 6: return .string(Text("word \(random.int(below: 50)) \u{0} ü"))
        case 7: return .array((0..<random.int(below: 3)).map { _ in value(depth: depth + 1) })
        default:
            return .object(JSONObject([("a", value(depth: depth + 1)), ("b", value(depth: depth + 1))]))
        }
    }
}

extension String {
    fileprivate var asText: Text { Text(self) }
}
