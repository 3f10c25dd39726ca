import EventModel
import HTTPTypes
import Testing

@testable import Server

struct LoginThrottleTests {
    private let clock = ManualClock(Served.now)

    private func wait(_ throttle: LoginThrottle, _ email: String, from address: String? = nil) -> Int? {
        do throws(APIError) {
            try throttle.begin(EmailAddress(email), from: address)
            return nil
        } catch {
            #expect(error.code == "too-many-attempts" && error.status.code == 429)
            return error.retryAfter
        }
    }

    @Test func `waits of an account double up to a minute`() {
        let throttle = LoginThrottle(clock: clock)
        for _ in 0..<5 { #expect(wait(throttle, "ann@shop") == nil) }
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            #expect(wait(throttle, "ANN@shop") == seconds)
            clock.advance(milliseconds: Int64(seconds) * 1_000 - 1)
            #expect(wait(throttle, "ann@shop") == 1)
            clock.advance(milliseconds: 1)
            #expect(wait(throttle, "ann@shop") == nil)
        }
        clock.advance(milliseconds: 3_600_000)
        for _ in 0..<5 { #expect(wait(throttle, "ann@shop") == nil) }
    }

    @Test func `an address waits whatever accounts it tries, and a whole network of IPv6 is one`() {
        let throttle = LoginThrottle(clock: clock)
        for index in 0..<20 { #expect(wait(throttle, "user\(index)@shop", from: "2001:db8:1:2::\(index)") == nil) }
        #expect(wait(throttle, "another@shop", from: "2001:db8:1:2:3:4:5:6") == 1)
        #expect(wait(throttle, "another@shop", from: "2001:db8:1:3::1") == nil)
        #expect(LoginThrottle.network("::1") == "0:0:0:0::/64")
        #expect(LoginThrottle.network("192.0.2.7") == "192.0.2.7")
        #expect(LoginThrottle.network("::ffff:192.0.2.7") == "::ffff:192.0.2.7")
    }

    @Test func `success is no failure`() {
        let throttle = LoginThrottle(clock: clock)
        for _ in 0..<100 {
            #expect(wait(throttle, "ann@shop", from: "192.0.2.7") == nil)
            throttle.succeed(EmailAddress("ann@shop"), from: "192.0.2.7")
        }
    }

    @Test func `a clock that is set back lengthens no wait`() {
        let throttle = LoginThrottle(clock: clock)
        for _ in 0..<5 { #expect(wait(throttle, "ann@shop") == nil) }
        clock.advance(milliseconds: -10 * 3_600_000)
        #expect(wait(throttle, "ann@shop") == 1)
    }

    @Test func `it remembers a bounded number`() {
        let throttle = LoginThrottle(clock: clock)
        for index in 0..<50_000 {
            _ = wait(throttle, "user\(index)@shop")
            clock.advance(milliseconds: 1)
        }
        #expect(throttle.count <= LoginThrottle.most + 1)
    }

    @Test func `a wrong password, an unknown user and a disabled one get the same answer`() async throws {
        let served = try Served()
        _ = try served.user("ann@shop.example", .viewer)
        let bob = try served.user("bob@shop.example", .viewer)
        _ = try served.server.users.setDisabled(true, bob, by: .command)
        _ = try served.server.users.add(
            #require(EmailAddress("new@shop.example")), name: "N", role: .viewer, by: .command)
        func page(_ email: String, _ password: String) async throws -> String {
            let (answer, cookie) = try await served.login(email, password)
            #expect(answer.status == 401 && cookie == nil)
            return answer.page.replacing(email, with: "…").replacing(/nonce="[^"]*"/, with: "")
        }
        let wrong = try await page("ann@shop.example", "wrong one")
        #expect(wrong.contains("E-mail address or password is wrong."))
        #expect(try await page("nobody@shop.example", Served.password) == wrong)
        #expect(try await page("bob@shop.example", Served.password) == wrong)
        #expect(try await page("new@shop.example", Served.password) == wrong)
        #expect(try await page("no address", Served.password) == wrong)
        #expect(try await page("ann@shop.example", String(repeating: "x", count: 4_000)) == wrong)
    }

    @Test func `after failures also the right password waits, and then works`() async throws {
        let served = try Served()
        _ = try served.user("ann@shop.example", .viewer)
        for _ in 0..<5 { _ = try await served.login("ann@shop.example", "wrong one") }
        let (answer, cookie) = try await served.login("ann@shop.example")
        #expect(answer.status == 429 && answer.headers[.retryAfter] == "1" && cookie == nil)
        #expect(answer.page.contains("value=\"ann@shop.example\""))
        served.clock.advance(milliseconds: 1_000)
        #expect(try await served.login("ann@shop.example").answer.status == 303)
        #expect(try served.actions().count { $0 == "login-failed" } == 5)
    }
}
