import EventModel

/// An event as PostHog's libraries send it, and the message that it is.
struct CapturedEvent {
    private let name: Text
    private let distinctID: JSONValue
    private let event: JSONObject
    private let properties: JSONObject

    init(_ event: JSONObject) throws(MessageError) {
        guard let name = event["event"]?.text, !name.isEmpty else {
            throw MessageError("missing-event", "an event needs its name under \"event\"")
        }
        let properties = event["properties"]?.object ?? JSONObject()
        guard let id = event["distinct_id"] ?? properties["distinct_id"] ?? event["$distinct_id"] else {
            throw MessageError("missing-id", "an event needs a distinct_id")
        }
        self.name = name
        self.event = event
        self.properties = properties
        distinctID = id
    }

    /// Whether the id is that of a device: the library says so, or it is the device's own.
    private var isAnonymous: Bool {
        if case .bool(let isIdentified)? = properties["$is_identified"] { return !isIdentified }
        if case .bool(false)? = properties["$process_person_profile"] { return true }
        return properties["$device_id"].map { $0 == distinctID } ?? false
    }

    /// - Parameter sentAt: when the whole request was sent.
    func message(sentAt: JSONValue?) -> JSONObject {
        var message = JSONObject()
        if let sentAt { message.append("sentAt", sentAt) }
        if let id = event["uuid"] ?? properties["$insert_id"] ?? event["messageId"] { message.append("messageId", id) }
        if let time = event["timestamp"] ?? properties["timestamp"] { message.append("timestamp", time) }
        switch name {
        case "$identify", "$set":
            message.append("type", "identify")
            message.append("userId", distinctID)
            if let id = properties["$anon_distinct_id"] { message.append("anonymousId", id) }
            message.append("traits", .object(traits))
            return message
        case "$create_alias":
            message.append("type", "alias")
            // The alias is another name of the distinct id.
            message.append("userId", distinctID)
            if let alias = properties["alias"] { message.append("previousId", alias) }
            return message
        case "$groupidentify":
            message.append("type", "group")
            message.append(isAnonymous ? "anonymousId" : "userId", distinctID)
            if let key = properties["$group_key"] { message.append("groupId", key) }
            if let traits = properties["$group_set"] { message.append("traits", traits) }
            return message
        case "$pageview": message.append("type", "page")
        case "$screen": message.append("type", "screen")
        default:
            message.append("type", "track")
            message.append("event", .string(name))
        }
        message.append(isAnonymous ? "anonymousId" : "userId", distinctID)
        message.append("properties", .object(properties))
        if let context { message.append("context", .object(context)) }
        return message
    }

    /// What is set of the person, `$set` before `$set_once`.
    private var traits: JSONObject {
        let set = (event["$set"] ?? properties["$set"])?.object ?? JSONObject()
        let once = (event["$set_once"] ?? properties["$set_once"])?.object ?? JSONObject()
        return JSONObject(set.effectiveMembers + once.effectiveMembers.filter { !set.contains($0.key) })
    }

    /// The page and campaign of the event, where the language looks for them.
    private var context: JSONObject? {
        var page = JSONObject()
        for (theirs, ours) in [
            ("$current_url", "url"), ("$pathname", "path"), ("$referrer", "referrer"), ("title", "title"),
        ] {
            if let value = properties[theirs] { page.append(Text(ours), value) }
        }
        var campaign = JSONObject()
        for (theirs, ours) in [
            ("utm_source", "source"), ("utm_medium", "medium"), ("utm_campaign", "name"), ("utm_term", "term"),
            ("utm_content", "content"),
        ] {
            if let value = properties[theirs] { campaign.append(Text(ours), value) }
        }
        var context = JSONObject()
        if !page.isEmpty { context.append("page", .object(page)) }
        if !campaign.isEmpty { context.append("campaign", .object(campaign)) }
        if let library = properties["$lib"] {
            var members: [JSONObject.Member] = [("name", library)]
            if let version = properties["$lib_version"] { members.append(("version", version)) }
            context.append("library", .object(JSONObject(members)))
        }
        return context.isEmpty ? nil : context
    }
}
