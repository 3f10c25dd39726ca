import ArgumentParser
import EventModel
import Foundation
import SegmentLanguage
import Testing

@testable import shoal

/// The documentation names every command, option and error code there is.
@Suite struct DocumentationTests {
    @Test func `every error code stands in docs-errors`() throws {
        let documented = try words(of: "docs/errors.md")
        let missing = try errorCodes().subtracting(documented).sorted()
        #expect(missing == [], "add these to docs/errors.md")
    }

    @Test func `every command and option stands in docs-commands`() throws {
        let text = try read("docs/commands.md")
        for (path, command) in Self.commands {
            #expect(text.contains("## `\(path)`"), "docs/commands.md lacks \(path)")
            let section =
                text.components(separatedBy: "## `\(path)`").last?.components(separatedBy: "\n## ").first ?? ""
            for option in Self.options(in: command.helpMessage()) where !["--help", "--version"].contains(option) {
                #expect(section.contains("`\(option)"), "docs/commands.md lacks \(option) of \(path)")
            }
        }
    }

    @Test(arguments: commands.map(\.path))
    func `every help shows examples that fit a line`(path: String) throws {
        let command = try #require(Self.commands.first { $0.path == path }?.command)
        let lines = command.configuration.discussion.components(separatedBy: "\n")
        let start = try #require(lines.firstIndex(of: "EXAMPLES"), "\(path) has no examples")
        let examples = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }
        #expect((2...4).contains(examples.count))
        for example in examples { #expect(example.count <= 79, "\(example)") }
    }

    @Test func `every limit stands in docs-limits, with its value and code`() throws {
        let text = try read("docs/limits.md")
        let rows = text.matches(of: /\n(\| [0-9,]+ \| .* \|)(?=\n)/).map { String($0.output.1) }
        #expect(rows == Limits.all.map { "| \(grouped($0.value)) | \($0.what) | `\($0.code)` |" })
    }

    /// 12,345 for 12345.
    private func grouped(_ number: Int) -> String {
        String(String(number).reversed().enumerated().flatMap { $0 > 0 && $0 % 3 == 0 ? [",", $1] : [$1] }.reversed())
    }

    @Test func `every setting stands in docs-configuration, and has its option`() throws {
        let text = try read("docs/configuration.md")
        let rows = text.components(separatedBy: "## Settings").last?.matches(of: #/\n\| `([a-z-]+)` /#) ?? []
        #expect(rows.map { String($0.output.1) } == Setting.all.map(\.name))
        for setting in Setting.all {
            let row = "| `\(setting.name)` | `\(setting.variable)` | \(setting.usual.words) | \(setting.what)"
            #expect(text.contains("\n" + row), "docs/configuration.md lacks \(row)")
        }
        let options = Self.options(in: Serve.helpMessage())
        let others: Set = ["--config", "--print-config", "--json", "--help", "--version"]
        #expect(options.subtracting(others) == Set(Setting.all.map(\.flag)))
        for setting in Setting.all { #expect(Serve.helpMessage().contains(setting.variable)) }
    }

    // MARK: - What there is

    static let commands: [(path: String, command: any ParsableCommand.Type)] = collect(Shoal.self, "shoal")

    private static func collect(_ command: any ParsableCommand.Type, _ path: String) -> [(
        path: String, command: any ParsableCommand.Type
    )] {
        command.configuration.subcommands.flatMap { sub -> [(path: String, command: any ParsableCommand.Type)] in
            let name = "\(path) \(sub._commandName)"
            return [(name, sub)] + collect(sub, name)
        }
    }

    static func options(in help: String) -> Set<String> {
        Set(
            (help.components(separatedBy: "\nUSAGE:").last ?? "").matches(of: /--[a-z][a-z-]+/).map {
                String($0.output)
            })
    }

    private func errorCodes() throws -> Set<String> {
        var codes = Set(DiagnosticCode.allCases.map(\.rawValue)).union(JSONError.Code.allCases.map(\.rawValue))
        codes.formUnion(Limits.all.map(\.code))
        let made = /(?:CommandError|MessageError|RowProblem|LineProblem)\(\s*"([a-z0-9]+(?:-[a-z0-9]+)*)"/
        let mapped = /case [^:\n]*:\s*"([a-z0-9]+(?:-[a-z0-9]+)+)"/
        let named = /case [A-Za-z]+ = "([a-z0-9]+(?:-[a-z0-9]+)+)"/
        let warned = /warnings\.append\("([a-z-]+)"\)/
        let noted = /(?:code: |\.note\()"([a-z]+(?:-[a-z]+)+)"/
        for file in try sources() {
            let text = try read(file)
            codes.formUnion(text.matches(of: made).map { String($0.output.1) })
            codes.formUnion(text.matches(of: warned).map { String($0.output.1) })
            codes.formUnion(text.matches(of: noted).map { String($0.output.1) })
            guard file.contains("Error") || file.contains("Problem") || file.contains("Failure") else { continue }
            codes.formUnion(text.matches(of: mapped).map { String($0.output.1) })
            codes.formUnion(text.matches(of: named).map { String($0.output.1) })
        }
        return codes
    }

    // MARK: - Files

    private static let package = #filePath.components(separatedBy: "/").dropLast(3).joined(separator: "/")

    private func read(_ path: String) throws -> String {
        try String(contentsOfFile: Self.package + "/" + path, encoding: .utf8)
    }

    private func sources() throws -> [String] {
        let found = try #require(FileManager.default.enumerator(atPath: Self.package + "/Sources"))
        return found.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { "Sources/" + $0 }
    }

    /// The words that stand between backticks.
    private func words(of path: String) throws -> Set<String> {
        Set(try read(path).matches(of: /`([^`\n]+)`/).map { String($0.output.1) })
    }
}
