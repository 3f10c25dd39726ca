import EventModel
import HTTPTypes

/// The messages of one request, as they came.
struct TrackingCall {
    /// A message that is not decoded yet.
    struct Item {
        var object: JSONObject
        /// The bytes it is read from.
        var original: [UInt8]
    }

    /// What stands in place of a message that is none.
    enum Entry {
        case item(Item)
        case refused(MessageError, body: [UInt8])
    }

    var entries: [Entry]
    /// The write key that the body carries.
    var writeKey: Text?
    /// What messages are that do not say it themselves.
    var kind: MessageKind?

    // MARK: - Segment's protocol

    /// The one message of a body.
    init(message body: [UInt8], kind: MessageKind) throws(APIError) {
        let object = try RequestBody.object(of: body)
        writeKey = object["writeKey"]?.text
        entries = [.item(Item(object: object, original: body))]
        self.kind = kind
    }

    /// The messages under `batch` of a body. What the body says for all of them, `sentAt` and `context`, each of them gets.
    init(batch body: [UInt8]) throws(APIError) {
        let object = try RequestBody.object(of: body)
        writeKey = object["writeKey"]?.text
        let values = try Self.batch(of: object)
        let places = BodyElements(body).elements(ofArray: "batch") ?? []
        var shared: [JSONObject.Member] = []
        for key in ["sentAt", "context"] as [Text] {
            if let value = object[key] { shared.append((key, value)) }
        }
        entries = values.enumerated().map { index, value in
            guard case .object(let item) = value else {
                return .refused(MessageError("not-an-object", "a message is a JSON object"), body: [])
            }
            let own = places.count == values.count ? Array(body[places[index]]) : JSONWriter.bytes(of: value)
            return .item(Self.item(item, own, sharing: shared))
        }
    }

    private static func batch(of object: JSONObject) throws(APIError) -> [JSONValue] {
        guard let values = object["batch"]?.elements else {
            throw APIError(.badRequest, "missing-batch", "The body needs a list of messages under \"batch\".")
        }
        guard values.count <= Limits.batchMessages.value else {
            throw APIError(
                .contentTooLarge, Limits.batchMessages.code,
                "A batch has at most \(Limits.batchMessages.value) messages; this one has \(values.count).")
        }
        return values
    }

    private static func item(_ object: JSONObject, _ original: [UInt8], sharing shared: [JSONObject.Member]) -> Item {
        let missing = shared.filter { !object.contains($0.key) }
        var object = object
        // Both have a context: that of the message counts, member by member.
        if case .object(let own)? = object["context"],
            case .object(let all)? = shared.first(where: { $0.key == "context" })?.value
        {
            let added = all.effectiveMembers.filter { !own.contains($0.key) }
            if !added.isEmpty {
                object["context"] = .object(JSONObject(added + own.members))
                object = JSONObject(missing + object.members)
                return Item(object: object, original: JSONWriter.bytes(of: .object(object)))
            }
        }
        if missing.isEmpty { return Item(object: object, original: original) }
        // In front of the message's own bytes, which stay as they came.
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (index, member) in missing.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriter.append(member.key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            JSONWriter.append(member.value, to: &bytes)
        }
        if !object.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: original.dropFirst())
        return Item(object: JSONObject(missing + object.members), original: bytes)
    }

    // MARK: - PostHog's protocol

    /// The events of a body for PostHog's capture endpoints, as messages.
    init(capture body: [UInt8]) throws(APIError) {
        let object = try RequestBody.object(of: body)
        writeKey = (object["api_key"] ?? object["token"])?.text
        let values = object["batch"] == nil ? [.object(object)] : try Self.batch(of: object)
        let sentAt = object["sentAt"] ?? object["sent_at"]
        entries = values.map { value in
            guard case .object(let event) = value else {
                return .refused(MessageError("not-an-object", "an event is a JSON object"), body: [])
            }
            do throws(MessageError) {
                let message = try CapturedEvent(event).message(sentAt: sentAt)
                return .item(Item(object: message, original: JSONWriter.bytes(of: .object(message))))
            } catch {
                return .refused(error, body: JSONWriter.bytes(of: value))
            }
        }
    }
}
