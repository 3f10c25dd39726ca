import EventModel

/// What one row about a customer says.
struct CustomerFacts {
    private let namespace: Text
    private let userID: Text
    private let time: Timestamp
    private let traits: JSONObject
    private let consents: [(purpose: Text, isGranted: Bool)]

    /// - Parameter idPrefersEmail: platforms whose orders know customers by e-mail address do so here too.
    init(_ cells: Cells, namespace: Text, idPrefersEmail: Bool = false) throws(RowProblem) {
        self.namespace = namespace
        var contact = Contact(cells.text)
        let byEmail = contact.email.map(Person.id(email:))
        let customer = cells.text(.customer).map(withoutApostrophe)
        let id = idPrefersEmail ? byEmail ?? customer ?? contact.phone : customer ?? byEmail ?? contact.phone
        guard let id else {
            throw RowProblem("missing-value", "the row has neither an id nor an e-mail address nor a telephone number")
        }
        userID = id
        time = try cells.time(.time) ?? cells.context.importedAt
        if let customer, customer != id { contact.extras.append(("customer_id", .string(customer))) }
        if let created = try cells.time(.time), cells.context.columns.columns[.time] != nil {
            contact.extras.append(("createdAt", .string(Text(created.iso8601))))
        }
        if let tags = cells.text(.tags) {
            let list = tags.string.split(separator: ",").map { trimmed(String($0)) }.filter { !$0.isEmpty }
            contact.extras.append(("tags", .array(list.map { .string(Text($0)) })))
        }
        contact.extras += cells.extras()
        traits = contact.traits
        consents = [("email", Field.emailConsent), ("sms", .smsConsent)].compactMap { purpose, field in
            yesOrNo(cells.text(field)).map { (purpose, $0) }
        }
    }

    func add(to decoded: inout DecodedRows, from rows: ArraySlice<CSVRow>) {
        decoded.add(
            draft(fact: "traits", .identify(traits: traits), key: Text("traits/\(namespace)/\(userID)")), from: rows)
        for (purpose, isGranted) in consents {
            let state: JSONValue = isGranted ? "granted" : "denied"
            let properties = JSONObject([("purpose", .string(purpose)), ("state", state)])
            decoded.add(
                draft(
                    fact: Text("consent/\(purpose)"), .track(event: "Consent Updated", properties: properties),
                    key: Text("consent/\(purpose)/\(namespace)/\(userID)")),
                from: rows)
        }
    }

    private func draft(fact: Text, _ body: MessageDraft.Body, key: Text) -> MessageDraft {
        MessageDraft(
            identity: .parts([namespace, fact, userID]), rule: .whenChanged(key: key), userID: userID, time: time,
            body: body)
    }
}
