import Foundation
import SegmentLanguage
import Testing

/// The ready segments that come with the engine.
@Suite struct `Ready segments are read` {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/SegmentEngine/ReadySegments")

    static let files: [ParsedFile] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".shoal") }.sorted().map { name in
            let data = FileManager.default.contents(atPath: folder.appending(path: name).path)
            return Parser.parse([UInt8](data ?? Data()), file: name)
        }
    }()

    @Test func `all of them bind together without a problem`() {
        #expect(!Self.files.isEmpty)
        let (program, diagnostics) = Binder.bind(Self.files)
        #expect(diagnostics.isEmpty, "\(diagnostics.map { "\($0.file ?? "") \($0.range.start.line): \($0.message)" })")
        #expect(program.definitions.count == Self.files.reduce(0) { $0 + $1.definitions.count })
    }
}
