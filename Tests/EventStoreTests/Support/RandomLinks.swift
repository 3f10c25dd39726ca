import EventModel
import EventStore

/// Draws messages that say who is who, of few ids and handles in few instants, so that links collide in every way.
struct RandomLinks {
    private var random: SeededRandom
    private let users: Int
    private let devices: Int
    private let handles: Int
    private var count = 0

    /// - Parameter handles: how many handles of a kind there are.
    init(seed: UInt64, users: Int, devices: Int, handles: Int = 0) {
        random = SeededRandom(seed: seed)
        self.users = users
        self.devices = devices
        self.handles = handles
    }

    mutating func messages(_ count: Int) -> [Message] { (0..<count).map { _ in message() } }

    /// A time of one of eight instants.
    mutating func time() -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(random.int(below: 8))) }

    private mutating func message() -> Message {
        var message = plainMessage()
        guard handles > 0, random.chance(0.5) else { return message }
        let number = random.int(below: handles)
        switch random.int(below: 4) {
        case 0: message.context = JSONObject([("traits", ["email": .string(Text(" Shopper-\(number)@Example.org "))])])
        case 1: message.context = JSONObject([("traits", ["phone": .string(Text("+49 30 12345\(number)"))])])
        case 2: message.context = JSONObject([("externalIds", [["type": "crm", "id": .string(Text("c\(number)"))]])])
        default: message.context = JSONObject([("device", ["id": .string(Text("t\(number)"))])])
        }
        return message
    }

    private mutating func plainMessage() -> Message {
        defer { count += 1 }
        let id = Text("message-\(count)")
        switch random.int(below: 8) {
        case 0:
            return Message(kind: .alias, messageID: id, userID: user(), previousID: anonymous(), time: time())
        case 1, 2:
            return Message(
                kind: .track, messageID: id, userID: user(), anonymousID: anonymous(), time: time(), event: "Played")
        case 3:
            return Message(kind: .identify, messageID: id, userID: user(), time: time())
        default:
            return Message(kind: .track, messageID: id, anonymousID: anonymous(), time: time(), event: "Played")
        }
    }

    private mutating func user() -> Text { Text("user-\(random.int(below: users))") }

    /// Now and then a text that is a user's id too.
    private mutating func anonymous() -> Text {
        random.chance(0.1) ? user() : Text("device-\(random.int(below: devices))")
    }
}

extension Array where Element == Message {
    /// Who is who according to the plain resolver.
    func resolved(
        _ limits: Identifiers.JoiningLimits = Identifiers.joiningLimits, without unmerged: Set<Unmerge> = []
    ) -> ResolvedIdentities {
        var resolver = IdentityResolver(limits: limits)
        for message in self { resolver.observe(message) }
        return resolver.resolved(without: unmerged)
    }

    /// Every anonymous id in them.
    var anonymousIDs: Set<Text> { Set(compactMap(\.anonymousID) + compactMap(\.previousID)) }
}
