/// Why a message is not taken.
package struct MessageError: Error, Hashable, Sendable {
    /// Stable code, such as `missing-id`; JSON errors keep their own (`json-syntax`).
    package let code: Text
    /// What is wrong, in a few words, without the customer's data.
    package let detail: String
    /// The byte of the message, for JSON errors.
    package let offset: Int?

    package init(_ code: Text, _ detail: String, offset: Int? = nil) {
        self.code = code
        self.detail = detail
        self.offset = offset
    }

    package init(_ error: JSONError) {
        self.init(Text(error.code.rawValue), error.detail, offset: error.offset)
    }

    package init(_ limit: Limit) {
        self.init(Text(limit.code), "more than \(limit.value) \(limit.what)")
    }
}

extension MessageError: CustomStringConvertible {
    package var description: String {
        "\(detail)\(offset.map { " at byte \($0)" } ?? "") [\(code)]"
    }
}

extension MessageError {
    static let notAnObject = MessageError("not-an-object", "a message is a JSON object")
    static let unknownType = MessageError(
        "unknown-type", "type is one of track, page, screen, identify, group and alias")
    static let missingID = MessageError("missing-id", "userId or anonymousId is needed")
    static let missingEvent = MessageError("missing-event", "a track message needs the name of its event")
    static let missingPreviousID = MessageError("missing-previous-id", "an alias needs previousId and userId")
    static let missingGroupID = MessageError("missing-group-id", "a group message needs groupId")
    static let missingMessageID = MessageError("missing-message-id", "messageId is needed")
    static let placeholderID = MessageError(
        "placeholder-id", "the only id is a placeholder such as null or anonymous, which stands for nobody")

    static func duplicateKey() -> MessageError {
        MessageError("duplicate-key", "a key of the message occurs twice")
    }
    static func badTime(_ field: String) -> MessageError {
        MessageError("bad-time", "\(field) is no ISO 8601 time of the years 0001 to 9999")
    }
    static func badID(_ field: String) -> MessageError {
        MessageError("bad-id", "\(field) is neither a string nor a number")
    }
    static func notAnObject(_ field: String) -> MessageError {
        MessageError("bad-\(field)".text, "\(field) is no JSON object")
    }
}

extension String {
    fileprivate var text: Text { Text(self) }
}
