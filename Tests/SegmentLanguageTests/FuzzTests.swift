import EventModel
import SegmentLanguage
import TestSupport
import Testing

/// Broken texts of all kinds: the parser always ends, never traps, and says why it refuses.
@Suite struct `Nothing traps the parser` {
    static let seeds = Array(UInt64(1)...40)

    static let pieces = [
        "segment", "metric", "did", "not", "and", "or", "(", ")", ",", ":", ".", "\"", "\"A\"", "where", "in last",
        "7 days",
        "count(", "sum(x of", "for some x:", "every", "has (", "sequence(", "then", "within", "same", "between", "in (",
        "exists", "contains", "matches \"(\"", "\\u", "\\ud83d", "2026-11-27", "2026-", "5", "5%", "-", "+", "*", "/",
        "#",
        "\n", "\r", "\t", "\0", "é", "😀", "\u{FEFF}", "=", "!=", "<", "trait.", "products.", "any item (", "top", "of",
        "since last", "ago", "now", "at least", "times", "on", "anniversary", "ignoring case", "e9", "9999999999", "0.",
        "'",
    ]

    private func mutate(_ text: String, _ random: inout SeededRandom) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<(1 + random.int(below: 4)) {
            let place = random.int(below: scalars.count + 1)
            let end = min(scalars.count, place + random.int(below: 12))
            switch random.int(below: 5) {
            case 0: scalars.removeSubrange(place..<end)
            case 1: scalars.insert(contentsOf: scalars[place..<end], at: random.int(below: scalars.count + 1))
            case 2: if random.chance(0.2) { scalars.removeSubrange(place...) }
            default:
                let piece = random.element(of: Self.pieces) ?? ""
                scalars.insert(contentsOf: Array(" \(piece) ".unicodeScalars), at: place)
            }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    @Test(arguments: seeds) func `mutated definitions`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let definitions = RandomDefinitions.make(random: &random, size: 4, depth: 4, pool: .awkward)
        let text = Printer.text(of: definitions)
        for _ in 0..<25 { check(mutate(text, &random)) }
    }

    @Test(arguments: seeds) func `words in any order`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<25 {
            let words = (0..<random.int(below: 60)).map { _ in random.element(of: Self.pieces) ?? "" }
            check("segment a: " + words.joined(separator: random.chance(0.5) ? " " : ""))
        }
    }

    @Test(arguments: seeds) func `any bytes`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = (0..<400).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        _ = Parser.parse(bytes)
        check(String(decoding: bytes, as: UTF8.self))
    }

    private func check(_ text: String) {
        let file = Parser.parse(text)
        let (program, diagnostics) = Binder.bind([file])
        let written = file.definitions.count + file.broken.count
        if program.definitions.count < written { #expect(diagnostics.hasErrors, "\(text)") }
        for definition in file.definitions {
            #expect(Parser.parse(Printer.text(of: definition)).definitions == [definition], "\(text)")
        }
        if let formatted = Printer.text(of: file) {
            #expect(Parser.parse(formatted).definitions == file.definitions, "\(text)")
        }
        let limit = text.utf8.count
        for diagnostic in diagnostics {
            #expect(
                diagnostic.range.start.offset <= diagnostic.range.end.offset && diagnostic.range.end.offset <= limit)
        }
        _ = DiagnosticRenderer.text(diagnostics, source: text)
    }
}
