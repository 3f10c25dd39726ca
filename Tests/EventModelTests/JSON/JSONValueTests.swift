import EventModel
import Testing

@Suite struct JSONValueTests {
    @Test func `the last of two members with one key counts and both are kept`() throws {
        let object = try #require(try JSONReader.parse(#"{"a":1,"b":2,"a":3}"#).object)
        #expect(object["a"] == 3)
        #expect(object.count == 3)
        #expect(object.hasDuplicateKeys)
        #expect(object.firstDuplicateKey == "a")
        #expect(object.effectiveMembers.map(\.key) == ["b", "a"])
        #expect(JSONValue.object(object) == ["b": 2, "a": 3])
        #expect(JSONWriter.text(of: .object(object)) == #"{"a":1,"b":2,"a":3}"#)
    }

    @Test func `keys are the same only by their scalars`() throws {
        let object = try #require(try JSONReader.parse("{\"\u{E9}\":1,\"e\u{301}\":2}").object)
        #expect(!object.hasDuplicateKeys)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test func `many keys are searched for duplicates too`() {
        var members = (0..<100).map { (key: Text("key\($0)"), value: JSONValue.number(Decimal128($0))) }
        #expect(!JSONObject(members).hasDuplicateKeys)
        members.append((key: "key50", value: .null))
        #expect(JSONObject(members).firstDuplicateKey == "key50")
        #expect(JSONObject(members)["key50"] == .null)
        #expect(JSONObject(members).effectiveMembers.count == 100)
    }

    @Test func `setting replaces in place, drops doubles, and nil removes`() throws {
        var object = try #require(try JSONReader.parse(#"{"a":1,"b":2,"a":3,"c":4}"#).object)
        object["a"] = 9
        #expect(JSONWriter.text(of: .object(object)) == #"{"b":2,"a":9,"c":4}"#)
        object["d"] = .null
        object["b"] = nil
        #expect(JSONWriter.text(of: .object(object)) == #"{"a":9,"c":4,"d":null}"#)
    }

    @Test func `the order of members does not matter to equality, that of elements does`() throws {
        let left: JSONValue = ["a": 1, "b": [1, 2]]
        let right: JSONValue = ["b": [1, 2], "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": [2, 1]])
        #expect(left != ["a": 1])
        #expect(left != ["a": 1, "b": [1, 2], "c": .null])
        #expect(JSONValue.string("17") != 17)
        #expect(try JSONReader.parse("[1.0]") == [1])
    }

    @Test func `two scalars are the same entity when their texts are`() throws {
        #expect(JSONValue.number(17).identity == "17")
        #expect(try JSONReader.parse("17.0").identity == "17")
        #expect(try JSONReader.parse("0.50").identity == "0.5")
        #expect(try JSONReader.parse("1e3").identity == "1000")
        #expect(JSONValue.string("17").identity == "17")
        #expect(JSONValue.string("17.0").identity == "17.0")
        #expect(JSONValue.string("017").identity == "017")
        #expect(JSONValue.string("").identity == "")
        #expect(JSONValue.bool(true).identity == "true")
        #expect(JSONValue.bool(false).identity == "false")
        #expect(JSONValue.null.identity == nil)
        #expect(JSONValue.array([]).identity == nil)
        #expect(JSONValue.object(JSONObject()).identity == nil)
    }

    @Test func `a string that is entirely a JSON number counts as that number`() {
        #expect(JSONValue.string("12.50").numeric == Decimal128(jsonNumber: "12.5"))
        #expect(JSONValue.string(" 12").numeric == nil)
        #expect(JSONValue.string("12 EUR").numeric == nil)
        #expect(JSONValue.string("1,5").numeric == nil)
        #expect(JSONValue.string("12345678901234567890123456789012345").numeric == nil)
        #expect(JSONValue.string("1e7000").numeric == nil)
        #expect(JSONValue.bool(true).numeric == nil)
        #expect(JSONValue.string("true").boolean == true)
        #expect(JSONValue.string("True").boolean == nil)
        #expect(JSONValue.number(1).boolean == nil)
    }

    @Test func `texts are written with what must be escaped and nothing else`() {
        let text = JSONValue.string("a\"b\\c/d\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}\u{2028}é😀")
        #expect(JSONWriter.text(of: text) == #""a\"b\\c/d\b\f\n\r\t\u0001\u001f"# + "\u{7F}\u{2028}é😀\"")
    }

    @Test func `pretty text has a member a line`() throws {
        let value: JSONValue = ["a": [1, [:], []], "b": ["c": .null]]
        let pretty = JSONWriter.text(of: value, layout: .pretty)
        #expect(
            pretty == """
                {
                  "a": [
                    1,
                    {},
                    []
                  ],
                  "b": {
                    "c": null
                  }
                }
                """)
        #expect(try JSONReader.parse(pretty) == value)
    }
}
