import Dashboard
import EventModel
import EventStore
import SegmentLanguage
import Server

/// The folder of definitions of a data directory, as a server reads and changes it.
struct DefinitionFolder: DefinitionStore {
    let path: String
    let store: EventStore

    func read() throws -> DefinitionSet {
        let library = self.library
        let ordered = library.places.sorted { $0.value.order < $1.value.order }
        let notes = ordered.enumerated().map { index, place in
            (
                place.key,
                SegmentNote(
                    file: place.value.path, comments: place.value.comments, isHelper: place.value.isHelper, order: index
                )
            )
        }
        return DefinitionSet(
            program: library.program, problems: library.broken.flatMap(\.served),
            notes: Dictionary(notes) { first, _ in first })
    }

    func draft(_ text: [UInt8]) throws -> DefinitionDraft {
        let file = Parser.parse(text, file: Self.draftName)
        let names = file.definitions.map(\.name)
        let surroundings = WorkspaceSurroundings(sources: library.working, names: nil, zone: store.settings.zone)
        let (program, diagnostics) = Binder.bind(
            surroundings.files(without: Set(names)) + [file], zone: store.settings.zone)
        return DefinitionDraft(
            text: text, names: names, program: program,
            problems: diagnostics.filter { $0.file == Self.draftName || $0.isError }.map(DefinitionProblem.init))
    }

    /// How the text of a draft is called in diagnostics.
    private static let draftName = "definition"

    func save(_ draft: DefinitionDraft) throws {
        for definition in Parser.parse(draft.text).definitions {
            let text = Printer.text(of: definition)
            guard let source = try source(of: definition.name) else {
                try LocalFiles.write(
                    text.hasSuffix("\n") ? text : text + "\n", to: "\(path)/\(definition.name.string).shoal")
                continue
            }
            try replace(definition.name, in: source, with: text)
        }
    }

    func remove(_ name: Text) throws {
        guard let source = try source(of: name) else { return }
        try replace(name, in: source, with: "")
    }

    // MARK: - Files

    private var library: DefinitionLibrary { DefinitionLibrary(folder: path, zone: store.settings.zone) }

    private func source(of name: Text) throws -> DefinitionSource? {
        guard let source = library.all.first(where: { $0.parsed.definitions.contains { $0.name == name } }) else {
            return nil
        }
        guard !source.text.isEmpty else {
            throw CommandError(
                "definition-in-json", .data, "\"\(name)\" stands in a file in the JSON form", at: source.path,
                advice: "change that file, or write it in the text form")
        }
        return source
    }

    /// Puts a text in the place of a definition; the rest of the file stays as it is, the comments above it too.
    private func replace(_ name: Text, in source: DefinitionSource, with text: String) throws {
        guard let definition = source.parsed.definitions.first(where: { $0.name == name }) else { return }
        let bytes = Array(source.text.utf8)
        let range = definition.range
        guard range.start.offset <= range.end.offset, range.end.offset <= bytes.count else { return }
        let trimmed = text.utf8.reversed().drop { $0 == UInt8(ascii: "\n") }.reversed()
        let changed = bytes[..<range.start.offset] + trimmed + bytes[range.end.offset...]
        let file = "\(path)/\(source.path)"
        if changed.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }) {
            try LocalFiles.remove(file)
        } else {
            try LocalFiles.write(String(decoding: changed, as: UTF8.self), to: file)
        }
    }
}

extension BrokenFile {
    fileprivate var served: [DefinitionProblem] {
        problems.map { problem in
            DefinitionProblem(
                isError: true, code: problem.code, message: problem.message, file: path, line: problem.position?.line,
                column: problem.position?.column)
        }
    }
}

extension DefinitionProblem {
    fileprivate init(_ diagnostic: Diagnostic) {
        let isPlaced = diagnostic.range != .none
        self.init(
            isError: diagnostic.isError, code: diagnostic.code.rawValue, message: diagnostic.message,
            file: diagnostic.file, line: isPlaced ? diagnostic.range.start.line : nil,
            column: isPlaced ? diagnostic.range.start.column : nil)
    }
}
