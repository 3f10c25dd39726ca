import EventModel
import Foundation
import TestSupport
import Testing

/// The public test vectors, through the program itself.
@Suite(.enabled(if: sharedFolder != nil, "the shared folder is absent"))
struct VectorTests {
    struct Vector: CustomTestStringConvertible, Sendable {
        let path: String
        var testDescription: String { (path as NSString).lastPathComponent }
    }

    static let vectors: [Vector] = {
        guard let folder = sharedPath("vectors/public") else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { Vector(path: folder + "/" + $0) }
    }()

    @Test func `there are vectors`() {
        #expect(Self.vectors.count >= 70)
    }

    @Test(arguments: vectors)
    func `a vector comes out as it says`(vector: Vector) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: vector.path))
        let object = try #require(try JSONReader.parse([UInt8](bytes)).object)
        let outcome = try evaluate(object)
        if let line = object["expected_error"]?.object?["line"] {
            #expect(outcome.status == 65)
            #expect(outcome.output == "")
            let diagnostics = outcome.errorsJSON?.object?["diagnostics"]?.elements ?? []
            #expect(diagnostics.map { $0.object?["line"] } == [line])
            return
        }
        #expect(outcome.status == 0, "\(outcome.errors)")
        let answer = try #require(outcome.json?.object)
        for (name, members) in object["expected"]?.object?.members ?? [] {
            let found = answer["segments"]?.object?[name]?.elements.map(Set.init)
            #expect(found == members.elements.map(Set.init), "segment \(name)")
        }
        for (name, values) in object["expected_metrics"]?.object?.members ?? [] {
            #expect(answer["metrics"]?.object?[name] == values, "metric \(name)")
        }
    }

    private func evaluate(_ vector: JSONObject) throws -> Program.Outcome {
        let folder = try Program.Folder()
        try folder.write(lines(of: vector["events"]), to: "events.jsonl")
        try folder.write(vector["definitions"]?.text?.string ?? "", to: "definitions.shoal")
        var arguments = [
            "evaluate", "--events", "events.jsonl", "--definitions", "definitions.shoal",
            "--now", vector["now"]?.text?.string ?? "", "--zone", vector["timezone"]?.text?.string ?? "",
            "--format", "json",
        ]
        if let catalogue = vector["catalogue"] {
            try folder.write(lines(of: catalogue), to: "products.jsonl")
            arguments += ["--products", "products.jsonl"]
        }
        return try Program.run(arguments, in: folder)
    }

    private func lines(of list: JSONValue?) -> String {
        (list?.elements ?? []).map { JSONWriter.text(of: $0) + "\n" }.joined()
    }
}
