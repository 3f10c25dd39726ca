/// Reads Segment-protocol messages: one JSON object each, checked, and made canonical.
///
/// What it takes and changes is written at `Message`; what it refuses has a stable code (`MessageError`).
package struct MessageDecoder: Sendable {
    package let settings: WorkspaceSettings
    package let options: Options

    /// How messages come in.
    package struct Options: Hashable, Sendable {
        /// The largest message that is taken.
        package var bytes: Limit
        /// A time further ahead of receipt than this becomes the receipt time; nil: times stay.
        package var clampFutureBeyond: Int64?
        /// A sender's clock further off than this many milliseconds (by `sentAt`) is corrected; nil: never.
        package var correctClockBeyond: Int64?
        /// Whether a message without `timestamp` may take its own `receivedAt` for it.
        package var trustsReceivedAt: Bool
        /// Whether track messages come as GA4: GA4's names of events, parameters and items become the vocabulary's.
        package var isGA4: Bool
        /// Whether placeholders that are the only ids of a message stay its ids, instead of turning it away.
        package var keepsPlaceholders: Bool

        package init(
            bytes: Limit, clampFutureBeyond: Int64? = nil, correctClockBeyond: Int64? = nil,
            trustsReceivedAt: Bool = false, isGA4: Bool = false, keepsPlaceholders: Bool = false
        ) {
            self.bytes = bytes
            self.clampFutureBeyond = clampFutureBeyond
            self.correctClockBeyond = correctClockBeyond
            self.trustsReceivedAt = trustsReceivedAt
            self.isGA4 = isGA4
            self.keepsPlaceholders = keepsPlaceholders
        }

        /// Files keep their times.
        package static let file = Options(bytes: Limits.fileMessageBytes, trustsReceivedAt: true)
        /// Messages that were taken once are read as those of files; a word that became a placeholder since names them still.
        package static let stored = Options(
            bytes: Limits.fileMessageBytes, trustsReceivedAt: true, keepsPlaceholders: true)
        /// Live messages: far-future times become the receipt time, clocks off by over five minutes are corrected.
        package static let network = Options(
            bytes: Limits.networkMessageBytes, clampFutureBeyond: Int64(Limits.futureMilliseconds.value),
            correctClockBeyond: 300_000)
    }

    /// What a message gets that does not say it itself.
    package struct Defaults: Hashable, Sendable {
        package var kind: MessageKind?
        package var messageID: Text?

        package init(kind: MessageKind? = nil, messageID: Text? = nil) {
            self.kind = kind
            self.messageID = messageID
        }
    }

    package init(settings: WorkspaceSettings = WorkspaceSettings(), options: Options = .file) {
        self.settings = settings
        self.options = options
    }

    /// Reads one message from its bytes.
    package func decode(
        _ bytes: [UInt8], receivedAt: Timestamp, defaults: Defaults = Defaults()
    ) throws(MessageError) -> Message {
        guard bytes.count <= options.bytes.value else { throw MessageError(options.bytes) }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.parse(bytes)
        } catch {
            throw MessageError(error)
        }
        guard case .object(let object) = value else { throw .notAnObject }
        return try decode(object, original: bytes, receivedAt: receivedAt, defaults: defaults)
    }

    /// Reads one message that is parsed already; `original` is kept as it is.
    package func decode(
        _ object: JSONObject, original: [UInt8], receivedAt: Timestamp, defaults: Defaults = Defaults()
    ) throws(MessageError) -> Message {
        let envelope = try Envelope(object)
        let kind = try kind(of: envelope, default: defaults.kind)
        var message = Message(
            kind: kind, messageID: try messageID(of: envelope, default: defaults.messageID), time: receivedAt,
            receivedAt: receivedAt, original: original)
        try readIDs(of: envelope, into: &message)
        try readTimes(of: envelope, into: &message)
        message.context = try envelope.object("context")
        switch kind {
        case .track, .page, .screen:
            message.event = try event(of: envelope, kind: kind)
            message.properties = try properties(of: envelope, kind: kind)
            if options.isGA4, kind == .track, let name = Vocabulary.fromGA4(message.event) {
                message.event = name
                message.properties = Vocabulary.fromGA4(parameters: message.properties, of: name)
                try checkItems(of: message.properties)
            }
            PropertyRules.apply(to: &message, settings: settings)
        case .identify, .group:
            message.traits = try traits(of: envelope, context: message.context)
        case .alias:
            break
        }
        return message
    }

    // MARK: - Parts of a message

    private func kind(of envelope: Envelope, default defaultKind: MessageKind?) throws(MessageError) -> MessageKind {
        guard let type = envelope["type"] else {
            if let defaultKind { return defaultKind }
            throw .unknownType
        }
        guard let kind = type.text.flatMap({ MessageKind(rawValue: $0.string) }) else { throw .unknownType }
        return kind
    }

    private func messageID(of envelope: Envelope, default defaultID: Text?) throws(MessageError) -> Text {
        let id = try envelope.id("messageId", limit: Limits.messageIDCharacters)
        guard let id = id ?? defaultID else {
            throw .missingMessageID
        }
        return id
    }

    private func readIDs(of envelope: Envelope, into message: inout Message) throws(MessageError) {
        let userID = try envelope.id("userId")
        let anonymousID = try envelope.id("anonymousId")
        message.userID = userID.flatMap { Identifiers.isPlaceholder($0) ? nil : $0 }
        message.anonymousID = anonymousID.flatMap { Identifiers.isPlaceholder($0) ? nil : $0 }
        guard userID != nil || anonymousID != nil else { throw .missingID }
        if message.userID == nil, message.anonymousID == nil {
            guard options.keepsPlaceholders else { throw .placeholderID }
            (message.userID, message.anonymousID) = (userID, anonymousID)
        }
        if message.userID != userID || message.anonymousID != anonymousID { message.warnings.append("placeholder-id") }
        if message.kind == .alias {
            guard let previousID = try envelope.id("previousId"), userID != nil else { throw .missingPreviousID }
            if !Identifiers.isPlaceholder(previousID), message.userID != nil {
                message.previousID = previousID
            } else if !options.keepsPlaceholders {
                throw .placeholderID
            }
        }
        if message.kind == .group {
            guard let groupID = try envelope.id("groupId") else { throw .missingGroupID }
            message.groupID = groupID
        }
    }

    private func readTimes(of envelope: Envelope, into message: inout Message) throws(MessageError) {
        message.sentAt = try? envelope.time("sentAt", settings.zone)
        message.originalTime = try envelope.time("timestamp", settings.zone)
        if message.originalTime == nil {
            message.originalTime = try envelope.time("originalTimestamp", settings.zone)
        }
        let received = message.receivedAt
        guard let written = message.originalTime else {
            if options.trustsReceivedAt, let own = try? envelope.time("receivedAt", settings.zone) {
                message.time = own
            }
            return
        }
        message.time = written
        if let threshold = options.correctClockBeyond, let sentAt = message.sentAt {
            let off = received.milliseconds(since: sentAt)
            if off.magnitude > UInt64(max(0, threshold)) {
                message.time = written.adding(milliseconds: off)
                message.warnings.append("clock-corrected")
            }
        }
        if let ahead = options.clampFutureBeyond, message.time.milliseconds(since: received) > ahead {
            message.time = received
            message.warnings.append("future-time")
        }
    }

    private func event(of envelope: Envelope, kind: MessageKind) throws(MessageError) -> Text {
        switch kind {
        case .page: return "Page Viewed"
        case .screen: return "Screen Viewed"
        default:
            guard let name = envelope["event"]?.text, !name.isEmpty else { throw .missingEvent }
            guard name.scalarCount <= Limits.eventNameCharacters.value else {
                throw MessageError(Limits.eventNameCharacters)
            }
            return Vocabulary.canonicalName(name)
        }
    }

    private func properties(of envelope: Envelope, kind: MessageKind) throws(MessageError) -> JSONObject {
        var properties = try envelope.object("properties")
        if kind == .page || kind == .screen {
            for key in ["name", "category"] as [Text] where properties[key] == nil {
                if let value = envelope[key] { properties.append(key, value) }
            }
        }
        try checkSize(of: properties)
        try checkItems(of: properties)
        return properties
    }

    private func checkItems(of properties: JSONObject) throws(MessageError) {
        let items = properties["products" as Text]?.elements?.count ?? 0
        guard items <= Limits.items.value else { throw MessageError(Limits.items) }
    }

    private func traits(of envelope: Envelope, context: JSONObject) throws(MessageError) -> JSONObject {
        var traits = try envelope.object("traits")
        if envelope["traits"] == nil, case .object(let own)? = context["traits" as Text] { traits = own }
        try checkSize(of: traits)
        return traits
    }

    private func checkSize(of object: JSONObject) throws(MessageError) {
        guard object.count <= Limits.topLevelMembers.value else { throw MessageError(Limits.topLevelMembers) }
        for member in object.members where member.key.utf8.count > Limits.keyCharacters.value {
            guard member.key.scalarCount <= Limits.keyCharacters.value else { throw MessageError(Limits.keyCharacters) }
        }
    }
}
