import EventModel
import Foundation
import SegmentLanguage
import Testing

/// The folder of the package.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

func packageFile(_ path: String) throws -> String {
    try String(contentsOf: packageFolder.appending(path: path), encoding: .utf8)
}

/// Everything the check says of a text.
func diagnostics(_ text: String, workspace: WorkspaceNames? = nil) -> [Diagnostic] {
    Binder.bind([Parser.parse(text)], workspace: workspace).diagnostics
}

/// The one definition of a text that must be sound.
func definition(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Definition {
    let file = Parser.parse(text)
    #expect(file.diagnostics.isEmpty, "\(file.diagnostics.map(\.message))", sourceLocation: sourceLocation)
    return try #require(file.definitions.first, sourceLocation: sourceLocation)
}

/// The condition of `segment s: text`.
func condition(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Condition {
    try #require(try definition("segment s: " + text, sourceLocation: sourceLocation).condition)
}

/// A diagnostic in short: `line:column code`.
func brief(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.range.start.line):\(diagnostic.range.start.column) \(diagnostic.code.rawValue)"
}
