import EventModel
import HTTPTypes
import Membership
import Testing

@testable import Server

/// Segments over HTTP: sizes, members, changes, previews, versions, profiles and why.
struct SegmentTests {
    private static let definitions = """
        segment buyers "Buyers": did "Order Completed"
        segment quiet: in segment buyers and did not "Order Completed" in last 30 days
        """

    private func served() async throws -> Served {
        let served = try Served()
        served.definitions.put(Self.definitions)
        try await served.server.segments.load()
        return served
    }

    private func order(_ served: Served, _ user: String) async throws {
        let body = """
            {"event": "Order Completed", "userId": "\(user)", "messageId": "o-\(user)",
             "properties": {"order_id": "\(user)", "revenue": 20}}
            """
        _ = try await served.post("/v1/track", body)
        try await served.server.segments.memberships.catchUp()
    }

    private func get(_ served: Served, _ path: String) async throws -> Served.Answer {
        try await served.send(.get, path, [], secret(served))
    }

    private func secret(_ served: Served) -> [String: String] {
        ["Authorization": "Bearer \(served.keys.secret)", "Content-Type": "text/plain"]
    }

    @Test func `an order that was acknowledged makes a member, and time alone makes another`() async throws {
        let served = try await served()
        try await order(served, "ada")
        #expect(try await get(served, "/v1/segments/buyers/members")["members"] == ["ada"])
        #expect(try await get(served, "/v1/segments/quiet/members")["members"] == [])

        served.clock.advance(milliseconds: 31 * 86_400_000)
        try await served.server.segments.memberships.catchUp()
        #expect(try await get(served, "/v1/segments/quiet/members")["members"] == ["ada"])
        let changes = try await get(served, "/v1/segments/quiet/changes")["changes"]?.elements ?? []
        #expect(changes.count == 2)
        let entry = changes.last?.object
        #expect(entry?["change"] == "entered")
        #expect(entry?["cause"] == ["type": "clock"])
        let turn = Served.now.adding(milliseconds: 30 * 86_400_000)
        #expect(entry?["at"] == .time(turn))
    }

    @Test func `an order's change names the message that caused it`() async throws {
        let served = try await served()
        try await order(served, "ada")
        let answer = try await get(served, "/v1/segments/buyers/changes?after=1")
        let entry = answer["changes"]?.elements?.first?.object
        #expect(entry?["profile"] == "ada")
        #expect(entry?["cause"] == ["type": "message", "messageId": "o-ada", "event": "Order Completed"])
        #expect(answer["next"] == 2)
    }

    @Test func `members as of a day are those of that day`() async throws {
        let served = try await served()
        try await order(served, "ada")
        let before = Served.now.adding(milliseconds: -1_000).iso8601
        #expect(try await get(served, "/v1/segments/buyers/members?as_of=\(before)")["members"] == [])
        let wrong = try await get(served, "/v1/segments/buyers/members?as_of=soon")
        #expect(wrong.status == 400)
        #expect(wrong.code == "bad-parameter")
    }

    @Test func `members come in pages`() async throws {
        let served = try await served()
        for user in ["a", "b", "c"] { try await order(served, user) }
        let first = try await get(served, "/v1/segments/buyers/members?limit=2")
        #expect(first["members"] == ["a", "b"])
        let next = first["next"].map { JSONWriter.text(of: $0) } ?? ""
        #expect(try await get(served, "/v1/segments/buyers/members?after=\(next)")["members"] == ["c"])
    }

    @Test func `a preview counts who would come and go, and changes nothing`() async throws {
        let served = try await served()
        try await order(served, "ada")
        let text = Array("segment buyers: did \"Order Completed\" at least 2 times".utf8)
        let answer = try await served.send(.post, "/v1/segments:preview", text, secret(served))
        let segment = answer["segments"]?.elements?.first?.object
        #expect(segment?["size"] == 0)
        #expect(segment?["leaving"] == 1)
        #expect(segment?["entering"] == 0)
        #expect(try await get(served, "/v1/segments/buyers")["size"] == 1)
    }

    @Test func `a saved definition answers at once, keeps its log, and its versions are kept`() async throws {
        let served = try await served()
        try await order(served, "ada")
        let text = Array("segment buyers: did \"Order Completed\" at least 2 times".utf8)
        let saved = try await served.send(.put, "/v1/segments/buyers", text, secret(served))
        #expect(saved["version"] == 2)
        #expect(saved["size"] == 0)
        let versions = try await get(served, "/v1/segments/buyers/versions")["versions"]?.elements ?? []
        #expect(versions.count == 2)
        let last = try await get(served, "/v1/segments/buyers/changes")["changes"]?.elements?.last?.object
        #expect(last?["change"] == "left")
        #expect(last?["cause"] == ["type": "definition"])
    }

    @Test func `a definition with an error is refused with where it is`() async throws {
        let served = try await served()
        let text = Array("segment x: did".utf8)
        let answer = try await served.send(.put, "/v1/segments/x", text, secret(served))
        #expect(answer.status == 422)
        #expect(answer.code == "bad-definition")
        #expect(answer["details"]?.object?["problems"]?.elements?.isEmpty == false)
    }

    @Test func `a segment that others refer to stays`() async throws {
        let served = try await served()
        #expect(try await served.send(.delete, "/v1/segments/buyers", [], secret(served)).code == "segment-in-use")
        #expect(try await served.send(.delete, "/v1/segments/quiet", [], secret(served)).status == 200)
        #expect(try await get(served, "/v1/segments/quiet").code == "unknown-segment")
    }

    @Test func `a profile says its segments, since when, and until when that is sure`() async throws {
        let served = try await served()
        try await order(served, "ada")
        let answer = try await get(served, "/v1/profiles/ada")
        let segment = answer["segments"]?.elements?.first?.object
        #expect(segment?["name"] == "buyers")
        #expect(segment?["since"] == .time(Served.now))
        #expect(answer["validUntil"] == .time(Served.now.adding(milliseconds: 30 * 86_400_000)))
        let why = try await get(served, "/v1/profiles/ada/explain?segment=quiet")
        #expect(why["member"] == false)
        #expect(why["explanation"] != nil)
        #expect(try await get(served, "/v1/profiles/nobody").code == "unknown-profile")
    }

    @Test func `a write key reads nothing`() async throws {
        let served = try await served()
        for path in ["/v1/segments", "/v1/segments/buyers/members", "/v1/segments/buyers/changes", "/v1/profiles/ada"] {
            let answer = try await served.send(.get, path, [], ["Authorization": served.basic])
            #expect(answer.status == 403, "\(path)")
        }
    }
}
