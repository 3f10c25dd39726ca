import EventModel
import Foundation
import SegmentLanguage
import TestSupport
import Testing

/// The definitions of the shared test vectors.
@Suite struct `Vectors are read` {
    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var definitions: String
        var errorLine: Int?
        var zone: Zone

        var testDescription: String { name }
    }

    static let vectors: [Vector] = {
        guard let folder = sharedPath("vectors/public"),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else { return [] }
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            guard let data = FileManager.default.contents(atPath: folder + "/" + name),
                let object = try? JSONReader.parse([UInt8](data)).object,
                let definitions = object["definitions"]?.text
            else { return nil }
            let zone = object["timezone"]?.text.flatMap { Zone(identifier: $0.string) } ?? .utc
            let line = object["expected_error"]?.object?["line"]?.decimal?.asInt()
            return Vector(name: name, definitions: definitions.string, errorLine: line, zone: zone)
        }
    }()

    @Test(.enabled(if: sharedFolder != nil, "the shared folder is absent"))
    func `there are vectors`() {
        #expect(Self.vectors.count > 50)
    }

    @Test(.enabled(if: sharedFolder != nil, "the shared folder is absent"), arguments: vectors)
    func `sound definitions bind and broken ones are rejected on their line`(_ vector: Vector) {
        let file = Parser.parse(vector.definitions, file: vector.name)
        let (program, diagnostics) = Binder.bind([file], zone: vector.zone)
        let errors = diagnostics.filter(\.isError)
        if let line = vector.errorLine {
            #expect(errors.map(\.range.start.line).contains(line))
            #expect(errors.first?.range.start.line == line)
        } else {
            #expect(errors.isEmpty, "\(errors)")
            #expect(program.definitions.count == file.definitions.count)
        }
    }
}
