import Dashboard
import EventModel
import HTTPTypes
import Testing

@testable import Server

struct PageTests {
    @Test func `every page forbids what it does not need`() async throws {
        let served = try Served()
        let fields = try served.signedIn(served.user("ann@shop.example", .admin))
        var nonces: Set<String> = []
        var pages = 0
        for (method, path, description) in served.server.described where description.access.isPage && path != "/logout"
        {
            var fields = path == "/login" || path == "/setup" ? [:] : fields
            if method == .post { fields.merge(Served.ownOrigin) { $1 } }
            let answer = try await served.send(method, path, [], fields)
            #expect(answer.headers[.cacheControl] == "no-store", "\(method) \(path)")
            guard answer.status != 303 else { continue }
            pages += 1
            let policy = try #require(answer.headers[.contentSecurityPolicy], "\(method) \(path)")
            for rule in [
                "default-src 'none'", "style-src 'self';", "object-src 'none'", "base-uri 'none'",
                "frame-ancestors 'none'",
            ] {
                #expect(policy.contains(rule), "\(method) \(path)")
            }
            #expect(!policy.contains("unsafe"))
            let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([^']+)'/)?.output.1)
            #expect(nonces.insert(String(nonce)).inserted, "a nonce is used once")
            #expect(answer.headers[.referrerPolicy] == "same-origin" && answer.headers[.xFrameOptions] == "DENY")
            #expect(answer.headers[HTTPField.Name("X-Content-Type-Options") ?? .accept] == "nosniff")
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            // Everything that runs or colours is ours, and nothing stands in attributes.
            #expect(answer.page.matches(of: /<(script|style)>/).isEmpty)
            #expect(answer.page.matches(of: /\son[a-z]+=|style=|javascript:/).isEmpty)
            #expect(answer.page.contains("<html lang=\"en\">") && answer.page.contains("<main id=\"main\">"))
            for match in answer.page.matches(of: /<input id="([a-z]+)" name/) {
                #expect(answer.page.contains("<label for=\"\(match.output.1)\">"), "every field has a label")
            }
        }
        #expect(pages >= 7)
    }

    @Test func `a name is shown as text, whatever it is`() async throws {
        let served = try Served()
        let name = "<script>alert(1)</script> \" ' & <b>"
        let users = served.server.users
        let address = try #require(EmailAddress("\"><img/src=x>@shop.example"))
        let user = try users.add(address, name: #require(User.name(name)), role: .viewer, by: .command)
        let hash = try PasswordHash(of: "x", cost: served.server.signIn.hasher.cost, salt: [1])
        _ = try users.setPassword(hash, of: user, "password-chosen", by: .command)
        let page = try await served.send(.get, "/", [], served.signedIn(user)).page
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot; &#39; &amp; &lt;b&gt;"))
        #expect(!page.contains("<script>") && !page.contains("<img"))
    }

    @Test func `HTML escapes what is put into it, once`() {
        let inner: HTML = "<b>\("<i>")</b>"
        let outer: HTML = "<p title=\"\("\"'&")\">\(inner)\("\u{0}")</p>"
        #expect(outer.text == "<p title=\"&quot;&#39;&amp;\"><b>&lt;i&gt;</b>\u{FFFD}</p>")
    }

    @Test func `the page of the API says what there is for programs`() async throws {
        let served = try Served()
        let fields = try served.signedIn(served.user("ann@shop.example", .viewer))
        let api = try await served.send(.get, "/api", [], fields).page
        #expect(api.contains("/v1/segments/{name}/members") && !api.contains("/choose-password"))
        #expect(api.contains("href=\"/openapi.json\"") && api.contains("action=\"/logout\""))
    }

    @Test func `a form that is none is refused with a page`() async throws {
        let served = try Served()
        for (body, type, status) in [
            ("{}", "application/json", 400), ("email=%ZZ", "application/x-www-form-urlencoded", 400),
            ("email=%FF", "application/x-www-form-urlencoded", 400),
            ("a=1&a=2", "application/x-www-form-urlencoded", 400),
            (String(repeating: "x", count: 20_000), "application/x-www-form-urlencoded", 413),
        ] {
            let answer = try await served.send(
                .post, "/login", Array(body.utf8), ["Origin": "http://shop.example", "Content-Type": type])
            #expect(answer.status == status && answer.page.contains("That did not work"), "\(body.prefix(20))")
        }
        let fields = try FormFields(Array("a=x+y%20z%c3%A9&b=&c&d=1=2".utf8))
        #expect(fields["a"] == "x y zé" && fields["b"] == "" && fields["c"] == "" && fields["d"] == "1=2")
    }
}
