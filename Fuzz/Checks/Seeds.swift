import EventModel
import EventStore
import Foundation
import SegmentLanguage
import TestSupport

/// Inputs that readers take, to start from.
package enum Seeds {
    /// Messages as JSON, and corners of the grammar.
    package static let json: [[UInt8]] =
        (RandomHistories.make(seed: 1).lines.prefix(40) + [
            #"{"a":[1,-0.5e+10,true,false,null,"\u00e9\ud83d\ude00\n",{}],"":{"b":[[]]}}"#,
            "123456789012345678901234567890123456e-7", #" [ "\\\"/" , 1E400 ] "#,
        ]).map { Array($0.utf8) }

    /// Definitions of every kind.
    package static let language: [[UInt8]] = {
        var random = SeededRandom(seed: 1)
        var texts = [
            "segment \"a\":\n  did \"Order Completed\" at least 2 times in last 30 days\n  and not did \"B\" ever\n",
            "# comment\nmetric m: sum(revenue of \"Order Completed\" in last 1 year) / 2\n",
        ]
        for definition in RandomDefinitions.make(random: &random, size: 60) {
            texts.append(Printer.text(of: definition))
        }
        return texts.map { Array($0.utf8) }
    }()

    /// Records with quotes, line ends and separators of all sorts; the first byte is not part of the text.
    package static let csv: [[UInt8]] = [
        "\u{0}id,name\r\n1,\"a \"\"b\"\"\r\nc\"\n2,\n", "\u{1}id;name;\n\"x\";;'\n", "\u{A}a\tb\rc\t\"d\"e\n\n",
        "\u{43}\u{FEFF}a,b\n\"unclosed,\n",
    ].map { Array($0.utf8) }

    /// Small parts: people who log in half-way, items, columns of every layout, all kinds of messages.
    package static let parts: [[UInt8]] = {
        var samples = (1...3).map { RandomHistories.make(seed: $0).messages }
        samples[0] = Array(samples[0].prefix(8))
        samples[1] = Array(samples[1].prefix(20))
        return (samples + [shopping]).compactMap { try? part(of: $0) }
    }()

    /// Prices that all differ, so that they are stored as numbers, and a few long texts.
    private static var shopping: [Message] {
        let decoder = MessageDecoder()
        return (0..<140).compactMap { number in
            let who =
                number % 3 == 0
                ? #""anonymousId":"d\#(number % 7)","userId":"u\#(number % 5)""# : #""anonymousId":"d\#(number % 7)""#
            let line = """
                {"type":"track","messageId":"m\(number)",\(who),"event":"Order \(number % 4)",\
                "timestamp":"2026-03-\(10 + number % 20)T12:00:00Z","properties":{"revenue":\(number * 37).25,\
                "rare\(number % 50)":[\(number)],"products":[{"product_id":"p\(number % 9)","price":\(number)},{}]}}
                """
            return try? decoder.decode(Array(line.utf8), receivedAt: Timestamp(milliseconds: 1_800_000_000_000))
        }
    }

    /// The file that the store makes of messages.
    private static func part(of messages: [Message]) throws -> [UInt8] {
        let directory = NSTemporaryDirectory() + "shoal-seed-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var options = EventStore.Options()
        options.maintenance = .none
        let store = try EventStore.open(
            directory: directory, mode: .createIfMissing,
            clock: ManualClock(Timestamp(milliseconds: 1_800_000_000_000)),
            random: SeededRandomSource(seed: 1), options: options)
        _ = try store.append(messages, source: "web")
        try store.seal()
        try store.close()
        let parts = directory + "/parts"
        let name = try FileManager.default.contentsOfDirectory(atPath: parts).first { $0.hasSuffix(".part") } ?? ""
        return Array(try Data(contentsOf: URL(fileURLWithPath: parts + "/" + name)))
    }
}
