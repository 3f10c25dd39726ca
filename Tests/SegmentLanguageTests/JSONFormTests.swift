import EventModel
import SegmentLanguage
import TestSupport
import Testing

@Suite struct `The JSON form is strict and documented` {
    static let schema: SchemaValidator? = {
        guard let text = try? packageFile("docs/segment-definition.schema.json"),
            let value = try? JSONReader.parse(text)
        else { return nil }
        return SchemaValidator(schema: value)
    }()

    @Test(arguments: UInt64(1)...60) func `every encoded tree fits the schema`(_ seed: UInt64) throws {
        let schema = try #require(Self.schema)
        for definition in `Forms convert without loss`.definitions(seed) {
            let json = JSONForm.encode(definition)
            #expect(schema.problem(with: json) == nil, "\(json)")
        }
    }

    @Test func `a definition looks like this`() throws {
        let definition = try definition(
            "segment vip \"VIPs\": did \"Order Completed\" at least 2 times where revenue > 10 in last 7 days")
        let text = """
            {"segment":"vip","title":"VIPs","condition":{"type":"did","events":"Order Completed","where":\
            {"type":"compare","left":{"type":"property","property":{"path":["revenue"]}},"comparison":">","right":10},\
            "window":{"type":"in-last","duration":{"amount":7,"unit":"days"}},\
            "count":{"bound":"at-least","number":2,"unit":"times"}}}
            """
        #expect(JSONWriter.text(of: JSONForm.encode(definition)) == text)
        #expect(try JSONForm.parse(Array(text.utf8)) == [definition])
    }

    static let broken: [(String, String, DiagnosticCode)] = [
        ("5", "", .invalidTree), ("{}", "", .invalidTree), ("not json", "", .invalidTree),
        ("{\"segment\":\"Big\",\"condition\":{\"type\":\"not\"}}", "/segment", .invalidName),
        ("{\"segment\":5,\"condition\":{}}", "/segment", .invalidTree),
        ("{\"segment\":\"a\"}", "", .invalidTree), ("{\"segment\":\"a\",\"condition\":{}}", "/condition", .invalidTree),
        ("{\"segment\":\"a\",\"condition\":{\"type\":\"did\"},\"x\":1}", "/x", .invalidTree),
        ("{\"segment\":\"a\",\"segment\":\"b\",\"condition\":{}}", "/segment", .invalidTree),
        ("{\"segment\":\"a\",\"condition\":{\"type\":\"dit\"}}", "/condition/type", .invalidTree),
        (
            "{\"segment\":\"a\",\"condition\":{\"type\":\"and\",\"conditions\":[]}}", "/condition/conditions",
            .invalidTree
        ),
        (
            "{\"segment\":\"a\",\"condition\":{\"type\":\"and\",\"conditions\":[{\"type\":\"did-not\",\"events\":\"A\"},5]}}",
            "/condition/conditions/1", .invalidTree
        ),
        (
            "{\"segment\":\"a\",\"condition\":{\"type\":\"did\",\"events\":\"A\",\"count\":{\"bound\":\"at-least\",\"number\":-1}}}",
            "/condition/count/number", .invalidCount
        ),
        (
            "{\"segment\":\"a\",\"condition\":{\"type\":\"did\",\"events\":\"A\",\"window\":{\"type\":\"in-last\",\"duration\":{\"amount\":-1,\"unit\":\"days\"}}}}",
            "/condition/window/duration", .invalidDuration
        ),
        (
            "{\"segment\":\"a\",\"condition\":{\"type\":\"did\",\"events\":\"A\",\"window\":{\"type\":\"before\",\"time\":\"2026-02-30\"}}}",
            "/condition/window/time", .invalidTime
        ),
        (
            "{\"segment\":\"a\",\"condition\":{\"type\":\"did\",\"events\":{\"type\":\"any-of\",\"names\":[]}}}",
            "/condition/events/names", .invalidTree
        ),
        (
            "{\"definitions\":[{\"metric\":\"a\",\"value\":{\"type\":\"property\",\"property\":{\"path\":[]}}}]}",
            "/definitions/0/value/property/path", .invalidTree
        ),
        ("{\"metric\":\"a\",\"value\":null}", "", .invalidTree),
        ("{\"metric\":\"a\",\"value\":{\"type\":\"a/b~c\",\"x\":1}}", "/value/type", .invalidTree),
        ("{\"metric\":\"a\",\"value\":{\"type\":\"now\",\"a/b~c\":1}}", "/value/a~1b~0c", .invalidTree),
    ]

    @Test(arguments: broken)
    func `what is no tree is refused with its place`(_ json: String, _ pointer: String, _ code: DiagnosticCode) {
        let error = #expect(throws: JSONFormError.self) { try JSONForm.parse(Array(json.utf8)) }
        #expect(error?.pointer == pointer)
        #expect(error?.code == code)
    }

    @Test func `names are canonical and joins flat, as in text`() throws {
        let did = "{\"type\":\"did\",\"events\":\"completed order\"}"
        let json =
            "{\"segment\":\"a\",\"condition\":{\"type\":\"and\",\"conditions\":[\(did),{\"type\":\"and\",\"conditions\":[\(did),\(did)]}]}}"
        let text = "segment a: did \"Order Completed\" and did \"Order Completed\" and did \"Order Completed\""
        #expect(try JSONForm.parse(Array(json.utf8)) == [definition(text)])
    }

    @Test func `null members are absent ones`() throws {
        let json = "{\"segment\":\"a\",\"title\":null,\"condition\":{\"type\":\"did\",\"events\":\"A\",\"where\":null}}"
        #expect(try JSONForm.parse(Array(json.utf8)) == [definition("segment a: did \"A\"")])
    }

    @Test(arguments: [300, 390, 5_000, 100_000])
    func `a tree of hostile depth is an error`(_ depth: Int) throws {
        let open = String(repeating: "{\"type\":\"not\",\"condition\":", count: depth)
        let json =
            "{\"segment\":\"a\",\"condition\":\(open){\"type\":\"did\",\"events\":\"A\"}\(String(repeating: "}", count: depth))}"
        if depth < 395 {
            let definitions = try JSONForm.parse(Array(json.utf8))
            let found = Binder.bind([ParsedFile(definitions: definitions)])
            #expect(found.diagnostics.map(\.code) == [.tooDeep])
        } else {
            #expect(throws: JSONFormError.self) { try JSONForm.parse(Array(json.utf8)) }
        }
        var value: JSONValue = .object(JSONObject([(Text("type"), "did"), (Text("events"), "A")]))
        for _ in 0..<min(depth, 2_000) {
            value = .object(JSONObject([(Text("type"), "not"), (Text("condition"), value)]))
        }
        let whole = JSONValue.object(JSONObject([(Text("segment"), "a"), (Text("condition"), value)]))
        if depth > 400 {
            let error = #expect(throws: JSONFormError.self) { try JSONForm.decode(whole) }
            #expect(error?.code == .tooDeep)
        }
    }

    @Test func `a tree keeps the limits of the text form`() throws {
        func nested(_ count: Int) -> ParsedFile {
            var condition = Condition(.didNot(EventQuery(.named("A"))))
            for _ in 0..<count { condition = Condition(.not(condition)) }
            return ParsedFile(definitions: [Definition(name: "a", body: .segment(condition))])
        }
        #expect(Binder.bind([nested(32)]).diagnostics.isEmpty)
        #expect(Binder.bind([nested(33)]).diagnostics.map(\.code) == [.tooDeep])
    }

    @Test func `a tree that text cannot say is found by the binder`() {
        func codes(_ kind: Condition.Kind) -> [DiagnosticCode] {
            let definition = Definition(name: "a", body: .segment(Condition(kind)))
            return Binder.bind([ParsedFile(definitions: [definition])]).diagnostics.map(\.code)
        }
        let property = Value(.property(PropertyPath(.properties, ["x"])))
        let did = Condition(.did(EventQuery(.named("A")), count: nil))
        #expect(codes(.exists(property, negated: false)) == [.onlyInFilter])
        #expect(codes(.exists(Value(.eventTime), negated: false)) == [.onlyInFilter])
        #expect(codes(.did(EventQuery(.named("A"), where: did), count: nil)) == [.notInFilter])
        #expect(
            codes(
                .did(
                    EventQuery(.named("A"), where: Condition(.exists(Value(.profileCreated), negated: false))),
                    count: nil))
                == [.notInFilter])
        #expect(codes(.anyItem(Condition(.exists(property, negated: false)))).contains(.onlyInFilter))
        let sum = Value(.aggregate(.sum, of: nil, EventQuery(.named("A"))))
        #expect(codes(.exists(sum, negated: false)) == [.misplacedPart])
        let count = Value(.aggregate(.count, of: property, EventQuery(.named("A"))))
        #expect(codes(.exists(count, negated: false)) == [.misplacedPart])
        #expect(
            codes(.didInPeriods(EventQuery(.named("A")), atLeast: 1, of: .max, period: .months)) == [.invalidDuration])
        #expect(codes(.did(EventQuery(.named("A")), count: CountRequirement(.atLeast(-1), .times))) == [.invalidCount])
    }
}
