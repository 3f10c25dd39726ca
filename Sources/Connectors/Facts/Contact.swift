package import EventModel

/// What a shop knows of a customer, as traits.
package struct Contact: Sendable {
    package var email: Text?
    package var phone: Text?
    package var firstName: Text?
    package var lastName: Text?
    package var name: Text?
    package var company: Text?
    package var street: Text?
    package var city: Text?
    package var state: Text?
    package var postalCode: Text?
    package var country: Text?
    package var extras: [JSONObject.Member] = []

    package init() {}

    /// Reads the contact fields; `text` gives the cell of a field.
    package init(_ text: (Field) -> Text?) {
        email = text(.email)
        phone = text(.phone).map(withoutApostrophe)
        firstName = text(.firstName)
        lastName = text(.lastName)
        name = text(.name)
        company = text(.company)
        let lines = [text(.street), text(.street2)].compactMap { $0?.string }
        street = lines.isEmpty ? nil : Text(lines.joined(separator: ", "))
        city = text(.city)
        state = text(.state)
        postalCode = text(.postalCode).map(withoutApostrophe)
        country = text(.country)
    }

    /// In the words of Segment's reserved traits.
    package var traits: JSONObject {
        var members: [JSONObject.Member] = []
        func add(_ key: Text, _ text: Text?, to members: inout [JSONObject.Member]) {
            if let text { members.append((key, .string(text))) }
        }
        add("email", email, to: &members)
        add("phone", phone, to: &members)
        add("firstName", firstName, to: &members)
        add("lastName", lastName, to: &members)
        add("name", name, to: &members)
        add("company", company, to: &members)
        var address: [JSONObject.Member] = []
        add("street", street, to: &address)
        add("city", city, to: &address)
        add("state", state, to: &address)
        add("postalCode", postalCode, to: &address)
        add("country", country, to: &address)
        if !address.isEmpty { members.append(("address", .object(JSONObject(address)))) }
        return JSONObject(members + extras)
    }
}

/// Spreadsheets are kept from changing `+49…` and `01067` by an apostrophe in front, which is no part of the value.
func withoutApostrophe(_ text: Text) -> Text {
    guard text.utf8.first == UInt8(ascii: "'"), text.utf8.count > 1 else { return text }
    return Text(String(text.string.dropFirst()))
}

/// Whether a cell says yes or no; nil when it says neither.
func yesOrNo(_ text: Text?) -> Bool? {
    switch text?.string.lowercased() {
    case "yes", "true", "1", "y", "subscribed", "ja", "oui", "sí", "si": true
    case "no", "false", "0", "n", "unsubscribed", "not subscribed", "nein", "non": false
    default: nil
    }
}
