import EventModel
import Testing

@Suite struct JSONReaderTests {
    private func parse(_ text: String, _ limits: Limits.JSON = .standard) throws(JSONError) -> JSONValue {
        try JSONReader.parse(text, limits: limits)
    }

    private func failure(_ text: String, _ limits: Limits.JSON = .standard) -> JSONError? {
        throwing { () throws(JSONError) in try JSONReader.parse(text, limits: limits) }
    }

    @Test func `every kind of value reads as itself`() throws {
        let text = """
             { "null": null, "yes": true, "no" : false, "number": -12.50e1, "text": "é \\u00e9 \\n\\t\\"\\\\\\/\\b\\f\\r 😀 \\ud83d\\ude00",
            "list": [ ], "lists": [[1 ,2], [ [] ]], "object": {}, "inner": {"a": {"b": "c"}}, "": 0 }\t\r
            """
        let object = try #require(try parse(text).object)
        #expect(object["null"] == .null)
        #expect(object["yes"] == true)
        #expect(object["no"] == false)
        #expect(object["number"]?.decimal?.description == "-125")
        #expect(object["text"] == .string("é \u{E9} \n\t\"\\/\u{8}\u{C}\r 😀 😀"))
        #expect(object["list"] == [])
        #expect(object["lists"] == [[1, 2], [[]]])
        #expect(object["object"] == [:])
        #expect(object.value(at: ["inner", "a", "b"]) == "c")
        #expect(object[""] == 0)
        #expect(object["absent"] == nil)
        #expect(object.count == 10)
    }

    @Test(arguments: [
        "1", "-0", "\"a\"", "true", "null", " [1] ", "[1,{\"a\":[]}]", "\"\\u0000\"", "\"\u{7F}\"", "\"\u{10FFFF}\"",
        "\"\u{FFFF}\"", "{\"a\":1,\"a\":2}", "1e400", "\"\\uDBFF\\uDFFF\"", "\u{20}\n\r\t0",
    ])
    func `documents of the grammar are taken`(text: String) throws {
        #expect(throws: Never.self) { try parse(text) }
    }

    @Test(arguments: [
        "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1:2]", "{1:2}", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{a:1}", "{'a':1}", "tru", "True", "nul", "nulll",
        "truefalse", "1 2", "[] []", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\U0041\"",
        "\"a\nb\"", "\"\u{1}\"", "\"\\\n\"", "01", "-", "+1", ".5", "1.", "1e", "0x1", "NaN", "Infinity", "-Infinity",
        "undefined", "// a\n1", "/**/1", "\u{FEFF}1", "\u{A0}1", "1\u{0}", "[1]]", "{\"a\":1}}", "[}", "{]", "[\"a\",",
        "é", "\u{B}1", "\u{C}1",
    ])
    func `anything else is a syntax error`(text: String) {
        #expect(failure(text)?.code == .syntax)
    }

    @Test(
        arguments: [
            [0x22, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xE0, 0x80, 0xAF, 0x22],
            [0x22, 0xF0, 0x80, 0x80, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xED, 0xBF, 0xBF, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xFF, 0x22],
            [0x22, 0xE2, 0x82, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0x22, 0xFF, 0x5C, 0x6E, 0x22],
            [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D],
        ] as [[UInt8]])
    func `bytes that are no UTF-8 are an error`(bytes: [UInt8]) {
        let error = throwing { () throws(JSONError) in try JSONReader.parse(bytes) }
        #expect(error?.code == .utf8)
    }

    @Test(arguments: [
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\\udfff\\ud800\"", "\"a\\udbffb\"",
    ])
    func `half a surrogate pair is an error`(text: String) {
        #expect(failure(text)?.code == .utf8)
    }

    @Test func `errors say at which byte they show`() {
        let cases: [(String, Int)] = [
            ("", 0), ("[1,]", 3), ("{\"a\":tru}", 5), ("{\"é\": 01}", 7), ("[\"a\nb\"]", 3), ("[1]x", 3),
            ("[\"\\q\"]", 3), ("{\"a\":1,2}", 7), ("[1e999999]", 1), ("[12345678901234567890123456789012345]", 1),
            ("[\"abc\\ud800\"]", 5),
        ]
        for (text, offset) in cases { #expect(failure(text)?.offset == offset, "\(text)") }
        let invalid = throwing { () throws(JSONError) in
            try JSONReader.parse([0x22, 0x61, 0xC3, 0xA9, 0xFF, 0x22] as [UInt8])
        }
        #expect(invalid?.offset == 4)
    }

    @Test func `numbers that cannot be exact have their own codes`() {
        #expect(failure("[12345678901234567890123456789012345]")?.code == .numberDigits)
        #expect(failure("{\"a\":1e6145}")?.code == .numberRange)
        #expect(failure("-1e-6144")?.code == .numberRange)
        #expect(failure("1234567890123456789012345678901234e100") == nil)
    }

    @Test func `depth counts arrays and objects alike and stops at its limit`() {
        for limit in [1, 2, 32, 100] {
            let limits = Limits.JSON(depth: limit)
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let inside = String(repeating: open, count: limit) + "1" + String(repeating: close, count: limit)
                let outside = open + inside + close
                #expect(failure(inside, limits) == nil)
                #expect(failure(outside, limits)?.code == .depth)
            }
        }
        #expect(Limits.JSON.standard.depth == 32)
        let bomb = String(repeating: "[", count: 1_000_000)
        #expect(failure(bomb)?.code == .depth)
        #expect(failure(bomb, Limits.JSON(depth: .max))?.code == .depth)
    }

    @Test func `bytes and values have limits`() {
        #expect(failure("[1,2]", Limits.JSON(bytes: 5)) == nil)
        #expect(failure("[1,2]", Limits.JSON(bytes: 4))?.code == .size)
        #expect(failure("[1,2]", Limits.JSON(values: 3)) == nil)
        #expect(failure("[1,2]", Limits.JSON(values: 2))?.code == .values)
        #expect(failure("[[],{}]", Limits.JSON(values: 2))?.code == .values)
    }

    @Test func `a document cut anywhere is an error, never a trap`() throws {
        let whole = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00y",{"b":null}],"c":true,"é":"ü"}"#.utf8)
        for end in whole.indices {
            let error = throwing { () throws(JSONError) in try JSONReader.parse(whole[..<end]) }
            if error == nil { Issue.record("\(end)") }
        }
        #expect(throws: Never.self) { try JSONReader.parse(whole[...]) }
    }

    @Test(arguments: 0..<8)
    func `whatever is taken is written and read back the same`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let seeds = [
            #"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00y",{"b":null}],"c":true,"é":"ü","":{}}"#,
            #"{"type":"track","event":"Order Completed","properties":{"products":[{"price":"12.50","quantity":2}]}}"#,
            #"[[[[]]],0.1e-2,"\\\"\/\b\f\n\r\t",false,{"a":1,"a":2}]"#,
        ].map { Array($0.utf8) }
        let interesting = Array("{}[]\",:\\u0123456789eE+-.tfn \n\u{0}\u{1F}".utf8) + [0x80, 0xC3, 0xED, 0xF4, 0xFF]
        for _ in 0..<600 {
            var bytes = seeds[random.int(below: seeds.count)]
            for _ in 0...random.int(below: 4) { mutate(&bytes, interesting, &random) }
            guard let value = try? JSONReader.parse(bytes) else { continue }
            let written = JSONWriter.bytes(of: value)
            let again = try JSONReader.parse(written)
            if again != value || JSONWriter.bytes(of: again) != written { Issue.record("\(bytes)") }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ interesting: [UInt8], _ random: inout SeededRandom) {
        let place = random.int(below: bytes.count)
        switch random.int(below: 6) {
        case 0: bytes[place] = interesting[random.int(below: interesting.count)]
        case 1: bytes.insert(interesting[random.int(below: interesting.count)], at: place)
        case 2: bytes.remove(at: place)
        case 3: bytes[place] ^= 1 << UInt8(random.int(below: 8))
        case 4: bytes.replaceSubrange(place..., with: bytes[random.int(below: bytes.count)...])
        default:
            bytes.insert(contentsOf: bytes[place...].prefix(random.int(below: 9)), at: random.int(below: bytes.count))
        }
        if bytes.isEmpty { bytes = [0x31] }
    }
}

/// The error a closure throws, or nil.
func throwing<Failure: Error, Value>(_ body: () throws(Failure) -> Value) -> Failure? {
    do throws(Failure) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
