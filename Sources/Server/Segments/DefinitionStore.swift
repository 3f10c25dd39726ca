package import Dashboard
package import EventModel
package import SegmentLanguage

/// Where the definitions of a store are kept, and who puts them together.
package protocol DefinitionStore: Sendable {
    /// All definitions that work.
    func read() throws -> DefinitionSet

    /// The same with the definitions of a text in the place of those of their names. Nothing is written.
    func draft(_ text: [UInt8]) throws -> DefinitionDraft

    /// Writes what a draft defines.
    func save(_ draft: DefinitionDraft) throws

    /// Takes a definition away.
    func remove(_ name: Text) throws
}

/// The definitions of a store as they work together.
package struct DefinitionSet: Sendable {
    package var program: Program
    /// What is wrong with those that are left out.
    package var problems: [DefinitionProblem]
    /// What stands around definitions in their files.
    package var notes: [Text: SegmentNote]

    package init(program: Program, problems: [DefinitionProblem], notes: [Text: SegmentNote]) {
        self.program = program
        self.problems = problems
        self.notes = notes
    }

    /// Whether a definition is there for others only.
    func isHelper(_ name: Text) -> Bool { notes[name]?.isHelper ?? false }
}

/// Definitions that somebody is about to put in.
package struct DefinitionDraft: Sendable {
    /// As it was sent.
    package var text: [UInt8]
    /// What it defines, in the order of the text.
    package var names: [Text]
    /// All definitions with the draft's in them; without the draft's when it has errors.
    package var program: Program
    package var problems: [DefinitionProblem]

    package init(text: [UInt8], names: [Text], program: Program, problems: [DefinitionProblem]) {
        self.text = text
        self.names = names
        self.program = program
        self.problems = problems
    }

    var isRefused: Bool { problems.contains(where: \.isError) }
}

/// What is wrong, or doubtful, about a definition.
package struct DefinitionProblem: Hashable, Sendable {
    package var isError: Bool
    package var code: String
    package var message: String
    package var file: String?
    /// From 1; nil: the whole.
    package var line: Int?
    package var column: Int?

    package init(
        isError: Bool, code: String, message: String, file: String? = nil, line: Int? = nil, column: Int? = nil
    ) {
        self.isError = isError
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
    }

    var json: JSONValue {
        .object([
            ("severity", .text(isError ? "error" : "warning")), ("code", .text(code)), ("message", .text(message)),
            ("file", file.map { .text($0) }), ("line", line.map { .count($0) }), ("column", column.map { .count($0) }),
        ])
    }
}
