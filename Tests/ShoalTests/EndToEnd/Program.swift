import EventModel
import Foundation
import Testing

/// The built program, run as a person would run it.
struct Program {
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        /// The output as JSON.
        var json: JSONValue? { try? JSONReader.parse(output, limits: Limits.JSON(bytes: 1 << 30, values: 1 << 24)) }
        var errorsJSON: JSONValue? { try? JSONReader.parse(errors) }
    }

    /// A folder of its own for each run of a test; it goes away with the value.
    final class Folder: Sendable {
        let path: String

        init() throws {
            path = NSTemporaryDirectory() + "shoal-test-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ text: String, to name: String) throws {
            let file = path + "/" + name
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }

        func read(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
        }
    }

    /// Runs `shoal` in a folder, without a terminal.
    static func run(_ arguments: String..., in folder: Folder, environment: [String: String] = [:]) throws -> Outcome {
        try run(arguments, in: folder, environment: environment)
    }

    /// Runs it with standard output on a device that is always full.
    static func runIntoFullDevice(_ arguments: [String], in folder: Folder) throws -> Outcome {
        try run(arguments, in: folder, outputDevice: "/dev/full")
    }

    static func run(
        _ arguments: [String], in folder: Folder, environment: [String: String] = [:], outputDevice: String? = nil,
        interruptAfter seconds: Double? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try path())
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SHOAL_") }
        // Nobody's own.
        variables["SHOAL_SECRETS_KEY"] = folder.path + "/secrets.key"
        variables.merge(environment) { $1 }
        process.environment = variables
        let name = UUID().uuidString
        let output = folder.path + "/.output-" + name
        let errors = folder.path + "/.errors-" + name
        for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputDevice ?? output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        if let seconds {
            Thread.sleep(forTimeInterval: seconds)
            process.interrupt()
        }
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try folder.read(".output-" + name),
            errors: try folder.read(".errors-" + name))
    }

    /// Starts `shoal serve` in a folder, on a port of its own, and returns when it listens; stop it with `terminate`.
    static func serve(_ directory: String, in folder: Folder) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try path())
        process.arguments = [
            "serve", "--data", directory, "--port", "0", "--secrets-key", folder.path + "/secrets.key",
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        let notes = Pipe()
        process.standardError = notes
        try process.run()
        var text = ""
        // The log says that somebody listens a moment before commands can find the process.
        while !text.contains("listening on http") {
            let more = notes.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the server ended: \(text)")
            text += String(decoding: more, as: UTF8.self)
        }
        return process
    }

    /// The program stands beside the bundle of tests.
    private static func path() throws -> String {
        let folders = [
            (CommandLine.arguments[0] as NSString).deletingLastPathComponent, Bundle.main.bundlePath,
            ((#filePath as NSString).deletingLastPathComponent as NSString).appendingPathComponent(
                "../../../.build/debug"),
        ]
        let candidates = folders.map { $0 + "/shoal" }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0) },
            "build the program first: swift build")
    }
}
