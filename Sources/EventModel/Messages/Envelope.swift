/// The top level of a message: each key once, null as good as absent.
struct Envelope {
    private let members: JSONObject

    init(_ object: JSONObject) throws(MessageError) {
        guard !object.hasDuplicateKeys else { throw .duplicateKey() }
        members = object
    }

    subscript(key: Text) -> JSONValue? {
        guard let value = members[key], !value.isNull else { return nil }
        return value
    }

    /// An id: a string that is not empty, or a number by its plain text.
    func id(_ key: Text, limit: Limit = Limits.idCharacters) throws(MessageError) -> Text? {
        guard let value = self[key] else { return nil }
        let id: Text
        switch value {
        case .string(let text): id = text
        case .number(let number): id = Text(number.description)
        default: throw .badID(key.string)
        }
        // Bytes first: they are never fewer than characters, and known without counting.
        guard id.utf8.count <= limit.value || id.scalarCount <= limit.value else { throw MessageError(limit) }
        return id.isEmpty ? nil : id
    }

    func time(_ key: Text, _ zone: Zone) throws(MessageError) -> Timestamp? {
        guard let value = self[key] else { return nil }
        guard let text = value.text, let time = Timestamp(iso8601: text, zone: zone) else {
            throw .badTime(key.string)
        }
        return time
    }

    /// An object; empty when absent.
    func object(_ key: Text) throws(MessageError) -> JSONObject {
        guard let value = self[key] else { return JSONObject() }
        guard case .object(let object) = value else { throw .notAnObject(key.string) }
        return object
    }
}
