import EventModel
import HTTPTypes
import Testing

@testable import Server

struct BuilderTests {
    private func convert(_ shop: Shop, _ body: String) async throws -> Served.Answer {
        var fields = try shop.fields()
        fields["Content-Type"] = "application/json"
        return try await shop.served.send(.post, "/v1/definitions:convert", Array(body.utf8), fields)
    }

    @Test func `text becomes a tree, and the tree the same text`() async throws {
        let shop = try await Shop()
        let text =
            #"segment x "X": did "Order Completed" at least 2 times and not (in segment buyers or net_orders >= 1)"#
        let there = try await convert(shop, JSONWriter.text(of: .object([("text", .text(text))])))
        #expect(there.status == 200 && there["name"] == "x" && there["problems"] == .array([]))
        let tree = try #require(there["tree"])
        let texts = try #require(there["texts"]?.object)
        #expect(texts["/condition/conditions/0"] == #"did "Order Completed" at least 2 times"#)
        #expect(texts["/condition/conditions/1/condition/conditions/0"] == "in segment buyers")
        let back = try await convert(shop, JSONWriter.text(of: .object([("tree", tree)])))
        #expect(back["tree"] == tree)
        let again = try #require(back["text"])
        #expect(try await convert(shop, JSONWriter.text(of: .object([("text", again)])))["tree"] == tree)
    }

    @Test func `what is wrong is said with its place`() async throws {
        let shop = try await Shop()
        let text = try await convert(shop, #"{"text": "segment x: in segment unheard_of"}"#)
        #expect(text.status == 200 && text["problems"]?.elements?.first?.object?["severity"] == "error")
        let tree = try await convert(
            shop,
            #"{"tree": {"segment": "x", "condition": {"type": "and", "conditions": [{"type": "did"}, {"type": "y"}]}}}"#
        )
        let problem = tree["problems"]?.elements?.first?.object
        #expect(problem?["pointer"]?.text?.string.hasPrefix("/condition/conditions/0") == true)
        for body in [#"{}"#, #"{"text": 1}"#, #"{"text": "a", "tree": {}}"#, "[]", #"{"more": 1}"#] {
            #expect(try await convert(shop, body).status == 400, "\(body)")
        }
    }

    @Test func `without scripts a form checks and saves`() async throws {
        let shop = try await Shop()
        #expect(try await shop.page("/segments/new").page.contains("segment new_segment"))
        let typed = "segment big \"Big <spenders>\": net_revenue >= 100"
        let checked = try await shop.form("/segments/new", ["definition": typed, "action": "check"])
        #expect(checked.status == 200 && checked.page.contains("<p class=\"size\">1</p>"))
        #expect(checked.page.contains("Big &lt;spenders&gt;"), "what was typed stays")
        let saved = try await shop.form("/segments/new", ["definition": typed, "action": "save"])
        #expect(saved.status == 303 && saved.headers[.location] == "/segments/big")
        #expect(try shop.served.actions().last == "segment-saved")
        #expect(try await shop.page("/segments/big").page.contains("Big &lt;spenders&gt;"))
        let edit = try await shop.page("/segments/big/edit").page
        #expect(edit.contains("net_revenue &gt;= 100") && edit.contains("Save as a new version"))
        _ = try await shop.form(
            "/segments/big/edit", ["definition": typed.replacing("100", with: "1"), "action": "save"])
        #expect(try await shop.page("/segments/big").page.contains("Version 2"))
    }

    @Test(arguments: [
        ("segment x: in segment unheard_of", "/segments/new"), ("segment x", "/segments/new"), ("", "/segments/new"),
        ("segment buyers: net_orders >= 1", "/segments/new"), ("segment x: net_orders >= 1", "/segments/buyers/edit"),
        ("segment x: net_orders >= 1\nsegment y: net_orders >= 2", "/segments/new"),
    ])
    func `a definition that cannot be saved is shown again with why`(typed: String, path: String) async throws {
        let shop = try await Shop()
        let answer = try await shop.form(path, ["definition": typed, "action": "save"])
        #expect(answer.status == 422 && answer.page.contains("<ul class=\"problems\">"))
        #expect(answer.page.contains("<title>Error: "))
        #expect(try !shop.served.actions().contains("segment-saved"))
    }

    @Test func `a viewer reads and does not build`() async throws {
        let shop = try await Shop(.viewer)
        #expect(try await shop.page("/segments/new").status == 403)
        let typed = "segment big: net_revenue >= 100"
        #expect(try await shop.form("/segments/new", ["definition": typed, "action": "save"]).status == 403)
        #expect(try await shop.page("/segments/big").status == 404)
    }

    @Test func `names and values of the store are offered`() async throws {
        let shop = try await Shop(.viewer)
        func offered(_ query: String) async throws -> [JSONValue] {
            let answer = try await shop.page("/v1/suggestions?\(query)")
            return answer["suggestions"]?.elements?.compactMap { $0.object?["value"] } ?? []
        }
        #expect(try await offered("kind=events") == ["Order Completed", "Product Viewed"])
        #expect(try await offered("kind=traits").contains("country"))
        let properties = try await offered("kind=properties&event=Order%20Completed")
        #expect(Set(properties).isSuperset(of: ["revenue", "order_id", "products.category"]))
        #expect(try await offered("kind=values&event=Order%20Completed&property=products.category") == ["Fish"])
        #expect(try await shop.page("/v1/suggestions?kind=x").status == 400)
        #expect(try await shop.page("/v1/suggestions?kind=values&event=E").status == 400)
    }
}
