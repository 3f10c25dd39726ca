import Columns
import EventModel

/// Messages as bytes that last: what came in, and what cannot be read out of it again.
///
/// A record is a byte of flags and then
/// - flag 1: length (4) and bytes of the message id, for messages that do not carry it themselves;
/// - flag 2: the message's fields as JSON under their own names with its length (4) before it, for messages whose
///   original is no JSON; they are taken from there;
/// - the original, to the end of the record.
///
/// Kind, times, source and identifier stand in the table beside the records.
enum MessageCoding {
    private enum Flag {
        static let messageID: UInt8 = 1
        static let fields: UInt8 = 2
    }

    static func append(_ message: Message, to bytes: inout [UInt8]) {
        let original = message.original
        if original.first != UInt8(ascii: "{") {
            bytes.append(Flag.fields)
            var fields: [UInt8] = []
            JSONWriter.append(MessageFields.encode(message), to: &fields)
            bytes.appendLittleEndian(UInt32(fields.count))
            bytes.append(contentsOf: fields)
        } else if carriesID(original, message.messageID) {
            bytes.append(0)
        } else {
            bytes.append(Flag.messageID)
            bytes.appendLittleEndian(UInt32(message.messageID.utf8.count))
            bytes.append(contentsOf: message.messageID.utf8)
        }
        bytes.append(contentsOf: original)
    }

    /// Begins the record of an original that is JSON and carries its message id; the original follows as it is.
    static func beginRecord(in bytes: inout [UInt8]) { bytes.append(0) }

    /// Whether the message id stands in the original as it is. When in doubt it is stored once more.
    private static func carriesID(_ original: [UInt8], _ id: Text) -> Bool {
        id.withBytes { id in
            guard id.count >= 4 else { return false }
            return original.withUnsafeBytes { contains($0, UnsafeRawBufferPointer(id)) }
        }
    }

    /// The message of a record.
    static func decode(
        _ record: UnsafeRawBufferPointer, kind: MessageKind, time: Int64, receivedAt: Int64, decoder: MessageDecoder
    ) throws(MessageError) -> Message {
        let parts = try split(record)
        var message: Message
        if let fields = parts.fields {
            message = try MessageFields.decode(fields, kind: kind, receivedAt: Timestamp(milliseconds: receivedAt))
            message.original = parts.original
        } else {
            message = try decoder.decode(
                parts.original, receivedAt: Timestamp(milliseconds: receivedAt),
                defaults: MessageDecoder.Defaults(kind: kind, messageID: parts.messageID))
            if let messageID = parts.messageID { message.messageID = messageID }
        }
        message.time = Timestamp(milliseconds: time)
        return message
    }

    /// The original of a record, untouched.
    static func original(of record: UnsafeRawBufferPointer) throws(MessageError) -> [UInt8] {
        try split(record).original
    }

    private static func split(
        _ record: UnsafeRawBufferPointer
    ) throws(MessageError) -> (messageID: Text?, fields: [UInt8]?, original: [UInt8]) {
        var reader = ByteReader(record)
        do {
            let flags = try reader.read(UInt8.self)
            var messageID: Text?
            var fields: [UInt8]?
            if flags & Flag.messageID != 0 {
                messageID = Text(utf8: try reader.slice(try reader.readCount()))
                guard messageID != nil else { throw unreadable }
            }
            if flags & Flag.fields != 0 { fields = Array(try reader.slice(try reader.readCount())) }
            return (messageID, fields, Array(try reader.slice(reader.remaining)))
        } catch {
            throw unreadable
        }
    }

    private static let unreadable = MessageError("message-record", "a stored message is cut short")
}

/// The fields of a message as JSON, for messages that did not come as JSON.
enum MessageFields {
    static func encode(_ message: Message) -> JSONValue {
        var object = JSONObject()
        object.append("messageID", .string(message.messageID))
        if let id = message.userID { object.append("userID", .string(id)) }
        if let id = message.anonymousID { object.append("anonymousID", .string(id)) }
        if let id = message.previousID { object.append("previousID", .string(id)) }
        if let id = message.groupID { object.append("groupID", .string(id)) }
        if let time = message.originalTime { object.append("originalTime", number(time)) }
        if let time = message.sentAt { object.append("sentAt", number(time)) }
        object.append("event", .string(message.event))
        if !message.properties.isEmpty { object.append("properties", .object(message.properties)) }
        if !message.context.isEmpty { object.append("context", .object(message.context)) }
        if !message.traits.isEmpty { object.append("traits", .object(message.traits)) }
        if !message.warnings.isEmpty { object.append("warnings", .array(message.warnings.map { .string($0) })) }
        return .object(object)
    }

    private static func number(_ time: Timestamp) -> JSONValue { .number(Decimal128(Int(time.milliseconds))) }

    static func decode(_ bytes: [UInt8], kind: MessageKind, receivedAt: Timestamp) throws(MessageError) -> Message {
        let value: JSONValue
        do throws(JSONError) {
            // The members stand one level deeper than in the message they come from.
            value = try JSONReader.parse(bytes, limits: Limits.JSON(depth: Limits.jsonDepth.value + 1))
        } catch { throw MessageError(error) }
        guard case .object(let object) = value else {
            throw MessageError("message-record", "a stored message is no object")
        }
        return Message(
            kind: kind, messageID: object["messageID"]?.text ?? "", userID: object["userID"]?.text,
            anonymousID: object["anonymousID"]?.text, previousID: object["previousID"]?.text,
            groupID: object["groupID"]?.text, time: receivedAt, originalTime: time(object["originalTime"]),
            sentAt: time(object["sentAt"]), receivedAt: receivedAt, event: object["event"]?.text ?? "",
            properties: object["properties"]?.object ?? JSONObject(),
            context: object["context"]?.object ?? JSONObject(), traits: object["traits"]?.object ?? JSONObject(),
            warnings: object["warnings"]?.elements?.compactMap(\.text) ?? [])
    }

    private static func time(_ value: JSONValue?) -> Timestamp? {
        value?.decimal?.asInt().map { Timestamp(milliseconds: Int64($0)) }
    }
}
