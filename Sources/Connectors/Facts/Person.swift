package import EventModel
import EventStore

/// Who a row is about.
package struct Person: Hashable, Sendable {
    package var userID: Text?
    package var anonymousID: Text?

    package init(userID: Text? = nil, anonymousID: Text? = nil) {
        self.userID = userID
        self.anonymousID = anonymousID
    }

    /// An e-mail address as an id: lower case, for addresses are written in any.
    package static func id(email: Text) -> Text { RowRecipe.id(email: email) }
}

extension Cells {
    /// The person by customer id, else by e-mail address, and by anonymous id.
    package func person() throws(RowProblem) -> Person {
        let userID = text(.customer) ?? text(.email).map(Person.id(email:))
        let anonymousID = text(.anonymous)
        guard userID != nil || anonymousID != nil else {
            let field: Field =
                context.columns.has(.customer) ? .customer : context.columns.has(.email) ? .email : .anonymous
            throw RowProblem("missing-value", "\(name(of: field)) is empty")
        }
        return Person(userID: userID, anonymousID: anonymousID)
    }

    /// The address beside an order, as a trait since the order; nil when the row has none.
    ///
    /// - Parameter identity: names the order; the fact gets one of its own.
    func contact(of person: Person, at time: Timestamp, besides identity: MessageDraft.Identity) -> MessageDraft? {
        guard let email = text(.email) else { return nil }
        return MessageDraft(
            identity: identity.contact, userID: person.userID, anonymousID: person.anonymousID, time: time,
            body: .identify(traits: JSONObject([("email", .string(email))])))
    }
}

extension MessageDraft.Identity {
    /// That of what the same rows say of the person.
    fileprivate var contact: MessageDraft.Identity {
        switch self {
        case .parts(let parts): .parts(parts + ["contact"])
        case .row(let digest): .row(RowDigest(parts: [Text(digest.hexadecimal), "contact"]))
        case .given(let id): .parts([id, "contact"])
        }
    }
}
