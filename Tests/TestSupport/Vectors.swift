package import EventModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One test vector: a small history, definitions, and what they are worth at an instant.
package struct Vector: Sendable {
    /// What a run of the vector should give.
    package enum Expectation: Sendable {
        /// Members by segment, and values by metric and profile; what is not named is not checked.
        case answers(segments: [Text: Set<Text>], metrics: [Text: [Text: JSONValue]])
        /// The definitions are rejected with an error on this line.
        case error(line: Int)
    }

    package let name: String
    package let zone: Zone
    package let now: Timestamp
    /// The messages as JSON, one a line, in the order of arrival.
    package let lines: [String]
    package let definitions: String
    /// The product objects of the catalogue; nil where the vector has none.
    package let products: [JSONValue]?
    package let expectation: Expectation

    package var settings: WorkspaceSettings {
        WorkspaceSettings(zone: zone, catalogue: Catalogue(products: products ?? []))
    }

    package var messages: [Message] { decodedMessages(lines, settings: settings) }
}

extension Vector: CustomStringConvertible {
    package var description: String { name }
}

/// The test vectors of the shared folder; empty where that is absent.
package enum Vectors {
    private static let folder = "vectors/public"

    package static var arePresent: Bool { sharedPath(folder) != nil }

    /// Why a test of the vectors is skipped.
    package static let absence = "there is no vectors/public in the shared folder"

    /// All vectors by file name. A file that is no vector is an error, so that none is passed over silently.
    package static func all() throws -> [Vector] {
        guard let path = sharedPath(folder) else { return [] }
        return try fileNames(in: path).map { name in
            try vector(in: try bytes(of: path + "/" + name), named: name)
        }
    }

    private static func vector(in bytes: [UInt8], named name: String) throws -> Vector {
        guard case .object(let object) = try JSONReader.parse(bytes),
            let zone = object["timezone"]?.text.flatMap({ Zone(identifier: $0) }),
            let now = object["now"]?.text.flatMap({ Timestamp(iso8601: $0, zone: zone) }),
            let definitions = object["definitions"]?.text,
            let expectation = expectation(of: object)
        else { throw UnreadableVector(name: name) }
        return Vector(
            name: object["name"]?.text?.string ?? name, zone: zone, now: now,
            lines: (object["events"]?.elements ?? []).map { JSONWriter.text(of: $0) },
            definitions: definitions.string, products: object["catalogue"]?.elements, expectation: expectation)
    }

    private static func expectation(of object: JSONObject) -> Vector.Expectation? {
        if let line = object["expected_error"]?.object?["line"]?.decimal?.asInt() { return .error(line: line) }
        guard let members = object["expected"]?.object ?? (object["expected_metrics"] == nil ? nil : JSONObject())
        else { return nil }
        let segments = members.members.map { ($0.key, Set(($0.value.elements ?? []).compactMap(\.text))) }
        let metrics = (object["expected_metrics"]?.object?.members ?? []).map { metric in
            let values = (metric.value.object?.members ?? []).map { ($0.key, $0.value) }
            return (metric.key, Dictionary(values, uniquingKeysWith: { $1 }))
        }
        return .answers(
            segments: Dictionary(segments, uniquingKeysWith: { $1 }),
            metrics: Dictionary(metrics, uniquingKeysWith: { $1 }))
    }
}

/// A file among the vectors that cannot be read as one.
package struct UnreadableVector: Error, Hashable {
    package let name: String
}

// MARK: - Comparing

extension Vector {
    /// What differs from the expectation, in words; empty when the vector passes.
    ///
    /// - Parameters:
    ///   - segments: members by segment.
    ///   - metrics: values by metric and profile in the form `evaluate` prints, nulls left out.
    package func differences(
        segments: [Text: Set<Text>], metrics: [Text: [Text: JSONValue]]
    ) -> [String] {
        guard case .answers(let expectedSegments, let expectedMetrics) = expectation else {
            return ["expected the definitions to be rejected"]
        }
        var found: [String] = []
        for (name, members) in expectedSegments.sorted(by: { $0.key < $1.key }) where segments[name] != members {
            found.append("segment \(name): expected \(words(members)), got \(segments[name].map(words) ?? "nothing")")
        }
        for (name, values) in expectedMetrics.sorted(by: { $0.key < $1.key }) {
            let given = metrics[name] ?? [:]
            for id in Set(values.keys).union(given.keys).sorted() where values[id] != given[id] {
                let expected = values[id].map { JSONWriter.text(of: $0) } ?? "null"
                let got = given[id].map { JSONWriter.text(of: $0) } ?? "null"
                found.append("metric \(name) of \(id): expected \(expected), got \(got)")
            }
        }
        return found
    }

    private func words(_ members: Set<Text>) -> String {
        members.sorted().map(\.string).joined(separator: ", ")
    }
}

// MARK: - Reading

/// Decodes lines of JSON messages as a file's; lines that are refused are left out, as an import does.
package func decodedMessages(_ lines: [String], settings: WorkspaceSettings) -> [Message] {
    let decoder = MessageDecoder(settings: settings)
    return lines.compactMap { line in
        try? decoder.decode(Array(line.utf8), receivedAt: Timestamp(milliseconds: 0))
    }
}

private func fileNames(in folder: String) throws -> [String] {
    guard let directory = opendir(folder) else { throw UnreadableVector(name: folder) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasSuffix(".json") { names.append(name) }
    }
    return names.sorted()
}

private func bytes(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw UnreadableVector(name: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}
