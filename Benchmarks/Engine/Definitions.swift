import EventModel
import Foundation
import SegmentEngine
import SegmentLanguage

/// The definitions of one file, bound.
struct Definitions {
    let program: Program
    /// The segments in the order of the files, without those that only serve others of the same files.
    let segments: [Text]

    /// - Throws: what cannot be read, and the first error in the definitions.
    init(file path: String, zone: Zone) throws {
        try self.init(files: [path], zone: zone)
    }

    init(files paths: [String], zone: Zone) throws {
        let files = try paths.map { Parser.parse(try String(contentsOfFile: $0, encoding: .utf8), file: $0) }
        let (program, diagnostics) = Binder.bind(files, zone: zone)
        if let error = diagnostics.first(where: \.isError) {
            throw BenchmarkError("\(error.file ?? ""):\(error.range.start.line): \(error.message)")
        }
        self.program = program
        let used = Set(program.definitions.flatMap { $0.references().map(\.name) })
        segments = files.flatMap(\.definitions).filter { $0.condition != nil && !used.contains($0.name) }.map(\.name)
    }

    /// One definition with all it refers to.
    func alone(_ name: Text) -> Program {
        var wanted: Set<Text> = [name]
        // Used definitions come before their users, so one walk from the end finds all.
        for definition in program.definitions.reversed() where wanted.contains(definition.name) {
            wanted.formUnion(definition.references().map(\.name))
        }
        return Program(inDependencyOrder: program.definitions.filter { wanted.contains($0.name) })
    }
}

/// What keeps a measurement from being made.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
