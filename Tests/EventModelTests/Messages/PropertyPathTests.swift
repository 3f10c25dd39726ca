import EventModel
import Testing

@Suite struct PropertyPathTests {
    @Test func `written paths lead to properties, context and items`() {
        let cases: [([Text], PropertyPath.Scope, [Text], String)] = [
            (["revenue"], .properties, ["revenue"], "revenue"),
            (["properties", "hour"], .properties, ["hour"], "hour"),
            (["properties", "Cart Size"], .properties, ["Cart Size"], "\"Cart Size\""),
            (["products"], .properties, ["products"], "products"),
            (["products", "price"], .items, ["price"], "products.price"),
            (["properties", "products", "price"], .items, ["price"], "products.price"),
            (["properties", "products"], .properties, ["products"], "products"),
            (["products", "meta", "colour"], .items, ["meta", "colour"], "products.meta.colour"),
            (["context", "campaign", "source"], .context, ["campaign", "source"], "context.campaign.source"),
            (["context"], .properties, ["context"], "context"),
            (["properties"], .properties, ["properties"], "properties"),
            (["properties", "context", "x"], .properties, ["context", "x"], "properties.context.x"),
            (["properties", "properties", "x"], .properties, ["properties", "x"], "properties.properties.x"),
            (["a", "b c", "$d"], .properties, ["a", "b c", "$d"], "a.\"b c\".$d"),
            (["9a"], .properties, ["9a"], "\"9a\""),
            (["é"], .properties, ["é"], "\"é\""),
        ]
        for (written, scope, parts, description) in cases {
            let path = PropertyPath(written: written)
            #expect(path.scope == scope, "\(written)")
            #expect(path.parts == parts, "\(written)")
            #expect(path.description == description || path.description == "properties." + description, "\(written)")
        }
        #expect(PropertyPath(.properties, ["products", "x"]) == PropertyPath(.items, ["x"]))
    }

    @Test func `a path leads through objects and through nothing else`() throws {
        let properties = try #require(
            try JSONReader.parse(
                #"{"a":{"b":{"c":1},"n":null,"l":[{"c":2}],"e":""},"a.b":3,"s":"x","products":[{"price":5}]}"#
            ).object)
        #expect(PropertyPath(written: ["a", "b", "c"]).value(in: properties) == 1)
        #expect(PropertyPath(written: ["a", "b"]).value(in: properties) == ["c": 1])
        #expect(PropertyPath(written: ["a.b"]).value(in: properties) == 3)
        #expect(PropertyPath(written: ["a", "n"]).value(in: properties) == nil)
        #expect(PropertyPath(written: ["a", "n", "x"]).value(in: properties) == nil)
        #expect(PropertyPath(written: ["a", "l", "c"]).value(in: properties) == nil)
        #expect(PropertyPath(written: ["a", "l"]).value(in: properties) == [["c": 2]])
        #expect(PropertyPath(written: ["a", "e"]).value(in: properties) == "")
        #expect(PropertyPath(written: ["s", "x"]).value(in: properties) == nil)
        #expect(PropertyPath(written: ["absent"]).value(in: properties) == nil)
        #expect(PropertyPath(written: ["products"]).value(in: properties) == [["price": 5]])
        #expect(PropertyPath(written: ["a", "b", "c"]).value(in: JSONValue.object(properties)) == 1)
        #expect(PropertyPath(written: ["a"]).value(in: JSONValue.null) == nil)
    }
}
