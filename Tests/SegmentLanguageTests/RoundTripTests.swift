import EventModel
import SegmentLanguage
import TestSupport
import Testing

/// Printing then parsing gives the same tree; so does the JSON form.
@Suite struct `Forms convert without loss` {
    static let seeds = Array(UInt64(1)...60)

    static func definitions(_ seed: UInt64) -> [Definition] {
        var random = SeededRandom(seed: seed)
        return RandomDefinitions.make(
            random: &random, size: 12, depth: 1 + Int(seed % 5), pool: seed % 2 == 0 ? .shop : .awkward)
    }

    @Test(arguments: seeds) func `a printed tree is read as the same tree`(_ seed: UInt64) {
        for definition in Self.definitions(seed) {
            let text = Printer.text(of: definition)
            let file = Parser.parse(text)
            #expect(file.diagnostics.isEmpty, "\(file.diagnostics)\n\(text)")
            #expect(file.definitions == [definition], "\(text)")
            #expect(file.definitions.first.map { Printer.text(of: $0) } == text)
        }
    }

    @Test(arguments: seeds) func `a tree goes through JSON text unchanged`(_ seed: UInt64) throws {
        let definitions = Self.definitions(seed)
        let json = JSONWriter.text(of: JSONForm.encode(definitions))
        #expect(try JSONForm.parse(Array(json.utf8)) == definitions)
    }

    @Test(arguments: seeds) func `random definitions bind without an error`(_ seed: UInt64) {
        let definitions = Self.definitions(seed)
        let fromTree = Binder.bind([ParsedFile(definitions: definitions)])
        #expect(!fromTree.diagnostics.hasErrors, "\(fromTree.diagnostics.filter(\.isError))")
        let file = Parser.parse(Printer.text(of: definitions))
        let fromText = Binder.bind([file])
        #expect(!fromText.diagnostics.hasErrors, "\(fromText.diagnostics.filter(\.isError))")
        #expect(fromText.program.definitions == fromTree.program.definitions)
    }

    @Test func `conditions and values print on one line`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<50 {
            let condition = RandomDefinitions.condition(random: &random, depth: 4)
            let text = Printer.text(of: condition)
            #expect(!text.contains("\n"))
            #expect(Parser.parse("segment s: \(text)").definitions.first?.condition == condition)
        }
    }

    @Test(.enabled(if: sharedFolder != nil, "the shared folder is absent"), arguments: `Vectors are read`.vectors)
    func `the vectors survive printing and JSON`(_ vector: `Vectors are read`.Vector) throws {
        let definitions = Parser.parse(vector.definitions).definitions
        #expect(Parser.parse(Printer.text(of: definitions)).definitions == definitions)
        let json = JSONForm.encode(definitions)
        #expect(try JSONForm.decodeAll(json) == definitions)
    }

    static let words = Array(
        Words.reservedForMetrics.union([
            "event", "events", "item", "items", "visit", "like", "top", "bottom", "quintile",
        ])
    ).sorted()

    /// Any word of the language can be the name of a property, a trait, a purpose, a channel and a segment.
    @Test(arguments: words) func `a word of the language is a name where only names stand`(_ word: String) throws {
        let name = Text(word)
        let paths = [
            PropertyPath(.properties, [name]), PropertyPath(.properties, [name, name]),
            PropertyPath(.context, [name]), PropertyPath(.items, [name, name]),
        ]
        for path in paths {
            let value = Value(.property(path))
            let filter = Condition(.compare(value, .less, value, ignoringCase: false))
            let query = EventQuery(.named("A"), where: filter)
            let sum = Value(.aggregate(.sum, of: Value(.arithmetic(value, .add, value)), query))
            let latest = Value(.aggregate(.first, of: value, EventQuery(.visit)))
            let sequence = Sequence(steps: [.init(query), .init(query)], within: DurationLiteral(1, .days), same: path)
            let conditions = [
                Condition(.exists(sum, negated: true)), Condition(.exists(latest, negated: false)),
                Condition(.sequence(sequence, count: nil, window: nil)),
                Condition(.exists(Value(.trait([name, name])), negated: false)),
                Condition(.exists(Value(.consent(name)), negated: false)), Condition(.canReceive(name)),
                Condition(.inSegment(name)), Condition(.entered(name, .calendar(.today))),
                Condition(.rank(metric: "m", .top(5), of: name)),
            ]
            let whole = Condition(.forGroups(.some, path, Condition(.and(conditions))))
            let definition = Definition(name: name, body: .segment(whole))
            let text = Printer.text(of: definition)
            #expect(Parser.parse(text).definitions == [definition], "\(text)")
        }
    }
}
