import EventModel
import Testing

@Suite struct LimitsTests {
    private func failure(_ members: String, options: MessageDecoder.Options = .file) -> Text? {
        let bytes = Array(#"{"type":"track","messageId":"1","userId":"u","event":"E"\#(members)}"#.utf8)
        return failure(bytes, options)
    }

    private func failure(_ bytes: [UInt8], _ options: MessageDecoder.Options = .file) -> Text? {
        throwing { () throws(MessageError) in
            try MessageDecoder(options: options).decode(bytes, receivedAt: Timestamp(milliseconds: 0))
        }?.code
    }

    private func text(_ count: Int) -> String { String(repeating: "é", count: count) }

    @Test func `every row of the table has a value, a code and words`() {
        #expect(Limits.all.allSatisfy { $0.value > 0 && !$0.what.isEmpty })
        #expect(Limits.all.allSatisfy { $0.code.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D } })
    }

    @Test func `a message has at most so many bytes`() {
        for (limit, options) in [
            (Limits.fileMessageBytes, MessageDecoder.Options.file), (Limits.networkMessageBytes, .network),
        ] {
            var bytes = Array(#"{"type":"track","messageId":"1","userId":"u","event":"E"}"#.utf8)
            bytes += Array(repeating: 0x20, count: limit.value - bytes.count)
            #expect(failure(bytes, options) == nil)
            #expect(failure(bytes + [0x20], options) == Text(limit.code))
        }
    }

    @Test func `ids and names have at most so many characters`() {
        let cases: [(Limit, (String) -> String)] = [
            (Limits.messageIDCharacters, { #"{"type":"page","messageId":"\#($0)","userId":"u"}"# }),
            (Limits.idCharacters, { #"{"type":"page","messageId":"1","userId":"\#($0)"}"# }),
            (Limits.idCharacters, { #"{"type":"page","messageId":"1","anonymousId":"\#($0)"}"# }),
            (Limits.idCharacters, { #"{"type":"alias","messageId":"1","userId":"u","previousId":"\#($0)"}"# }),
            (Limits.idCharacters, { #"{"type":"group","messageId":"1","userId":"u","groupId":"\#($0)"}"# }),
            (Limits.eventNameCharacters, { #"{"type":"track","messageId":"1","userId":"u","event":"\#($0)"}"# }),
            (Limits.keyCharacters, { #"{"type":"page","messageId":"1","userId":"u","properties":{"\#($0)":1}}"# }),
            (Limits.keyCharacters, { #"{"type":"identify","messageId":"1","userId":"u","traits":{"\#($0)":1}}"# }),
        ]
        for (limit, message) in cases {
            #expect(failure(Array(message(text(limit.value)).utf8)) == nil, "\(limit)")
            #expect(failure(Array(message(text(limit.value + 1)).utf8)) == Text(limit.code), "\(limit)")
        }
    }

    @Test func `an event has at most so many properties and items`() {
        func properties(_ count: Int) -> String {
            #","properties":{"# + (0..<count).map { "\"p\($0)\":1" }.joined(separator: ",") + "}"
        }
        #expect(failure(properties(Limits.topLevelMembers.value)) == nil)
        #expect(failure(properties(Limits.topLevelMembers.value + 1)) == Text(Limits.topLevelMembers.code))
        func items(_ count: Int) -> String {
            #","properties":{"products":["# + Array(repeating: "{}", count: count).joined(separator: ",") + "]}"
        }
        #expect(failure(items(Limits.items.value)) == nil)
        #expect(failure(items(Limits.items.value + 1)) == Text(Limits.items.code))
    }

    @Test func `properties count towards the depth of the whole message`() {
        func nested(_ depth: Int) -> String {
            #","properties":"# + String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        }
        #expect(failure(nested(Limits.jsonDepth.value - 1)) == nil)
        #expect(failure(nested(Limits.jsonDepth.value)) == Text(Limits.jsonDepth.code))
    }

    @Test func `the standard limits of JSON are those of the table`() {
        #expect(
            Limits.JSON.standard
                == Limits.JSON(bytes: Limits.jsonBytes.value, depth: 32, values: Limits.jsonValues.value))
        #expect(JSONError.Code.allCases.map(\.rawValue).contains(Limits.jsonBytes.code))
        #expect(JSONError.Code.allCases.map(\.rawValue).contains(Limits.jsonValues.code))
    }
}
