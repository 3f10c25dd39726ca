import EventModel
import Glibc

@testable import Connectors

/// A folder that is there for one test.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/shoal-connectors-XXXXXX".utf8CString)
        path =
            mkdtemp(&template) == nil
            ? "/tmp" : String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard path != "/tmp" else { return }
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    private var names: [String] = []

    func write(_ text: String, as name: String = "file.csv") -> String { write(Array(text.utf8), as: name) }

    func write(_ bytes: [UInt8], as name: String) -> String {
        let file = path + "/" + name
        names += [name, name + ".rejects.jsonl"]
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var done = 0
        while done < bytes.count {
            done += max(1, bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) })
        }
        close(descriptor)
        return file
    }

    func read(_ name: String) -> String? {
        guard let source = try? FileSource(path: path + "/" + name) else { return nil }
        var bytes: [UInt8] = []
        while let count = try? source.read(into: &bytes, limit: 65_536), count > 0 {}
        return String(decoding: bytes, as: UTF8.self)
    }
}

let importDay = Timestamp(iso8601: "2026-01-15T12:00:00Z" as Text, zone: .utc) ?? .earliest

/// Imports a file into a sink.
@discardableResult
func runImport(
    _ path: String, into sink: any MessageSink, at time: Timestamp = importDay,
    settings: WorkspaceSettings = WorkspaceSettings(), _ change: (inout ImportOptions) -> Void = { _ in }
) async throws -> ImportSummary {
    var options = ImportOptions()
    if path.hasPrefix("/tmp/") == false { options.rejectsPath = "/tmp/shoal-connectors-rejects.jsonl" }
    change(&options)
    let importer = Importer(options: options, settings: settings, clock: ManualClock(time))
    return try await importer.run(try importer.plan(path), into: sink)
}

/// Plans an import.
func planImport(_ path: String, _ change: (inout ImportOptions) -> Void = { _ in }) throws -> ImportPlan {
    var options = ImportOptions()
    change(&options)
    return try Importer(options: options, settings: WorkspaceSettings(), clock: ManualClock(importDay)).plan(path)
}

/// Removes a folder and what is in it, two levels deep: a store.
func removeTree(_ path: String) {
    guard let folder = opendir(path) else { return }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { names.append(path + "/" + name) }
    }
    closedir(folder)
    for name in names where unlink(name) != 0 { removeTree(name) }
    rmdir(path)
}
