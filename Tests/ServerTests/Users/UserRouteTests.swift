import EventModel
import HTTPTypes
import TestSupport
import Testing

@testable import Server

/// `/v1/users` and `/v1/audit`, asked by an admin who is signed in.
struct UserRouteTests {
    private let served: Served
    private let admin: User

    init() throws {
        served = try Served()
        admin = try served.user("ann@shop.example", .admin)
    }

    private func send(_ method: HTTPRequest.Method, _ path: String, _ body: String = "") async throws -> Served.Answer {
        try await served.send(method, path, Array(body.utf8), served.signedIn(admin))
    }

    @Test func `a user is made, gets a link, signs in, is given another role and disabled`() async throws {
        let made = try await send(
            .post, "/v1/users", #"{"email":"Bob@shop.example","role":"viewer","name":" Bob  B "}"#)
        #expect(made.status == 200 && made["name"] == "Bob B" && made["password"] == false)
        let id = try #require(made["id"]?.decimal?.asInt())
        let link = try #require(made["link"]?.text?.string)
        let token = try #require(link.split(separator: "#").last)
        #expect(link.hasPrefix("http://shop.example/choose-password#") && token.count == 43)

        let chosen = try await served.form(
            "/choose-password", ["code": String(token), "password": "another small fish"])
        let cookie = try #require(served.cookie(of: chosen))
        func mayRead() async throws -> Bool { try await served.get("/v1/segments", cookie: cookie).status == 200 }
        #expect(try await mayRead())
        #expect(try await send(.patch, "/v1/users/\(id)", "{}")["role"] == "viewer")
        #expect(try await mayRead())
        #expect(try await send(.patch, "/v1/users/\(id)", #"{"role":"editor"}"#)["role"] == "editor")
        #expect(try await !mayRead())
        #expect(try await send(.patch, "/v1/users/\(id)", #"{"disabled":true}"#)["disabled"] == true)
        #expect(try await served.login("bob@shop.example", "another small fish").answer.status == 401)
        #expect(try await send(.patch, "/v1/users/\(id)", #"{"disabled":false}"#)["disabled"] == false)
        #expect(try await served.login("bob@shop.example", "another small fish").answer.status == 303)
        #expect(try await send(.get, "/v1/users")["users"]?.elements?.count == 2)
        #expect(try await send(.post, "/v1/users/\(id)/link")["link"] != nil)
    }

    @Test(arguments: [
        (#"{"email":"bob@shop.example"}"#, 400, "bad-user"), (#"{"role":"viewer"}"#, 400, "bad-email"),
        (#"{"email":"bob","role":"viewer"}"#, 400, "bad-email"), (#"{"email":7,"role":"viewer"}"#, 400, "bad-user"),
        (#"{"email":"bob@shop.example","role":"root"}"#, 400, "bad-user"),
        (#"{"email":"bob@shop.example","role":"viewer","name":" "}"#, 400, "bad-name"),
        (#"{"email":"ANN@shop.example","role":"viewer"}"#, 409, "email-taken"), ("[]", 400, "invalid-json"),
    ])
    func `a user that makes no sense is refused with a code`(body: String, status: Int, code: String) async throws {
        let answer = try await send(.post, "/v1/users", body)
        #expect(answer.status == status && answer.code == code)
        #expect(served.server.users.all.count == 1)
    }

    @Test func `nobody takes the last admin away, and nobody changes who is not there`() async throws {
        for body in [#"{"disabled":true}"#, #"{"role":"viewer"}"#] {
            let answer = try await send(.patch, "/v1/users/\(admin.id)", body)
            #expect(answer.status == 409 && answer.code == "last-admin")
        }
        for id in ["99", "x", "-1", "99999999999999999999"] {
            #expect(try await send(.patch, "/v1/users/\(id)", "{}").code == "unknown-user")
            #expect(try await send(.post, "/v1/users/\(id)/link").code == "unknown-user")
        }
    }

    @Test func `the audit log says who did what, in pages`() async throws {
        let body = Array("segment buyers: did \"Order Completed\"".utf8)
        _ = try await served.send(.put, "/v1/segments/buyers", body, served.signedIn(admin))
        let made = try await served.send(
            .post, "/v1/webhooks", Array(#"{"url":"https://shop.example/hook"}"#.utf8),
            ["Authorization": "Bearer \(served.keys.secret)"])
        // What is refused is not done.
        _ = try await served.send(.put, "/v1/segments/other", body, served.signedIn(admin))
        _ = try await served.login("ann@shop.example", "wrong one")
        _ = try await served.login("my secret passphrase", "wrong one")

        var entries: [JSONObject] = []
        var next = 0
        while true {
            let answer = try await send(.get, "/v1/audit?limit=2&after=\(next)")
            let page = answer["entries"]?.elements?.compactMap(\.object) ?? []
            if page.isEmpty { break }
            #expect(page.count <= 2)
            entries += page
            next = try #require(answer["next"]?.decimal?.asInt())
        }
        let told = entries.map { entry in
            [entry["actor"]?.object?["kind"], entry["actor"]?.object?["name"], entry["action"], entry["object"]]
                .map { $0?.text?.string ?? "–" }.joined(separator: " ")
        }
        let id = try #require(made["id"]?.text?.string)
        #expect(
            told.suffix(4) == [
                "user ann@shop.example segment-saved buyers", "key server webhook-made \(id)",
                "nobody  login-failed ann@shop.example", "nobody  login-failed –",
            ])
        #expect(told.first?.hasPrefix("command  key-made web (shoal_wk_") == true)
        #expect(entries.allSatisfy { $0["time"] == .time(Served.now) })
    }

    @Test func `a secret key neither reads the audit log nor makes users`() async throws {
        let fields = ["Authorization": "Bearer \(served.keys.secret)"]
        #expect(try await served.send(.get, "/v1/audit", [], fields).code == "session-needed")
        #expect(try await served.send(.get, "/v1/users", [], fields).code == "session-needed")
        #expect(try await served.send(.get, "/v1/users", [], [:]).code == "sign-in-needed")
    }

    @Test func `failed sign-ins are bounded, and everything else stays`() throws {
        let directory = try TemporaryDirectory()
        let database = try ServiceDatabase(in: directory.path)
        let audit = AuditLog(database, clock: ManualClock(Served.now), mostFailures: 100)
        try audit.append("set-up", "ann@shop.example", by: .command)
        for _ in 0..<2_000 { try audit.append("login-failed", by: .nobody(address: nil)) }
        let actions = try audit.entries(after: 0, limit: 5_000).map(\.action)
        #expect(actions.first == "set-up")
        #expect((101...1_101).contains(actions.count))
        try database.close()
    }
}
