import EventModel
import EventStore
import HTTPTypes
import TestSupport
import Testing

@testable import Server

/// The first user, and links.
struct SetupTests {
    private let served: Served
    private let token: String

    init() throws {
        served = try Served()
        token = try #require(served.server.setupToken)
    }

    private func setUp(
        code: String? = nil, name: String = "Ann", email: String = "ann@shop.example",
        password: String = Served.password
    ) async throws -> Served.Answer {
        try await served.form(
            "/setup", ["code": code ?? token, "name": name, "email": email, "password": password])
    }

    @Test func `a link sets up the first user, who is signed in and admin`() async throws {
        let answer = try await setUp()
        #expect(answer.status == 303 && answer.headers[.location] == "/")
        let home = try await served.get("/", cookie: served.cookie(of: answer))
        #expect(home.status == 200 && home.page.contains("ann@shop.example, admin"))
        #expect(try await served.login("ANN@shop.example").answer.status == 303)
        #expect(try served.actions() == ["key-made", "key-made", "set-up", "login", "login"])
    }

    @Test func `a link is used once`() async throws {
        _ = try await setUp()
        let again = try await setUp(email: "eve@shop.example")
        #expect(again.status == 303 && again.headers[.location] == "/login" && again.headers[.setCookie] == nil)
        #expect(served.server.users.all.map(\.email.text) == ["ann@shop.example"])
        #expect(try await served.get("/setup", cookie: nil).headers[.location] == "/login")
    }

    @Test func `a link is valid for a day`() async throws {
        served.clock.advance(milliseconds: 24 * 3_600_000 - 1)
        #expect(try await setUp(name: "").status == 422)
        served.clock.advance(milliseconds: 1)
        let late = try await setUp()
        #expect(late.status == 403 && late.page.contains("older than a day"))
        #expect(served.server.users.isEmpty)
    }

    @Test func `another start makes another link, and the old one ends`() async throws {
        let newer = try #require(try served.server.users.makeFirstLink())
        #expect(try await setUp().status == 403)
        #expect(try await setUp(code: newer).status == 303)
        #expect(try served.server.users.makeFirstLink() == nil)
    }

    @Test func `a made-up code is refused before a password is hashed`() async throws {
        for code in ["", "x", token.lowercased(), String(token.dropLast()), token + "A"] {
            #expect(try await setUp(code: code).status == 403, "\(code)")
        }
    }

    @Test func `what is wrong stands next to its field, and what was typed is kept but the password`() async throws {
        let answer = try await setUp(name: " ", email: "<ann>", password: "password1")
        #expect(answer.status == 422)
        #expect(answer.page.contains("id=\"name-wrong\"") && answer.page.contains("id=\"email-wrong\""))
        #expect(answer.page.contains("value=\"&lt;ann&gt;\"") && answer.page.contains("value=\"\(token)\""))
        #expect(answer.page.contains("<title>Error: ") && !answer.page.contains("password1"))
        let weak = try await setUp(password: "password1")
        #expect(weak.status == 422 && weak.page.contains("aria-describedby=\"password-hint password-wrong\""))
        #expect(try await setUp().status == 303)
    }

    @Test func `a user's link gives a password and ends everything that was open`() async throws {
        let users = served.server.users
        let ann = try served.user("ann@shop.example", .editor)
        let old = try served.signedIn(ann)
        let link = try users.makeLink(for: ann, by: .command)
        let newer = try users.makeLink(for: ann, by: .command)
        func choose(_ code: String) async throws -> Served.Answer {
            try await served.form("/choose-password", ["code": code, "password": "another small fish"])
        }
        #expect(try await choose(link).status == 403)
        let answer = try await choose(newer)
        #expect(answer.status == 303)
        #expect(try await served.send(.get, "/v1/segments", [], old).code == "session-ended")
        #expect(try await served.get("/", cookie: served.cookie(of: answer)).status == 200)
        #expect(try await choose(newer).status == 403)
        #expect(try await served.login("ann@shop.example").answer.status == 401)
        #expect(try await served.login("ann@shop.example", "another small fish").answer.status == 303)
    }

    @Test func `a disabled user's link is worth nothing`() async throws {
        let users = served.server.users
        let ann = try served.user("ann@shop.example", .viewer)
        let link = try users.makeLink(for: ann, by: .command)
        _ = try users.setDisabled(true, ann, by: .command)
        #expect(try users.holder(of: link) == nil)
        _ = try users.setDisabled(false, ann, by: .command)
        #expect(try users.holder(of: link) == nil)
    }

    @Test func `users, sessions and links outlive a restart, and no token is on the disk`() throws {
        let directory = try TemporaryDirectory()
        let clock = ManualClock(Served.now)
        var database = try ServiceDatabase(in: directory.path)
        var users = try Users(database, clock: clock, random: SystemRandom())
        let ann = try users.add(#require(EmailAddress("ann@shop.example")), name: "Ann", role: .admin, by: .command)
        let hash = try PasswordHash(of: "x", cost: PasswordCost(logN: 4, blockSize: 1, parallelism: 1), salt: [1])
        _ = try users.setPassword(hash, of: ann, "password-chosen", by: .command)
        let link = try users.makeLink(for: ann, by: .command)
        let token = try users.sessions.begin(ann.id, isSecure: true)
        try database.close()

        let bytes = try FileBytes.read(directory.path + "/service.db")
        for secret in [link, token] { #expect(!bytes.contains(secret)) }
        database = try ServiceDatabase(in: directory.path)
        users = try Users(database, clock: clock, random: SystemRandom())
        #expect(users.all.map(\.email.text) == ["ann@shop.example"])
        #expect(users.user(ann.id)?.password == hash)
        #expect(users.sessions.session(token, isSecure: true)?.user == ann.id)
        guard case .user(let holder)? = try users.holder(of: link) else {
            Issue.record("the link is gone")
            return
        }
        #expect(holder.id == ann.id)
        try database.close()
    }

    @Test func `the last admin who can sign in stays`() throws {
        let users = served.server.users
        let ann = try served.user("ann@shop.example", .admin)
        #expect(throws: UserError.lastAdmin) { try users.setDisabled(true, ann, by: .command) }
        #expect(throws: UserError.lastAdmin) { try users.setRole(.editor, of: ann, by: .command) }
        let bob = try users.add(#require(EmailAddress("bob@shop.example")), name: "Bob", role: .admin, by: .command)
        #expect(throws: UserError.lastAdmin) { try users.setDisabled(true, ann, by: .command) }
        _ = try users.setDisabled(true, bob, by: .command)
        _ = try served.user("cleo@shop.example", .admin)
        #expect(try users.setRole(.editor, of: ann, by: .command).role == .editor)
        #expect(throws: UserError.taken) {
            try users.add(#require(EmailAddress("ANN@shop.example")), name: "Ann", role: .viewer, by: .command)
        }
    }
}
