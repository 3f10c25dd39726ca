import EventModel
import HTTPTypes
import Testing

@testable import Server

/// Signing in, and what ends it: ASVS 5.0, chapter 7.
struct SessionTests {
    private static let hour: Int64 = 3_600_000
    private let served: Served
    private let ann: User

    init() throws {
        served = try Served()
        ann = try served.user("ann@shop.example", .viewer)
        _ = try served.user("root@shop.example", .admin)
    }

    private func isOpen(_ cookie: String?) async throws -> Bool {
        try await served.get("/", cookie: cookie).status == 200
    }

    @Test func `a session's cookie is for the server only`() async throws {
        let (answer, cookie) = try await served.login("ann@shop.example")
        #expect(answer.status == 303 && answer.headers[.location] == "/")
        let field = try #require(answer.headers[.setCookie])
        #expect(field.hasSuffix("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"))
        // 256 bits in base64.
        #expect(try #require(cookie).wholeMatch(of: /shoal=[A-Za-z0-9_-]{43}/) != nil)
        #expect(try await isOpen(cookie))
    }

    @Test func `over HTTPS the cookie is bound to the host, and taken with no other name`() async throws {
        let answer = try await served.form(
            "/login", ["email": "ann@shop.example", "password": Served.password], ["Origin": "https://shop.example"])
        let field = try #require(answer.headers[.setCookie])
        #expect(field.hasPrefix("__Host-shoal=") && field.hasSuffix("; Secure"))
        let cookie = try #require(served.cookie(of: answer))
        #expect(try await isOpen(cookie))
        #expect(try await !isOpen(cookie.replacing("__Host-", with: "")))
        let plain = try #require(try await served.login("ann@shop.example").cookie)
        #expect(try await !isOpen("__Host-" + plain))
        // Whoever could plant the plain one gets nowhere with it.
        let both = try await served.get("/", cookie: "\(plain); __Host-shoal=x")
        #expect(both.headers[.location] == "/login")
    }

    @Test func `every sign-in makes another token, and ends the session before it`() async throws {
        let first = try #require(try await served.login("ann@shop.example").cookie)
        let answer = try await served.form(
            "/login", ["email": "ann@shop.example", "password": Served.password], ["Cookie": first])
        let second = try #require(served.cookie(of: answer))
        #expect(first != second)
        #expect(try await !isOpen(first))
        #expect(try await isOpen(second))
        let planted = try await served.form(
            "/login", ["email": "ann@shop.example", "password": Served.password], ["Cookie": "shoal=planted"])
        #expect(served.cookie(of: planted) != "shoal=planted")
    }

    @Test func `a session ends when nothing happens for twelve hours`() async throws {
        let cookie = try await served.login("ann@shop.example").cookie
        for _ in 0..<3 {
            served.clock.advance(milliseconds: 12 * Self.hour - 1)
            #expect(try await isOpen(cookie))
        }
        served.clock.advance(milliseconds: 12 * Self.hour)
        #expect(try await !isOpen(cookie))
    }

    @Test func `a session ends after a week, whatever happens`() async throws {
        let cookie = try await served.login("ann@shop.example").cookie
        for _ in 0..<(7 * 24 - 1) {
            served.clock.advance(milliseconds: Self.hour)
            #expect(try await isOpen(cookie))
        }
        served.clock.advance(milliseconds: Self.hour)
        #expect(try await !isOpen(cookie))
    }

    @Test func `signing out ends the session at once, and the browser forgets the cookie`() async throws {
        let cookie = try #require(try await served.login("ann@shop.example").cookie)
        let other = try await served.login("ann@shop.example").cookie
        let answer = try await served.form("/logout", [:], ["Cookie": cookie])
        #expect(answer.status == 303)
        #expect(answer.headers[.setCookie] == "shoal=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        #expect(try await !isOpen(cookie))
        #expect(try await isOpen(other))
        // Also for the API.
        #expect(try await served.send(.get, "/v1/segments", [], ["Cookie": cookie]).code == "session-ended")
    }

    @Test func `another role, being disabled and another password end all sessions`() async throws {
        let users = served.server.users
        let changes: [(User) throws -> User] = [
            { try users.setRole(.editor, of: $0, by: .command) },
            { try users.setDisabled(true, $0, by: .command) },
            { try users.setDisabled(false, $0, by: .command) },
            { try users.setPassword(#require($0.password), of: $0, "password-changed", by: .command) },
        ]
        var user = ann
        for change in changes {
            let fields = try served.signedIn(user)
            user = try change(user)
            #expect(try await served.send(.get, "/v1/segments", [], fields).code == "session-ended")
            #expect(users.sessions.count(of: user.id) == 0)
        }
    }

    @Test func `a user chooses another password with the one before, and stays signed in only here`() async throws {
        let here = try #require(try await served.login("ann@shop.example").cookie)
        let there = try await served.login("ann@shop.example").cookie
        let wrong = try await served.form("/password", ["current": "x", "new": "another small fish"], ["Cookie": here])
        #expect(wrong.status == 422 && wrong.page.contains("current-wrong"))
        let weak = try await served.form(
            "/password", ["current": Served.password, "new": "password1"], ["Cookie": here])
        #expect(weak.status == 422 && weak.page.contains("new-wrong"))
        let changed = try await served.form(
            "/password", ["current": Served.password, "new": "another small fish"], ["Cookie": here])
        #expect(changed.status == 200)
        #expect(try await !isOpen(here))
        #expect(try await !isOpen(there))
        #expect(try await isOpen(served.cookie(of: changed)))
        #expect(try await served.login("ann@shop.example").answer.status == 401)
    }

    @Test func `a user has a bounded number of sessions; the one used longest ago makes room`() async throws {
        var cookies: [String?] = []
        for _ in 0...Sessions.most {
            cookies.append(try await served.login("ann@shop.example").cookie)
            served.clock.advance(milliseconds: 1_000)
        }
        #expect(served.server.users.sessions.count(of: ann.id) == Sessions.most)
        #expect(try await !isOpen(cookies.first ?? nil))
        #expect(try await isOpen(cookies.last ?? nil))
    }

    @Test func `a page that needs somebody sends others to sign in`() async throws {
        for (path, login) in [("/", "/login"), ("/api", "/login?back=%2Fapi")] {
            let answer = try await served.get(path, cookie: "shoal=made-up")
            #expect(answer.status == 303 && answer.headers[.location] == login, "\(path)")
        }
    }

    @Test func `a hash at another cost is replaced at the next sign-in, and sessions stay`() async throws {
        let dear = PasswordCost(logN: 5, blockSize: 1, parallelism: 1)
        let hash = try PasswordHash(of: Served.password, cost: dear, salt: [1, 2, 3])
        _ = try served.server.users.setPassword(hash, of: ann, "password-chosen", by: .command)
        let first = try await served.login("ann@shop.example").cookie
        #expect(served.server.users.user(ann.id)?.password?.cost == served.server.signIn.hasher.cost)
        #expect(try await served.login("ann@shop.example").answer.status == 303)
        #expect(try await isOpen(first))
    }
}
