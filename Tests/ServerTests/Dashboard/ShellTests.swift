import Dashboard
import EventModel
import HTTPTypes
import Testing

@testable import Server

struct ShellTests {
    @Test func `an ended session leads back to where it ended`() async throws {
        let shop = try await Shop()
        let asked = try await shop.served.send(.get, "/segments/buyers/members?q=a%20b&page=2")
        let login = try #require(asked.headers[.location])
        #expect(login == "/login?back=%2Fsegments%2Fbuyers%2Fmembers%3Fq%3Da%2520b%26page%3D2")
        let page = try await shop.served.send(.get, login).page
        #expect(page.contains("name=\"back\" value=\"/segments/buyers/members?q=a%20b&amp;page=2\""))
        let wrong = try await shop.served.form(
            "/login", ["email": "ann@shop.example", "password": "no", "back": "/segments?x=1"])
        #expect(wrong.page.contains("value=\"/segments?x=1\""), "also after a mistake")
        let done = try await shop.served.form(
            "/login", ["email": "ann@shop.example", "password": Served.password, "back": "/segments?x=1"])
        #expect(done.status == 303 && done.headers[.location] == "/segments?x=1")
        var fields = Served.ownOrigin
        fields["Referer"] = "http://shop.example/segments/new"
        let form = try await shop.served.form("/segments/new", ["definition": "x"], fields)
        #expect(form.headers[.location] == "/login?back=%2Fsegments%2Fnew&unsaved")
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "evil", "", "/", "/login", "/logout",
        "/login?back=/x", "/a b", "/" + String(repeating: "x", count: 3_000),
    ])
    func `nobody is led to another site`(back: String) async throws {
        #expect(ReturnPath(back) == nil)
        let shop = try await Shop()
        let done = try await shop.served.form(
            "/login", ["email": "ann@shop.example", "password": Served.password, "back": back])
        #expect(done.headers[.location] == "/")
    }

    @Test func `assets are kept for ever, compressed for whoever takes that`() async throws {
        let served = try Served()
        for asset in Assets.shared.all {
            let plain = try await served.send(.get, asset.path)
            #expect(plain.status == 200 && plain.headers[.contentEncoding] == nil)
            #expect(plain.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(plain.headers[.vary] == "Accept-Encoding" && plain.headers[.contentType] == asset.type)
            let packed = try await served.send(.get, asset.path, [], ["Accept-Encoding": "br, gzip"])
            #expect(packed.headers[.contentEncoding] == "gzip")
        }
        #expect(try await served.send(.get, "/assets/dashboard.css").status == 404)
        #expect(try await served.send(.get, "/assets/..%2Fservice.db").status == 404)
    }

    @Test func `what is not there is a page for people and JSON for programs`() async throws {
        let served = try Served()
        let page = try await served.send(.get, "/nowhere", [], ["Accept": "text/html,*/*"])
        #expect(page.status == 404 && page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.page.contains("There is nothing here") && page.headers[.contentSecurityPolicy] != nil)
        #expect(try await served.send(.get, "/nowhere").code == "not-found")
    }

    @Test func `every page marks where one is`() async throws {
        let shop = try await Shop()
        for (path, place) in [("/", "Overview"), ("/segments", "Segments"), ("/profiles", "Profiles")] {
            let page = try await shop.page(path).page
            let marked = page.matches(of: /aria-current="page">.*?<\/svg>([A-Z][a-z]+)</).map { String($0.output.1) }
            #expect(marked == [place, place], "in both menus")
            #expect(page.matches(of: /<h1>/).count == 1 && page.contains("class=\"skip\""))
        }
    }
}
