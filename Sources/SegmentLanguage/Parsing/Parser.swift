internal import EventModel

/// Reads the text form: any number of definitions, all problems at once.
package enum Parser {
    /// Reads definitions from UTF-8 bytes.
    package static func parse(_ bytes: [UInt8], file: String? = nil) -> ParsedFile {
        guard bytes.count <= LanguageLimits.bytes else { return tooLarge(bytes.count, file: file) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let start = SourcePosition(offset: 0, line: 1, column: 1)
            let diagnostic = Diagnostic(
                .invalidUTF8, "the file is not UTF-8 text", at: SourceRange(start: start, end: start),
                help: "save it with the encoding UTF-8", file: file)
            return ParsedFile(definitions: [], diagnostics: [diagnostic], file: file)
        }
        return parse(text, file: file)
    }

    /// Reads definitions; a broken one is left out and never keeps another from being read.
    ///
    /// - Complexity: O(length of the text).
    package static func parse(_ text: String, file: String? = nil) -> ParsedFile {
        guard text.utf8.count <= LanguageLimits.bytes else { return tooLarge(text.utf8.count, file: file) }
        var lexer = Lexer(text)
        lexer.run()
        let source = Source(lexer)
        var result = ParsedFile(definitions: [], comments: lexer.comments, file: file, source: text)
        var diagnostics = lexer.diagnostics
        let starts = definitionStarts(source.tokens, in: 0..<source.tokens.count, loosely: false)
        let first = starts.first ?? lexer.tokens.count
        if first > 0 {
            let strays = looseChunks(lexer.tokens, 0..<first)
            for chunk in strays {
                read(chunk, of: source, into: &result, diagnostics: &diagnostics)
            }
        }
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : lexer.tokens.count
            read(start..<end, of: source, into: &result, diagnostics: &diagnostics)
        }
        diagnostics = diagnostics.sortedByPlace()
        cap(&diagnostics)
        for index in diagnostics.indices { diagnostics[index].file = file }
        result.diagnostics = diagnostics
        return result
    }

    private static func tooLarge(_ count: Int, file: String?) -> ParsedFile {
        let start = SourcePosition(offset: 0, line: 1, column: 1)
        let diagnostic = Diagnostic(
            .fileTooLarge, "a text of definitions has at most \(LanguageLimits.bytes) bytes, this one has \(count)",
            at: SourceRange(start: start, end: start), help: "split it into several files", file: file)
        return ParsedFile(definitions: [], diagnostics: [diagnostic], file: file)
    }

    // MARK: - Chunks

    /// The tokens of a text, and where it could not be cut into tokens.
    private struct Source {
        let tokens: [Token]
        /// Byte offsets, ascending.
        let errors: [Int]

        init(_ lexer: Lexer) {
            tokens = lexer.tokens
            errors = lexer.diagnostics.filter(\.isError).map(\.range.start.offset).sorted()
        }

        func hasLexicalError(in chunk: Range<Int>) -> Bool {
            guard let first = tokens[chunk].first, let last = tokens[chunk].last else { return false }
            var low = 0
            var high = errors.count
            while low < high {
                let middle = (low + high) / 2
                if errors[middle] < first.range.start.offset { low = middle + 1 } else { high = middle }
            }
            return low < errors.count && errors[low] < last.range.end.offset
        }
    }

    /// Reads one definition; when it fails and another may start inside it, reads the parts apart.
    private static func read(
        _ chunk: Range<Int>, of source: Source, into result: inout ParsedFile, diagnostics: inout [Diagnostic]
    ) {
        let attempt = attempt(chunk, of: source)
        if attempt.failed {
            let parts = looseChunks(source.tokens, chunk)
            if parts.count > 1 {
                for part in parts {
                    take(self.attempt(part, of: source), into: &result, diagnostics: &diagnostics)
                }
                return
            }
        }
        take(attempt, into: &result, diagnostics: &diagnostics)
    }

    private struct Attempt {
        var definition: Definition?
        var name: (text: Text, range: SourceRange)?
        var diagnostics: [Diagnostic]
        var map: SourceMap
        var failed: Bool
    }

    private static func attempt(_ chunk: Range<Int>, of source: Source) -> Attempt {
        var parser = DefinitionParser(tokens: source.tokens[chunk])
        let definition = parser.readDefinition()
        let lexical = source.hasLexicalError(in: chunk)
        let failed = lexical || definition == nil || parser.diagnostics.hasErrors
        return Attempt(
            definition: failed ? nil : definition, name: parser.name, diagnostics: parser.diagnostics, map: parser.map,
            failed: failed)
    }

    private static func take(
        _ attempt: Attempt, into result: inout ParsedFile, diagnostics: inout [Diagnostic]
    ) {
        diagnostics += attempt.diagnostics
        result.map.merge(attempt.map)
        if let definition = attempt.definition {
            result.definitions.append(definition)
        } else if let name = attempt.name {
            result.broken.append(.init(name: name.text, nameRange: name.range))
        }
    }

    /// Where definitions start: `segment` or `metric`, a name, perhaps a title, a colon. Loosely: either word at the
    /// start of a line, where it names no segment.
    private static func definitionStarts(_ tokens: [Token], in range: Range<Int>, loosely: Bool) -> [Int] {
        range.filter { index in
            guard let word = tokens[index].word else { return false }
            let isKeyword = word == "segment" || word == "metric"
            if isKeyword || isKeywordInCapitals(word) {
                return hasHeader(tokens, at: index, in: range)
                    || (isKeyword && loosely && standsFirst(tokens, at: index))
            }
            return loosely && standsFirst(tokens, at: index) && hasHeader(tokens, at: index, in: range)
                && (Spelling.distance(word, "segment") <= 2 || Spelling.distance(word, "metric") <= 2)
        }
    }

    private static func isKeywordInCapitals(_ word: String) -> Bool {
        guard word.utf8.count <= 7 else { return false }
        let lowered = word.lowercased()
        return lowered == "segment" || lowered == "metric"
    }

    private static func hasHeader(_ tokens: [Token], at index: Int, in range: Range<Int>) -> Bool {
        var next = index + 1
        guard next < range.upperBound, tokens[next].word != nil else { return false }
        next += 1
        if next < range.upperBound, case .string = tokens[next].kind { next += 1 }
        return next < range.upperBound && tokens[next].isSymbol(.colon)
    }

    private static func standsFirst(_ tokens: [Token], at index: Int) -> Bool {
        guard tokens[index].range.start.column == 1 else { return false }
        guard index > 0 else { return true }
        return !["in", "of", "entered", "left", "some", "every"].contains(tokens[index - 1].word ?? "")
    }

    private static func looseChunks(_ tokens: [Token], _ range: Range<Int>) -> [Range<Int>] {
        var starts = definitionStarts(tokens, in: range, loosely: true)
        if starts.first != range.lowerBound { starts.insert(range.lowerBound, at: 0) }
        return starts.enumerated().map { index, start in
            start..<(index + 1 < starts.count ? starts[index + 1] : range.upperBound)
        }
    }

    private static func cap(_ diagnostics: inout [Diagnostic]) {
        let most = 1_000
        guard diagnostics.count > most else { return }
        let more = diagnostics.count - most
        let last = diagnostics[most].range
        diagnostics.removeSubrange(most...)
        diagnostics.append(Diagnostic(.tooManyProblems, "and \(more) more problems in this file", at: last))
    }
}
