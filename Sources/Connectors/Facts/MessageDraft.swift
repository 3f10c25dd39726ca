package import EventModel
package import EventStore

/// A fact found in a file, on its way to becoming a message.
package struct MessageDraft: Sendable {
    /// What its message id is made of.
    package enum Identity: Sendable {
        /// Something that names the fact: format, kind of fact, order id. The same parts are the same fact.
        case parts([Text])
        /// What the row says. The first such row of a file is one fact, the second another.
        case row(RowDigest)
        /// An id the file gives itself.
        case given(Text)
    }

    /// What is compared with earlier imports before the fact counts.
    package enum Rule: Sendable {
        case always
        /// Of an amount that only grows, the part not seen before becomes `total`; nothing if there is none.
        case remainder(of: Decimal128, key: Text)
        /// Only when it differs from what this key said last.
        case whenChanged(key: Text)
    }

    package enum Body: Sendable {
        case track(event: Text, properties: JSONObject)
        case identify(traits: JSONObject)
        /// A whole message as the file has it.
        case message(JSONObject, original: [UInt8])
    }

    package var identity: Identity
    package var rule: Rule = .always
    package var userID: Text?
    package var anonymousID: Text?
    package var time: Timestamp
    package var body: Body
    package var context = JSONObject()

    package init(
        identity: Identity, rule: Rule = .always, userID: Text? = nil, anonymousID: Text? = nil, time: Timestamp,
        body: Body, context: JSONObject = JSONObject()
    ) {
        self.identity = identity
        self.rule = rule
        self.userID = userID
        self.anonymousID = anonymousID
        self.time = time
        self.body = body
        self.context = context
    }

    /// The Segment-protocol message, under its final id.
    package func message(id: Text) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(8)
        switch body {
        case .track(let event, _):
            members.append(("type", "track"))
            members.append(("event", .string(event)))
        case .identify:
            members.append(("type", "identify"))
        case .message(let object, _):
            return object
        }
        members.append(("messageId", .string(id)))
        if let userID { members.append(("userId", .string(userID))) }
        if let anonymousID { members.append(("anonymousId", .string(anonymousID))) }
        members.append(("timestamp", .string(Text(time.iso8601))))
        switch body {
        case .track(_, let properties): members.append(("properties", .object(properties)))
        case .identify(let traits): members.append(("traits", .object(traits)))
        case .message: break
        }
        if !context.isEmpty { members.append(("context", .object(context))) }
        return JSONObject(members)
    }
}

/// Why a row became no fact.
package struct RowProblem: Error, Hashable, Sendable {
    /// Stable code, such as `bad-time`.
    package let code: Text
    /// In a few words, with the column.
    package let words: String

    package init(_ code: Text, _ words: String) {
        self.code = code
        self.words = words
    }
}

/// What a decoder makes of rows.
package struct DecodedRows: Sendable {
    /// A fact and the rows it stands in.
    package struct Fact: Sendable {
        package var draft: MessageDraft
        package var rows: ArraySlice<CSVRow>
    }

    package struct Rejection: Sendable {
        package var row: CSVRow
        package var problem: RowProblem
    }

    package var facts: [Fact] = []
    package var products: [JSONObject] = []
    package var rejections: [Rejection] = []
    /// Rows that are fine but no fact, by reason: `order not paid`.
    package var passedOver: [Text: Int] = [:]

    package init() {}

    package mutating func add(_ draft: MessageDraft, from rows: ArraySlice<CSVRow>) {
        facts.append(Fact(draft: draft, rows: rows))
    }

    package mutating func reject(_ row: CSVRow, _ problem: RowProblem) {
        rejections.append(Rejection(row: row, problem: problem))
    }
}
