import EventModel
import Testing

/// What is a handle, and when two are the same.
@Suite struct HandleTests {
    @Test(arguments: [
        (" Ann@Example.ORG ", "email:ann@example.org"), ("a.b+c@mail.example.co.uk", "email:a.b+c@mail.example.co.uk"),
    ])
    func `addresses are compared in lower case`(written: String, key: String) {
        #expect(Handle(email: Text(written))?.key == Text(key))
    }

    @Test(arguments: [
        "", "ann", "ann@", "@example.org", "ann@localhost", "a b@example.org", "a@b@example.org", "ann@example..org",
        "ann@.org", "null@example.org", "a,b@example.org",
    ])
    func `what has not the shape of an address is none`(written: String) {
        #expect(Handle(email: Text(written)) == nil)
    }

    @Test(arguments: [
        ("+49 (30) 123-456", "phone:+4930123456"), ("0049 30 123456", "phone:+4930123456"),
        ("030 123456", "phone:030123456"), ("555.0123.4", "phone:55501234"),
    ])
    func `numbers are compared by their digits, with their country where it is written`(written: String, key: String) {
        #expect(Handle(phone: Text(written))?.key == Text(key))
    }

    @Test(arguments: ["", "12345", "0000000000", "+1111111111", "call me", "1234567890123456", "12345ext7"])
    func `what has not the shape of a number is none`(written: String) {
        #expect(Handle(phone: Text(written)) == nil)
    }

    @Test func `a message has the handles of its traits, its context, other systems and devices, each once`() {
        let message = Message(
            kind: .identify, messageID: "m", userID: "u", time: Timestamp(milliseconds: 0),
            context: JSONObject([
                ("traits", ["email": "ann@example.org", "phone": 5]),
                ("externalIds", [["id": 17, "type": "crm"], ["id": "null", "type": "crm"], ["id": "x"], 3]),
                ("device", ["id": "d-1", "advertisingId": "00000000-0000-0000-0000-000000000000"]),
            ]),
            traits: JSONObject([("email", "Ann@example.org"), ("phone", "+4930123456")]))
        #expect(
            message.handles.map(\.key)
                == ["email:ann@example.org", "phone:+4930123456", "external:crm:17", "device:d-1"])
        #expect(message.handles.map { Handle.kind(ofKey: $0.key) } == [.email, .phone, .external, .device])
        #expect(Handle.kind(ofKey: "e") == nil)
    }

    @Test func `traits of a group are the group's`() {
        let message = Message(
            kind: .group, messageID: "m", userID: "u", groupID: "g", time: Timestamp(milliseconds: 0),
            context: JSONObject([("traits", ["email": "ann@example.org"])]),
            traits: JSONObject([("email", "office@example.org")]))
        #expect(message.handles.isEmpty)
    }
}
