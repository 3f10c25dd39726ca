import EventModel
import Foundation
import Server
import Testing

@testable import shoal

struct SettingsTests {
    private func settings(
        _ flags: [(Setting, [String])] = [], file: String? = nil, _ environment: [String: String] = [:]
    ) throws -> Settings {
        // Without the file that a developer may have.
        let usual = environment.merging(["SHOAL_DATA": "/nowhere"]) { given, _ in given }
        return try Settings(flags: flags.map { (setting: $0.0, values: $0.1) }, file: file, environment: usual)
    }

    private func entry(_ settings: Settings, _ setting: Setting) throws -> Settings.Entry {
        try #require(settings.entries.first { $0.setting.name == setting.name })
    }

    private func failure(_ body: () throws -> Settings) -> CommandError? {
        #expect(throws: CommandError.self) { _ = try body() }
    }

    /// A value of each setting that is not the usual one, as text and as JSON.
    private func other(_ setting: Setting) -> (text: String, json: String) {
        switch setting.kind {
        case .text: ("other", "\"other\"")
        case .number(let range): (String(range.upperBound), String(range.upperBound))
        case .zone: ("Asia/Tokyo", "\"Asia/Tokyo\"")
        case .networks: ("10.0.0.0/8,::1", "[\"10.0.0.0/8\", \"::1\"]")
        }
    }

    @Test(arguments: Setting.all.map(\.name))
    func `a flag goes before a variable, that before the file, and the file before what is built in`(
        name: String
    ) throws {
        let setting = try #require(Setting.all.first { $0.name == name })
        let folder = try Program.Folder()
        let other = other(setting)
        try folder.write("{\"\(name)\": \(other.json)}", to: "s.json")
        let file = folder.path + "/s.json"
        let variables = [setting.variable: other.text]
        let all = try entry(settings([(setting, [other.text])], file: file, variables), setting)
        #expect(all.source == .flag)
        #expect(try entry(settings(file: file, variables), setting).source == .environment)
        let fromFile = try entry(settings(file: file, ["SHOAL_DATA": ""]), setting)
        #expect(fromFile.source == .file(file))
        #expect(all.value == fromFile.value)
        #expect(
            all.value.words == (name == "trust-proxy" || name == "allow-webhooks-to" ? "10.0.0.0/8, ::1" : other.text))
        let usual = try entry(settings([], ["SHOAL_DATA": ""]), setting)
        #expect(usual.source == .builtIn)
        #expect(usual.value == setting.usual)
    }

    @Test func `without any setting the server is served as it is by itself`() throws {
        #expect(try settings().options == ShoalServer.Options())
    }

    @Test func `the file is the named one, else that of the environment, else the one in the data directory`() throws {
        let folder = try Program.Folder()
        for (index, name) in ["named.json", "variable.json", "data/shoal.json"].enumerated() {
            try folder.write("{\"port\": \(index + 1)}", to: name)
        }
        let environment = ["SHOAL_CONFIG": folder.path + "/variable.json", "SHOAL_DATA": folder.path + "/data"]
        let data = [(Setting.data, [folder.path + "/data"])]
        #expect(try settings(file: folder.path + "/named.json", environment).options.port == 1)
        #expect(try settings([], environment).options.port == 2)
        #expect(try settings(data).options.port == 3)
        #expect(try settings([], ["SHOAL_DATA": folder.path + "/data"]).options.port == 3)
    }

    @Test func `a repeated flag is a list, and a variable is one between commas`() throws {
        let given = [(Setting.trustProxy, ["10.0.0.0/8", "fd00::/8"])]
        #expect(try entry(settings(given), .trustProxy).value == .list(["10.0.0.0/8", "fd00::/8"]))
        let variable = ["SHOAL_TRUST_PROXY": "10.0.0.0/8, fd00::/8"]
        #expect(try entry(settings([], variable), .trustProxy).value == .list(["10.0.0.0/8", "fd00::/8"]))
    }

    @Test(arguments: [
        ("port", "x"), ("port", "70000"), ("port", "-1"), ("port", "1.5"), ("connections", "0"), ("host", ""),
        ("zone", "Mars/Olympus"), ("trust-proxy", "10.0.0.0/33"), ("allow-webhooks-to", "10.0.0.0/8,intranet"),
    ])
    func `a value that is not allowed is refused with its place, whatever its source`(name: String, text: String) throws
    {
        let setting = try #require(Setting.all.first { $0.name == name })
        let byFlag = try #require(failure { try settings([(setting, [text])]) })
        #expect(byFlag.code == "bad-setting")
        #expect(byFlag.exit == .usage)
        #expect(byFlag.place == "--" + name)
        #expect(byFlag.advice == "it takes \(setting.kind.allowed)")
        guard !text.isEmpty else { return }
        let byVariable = try #require(failure { try settings([], [setting.variable: text]) })
        #expect(byVariable.code == "bad-setting")
        #expect(byVariable.exit == .configuration)
        #expect(byVariable.place == setting.variable)
        #expect(byVariable.message.contains(name))
    }

    @Test(arguments: [
        ("{", "bad-settings-file"), ("[]", "bad-settings-file"), (#"{"port": 1, "port": 2}"#, "bad-settings-file"),
        (#"{"prot": 1}"#, "unknown-setting"), (#"{"port": "80"}"#, "bad-setting"), (#"{"port": 1.5}"#, "bad-setting"),
        (#"{"port": 70000}"#, "bad-setting"), (#"{"host": 1}"#, "bad-setting"), (#"{"host": ""}"#, "bad-setting"),
        (#"{"trust-proxy": "10.0.0.0/8"}"#, "bad-setting"), (#"{"trust-proxy": [1]}"#, "bad-setting"),
        (#"{"port": null}"#, "bad-setting"), (#"{"port": {"http": 80}}"#, "bad-setting"),
    ])
    func `a file that is wrong is refused with its name`(text: String, code: String) throws {
        let folder = try Program.Folder()
        try folder.write(text, to: "s.json")
        let error = try #require(failure { try settings(file: folder.path + "/s.json") })
        #expect(error.code == code)
        #expect(error.exit == .configuration)
        #expect(error.place?.hasPrefix(folder.path + "/s.json") == true)
        if code == "unknown-setting" { #expect(error.advice == "did you mean \"port\"?") }
    }

    @Test func `a file of the data directory can't say where the data is`() throws {
        let folder = try Program.Folder()
        try folder.write(#"{"data": "elsewhere"}"#, to: "shoal.json")
        #expect(failure { try settings([(.data, [folder.path])]) }?.code == "bad-setting")
        #expect(
            try entry(settings(file: folder.path + "/shoal.json", ["SHOAL_DATA": ""]), .data).value
                == .text("elsewhere"))
    }

    @Test func `a file that was named must be there`() throws {
        #expect(failure { try settings(file: "/nowhere/s.json") }?.code == "no-such-file")
    }

    // MARK: - The program

    @Test func `the program shows where each setting comes from`() throws {
        let folder = try Program.Folder()
        try folder.write(#"{"port": 81, "zone": "Europe/Berlin"}"#, to: "shop/shoal.json")
        let arguments = ["serve", "--data", "shop", "--connections", "7", "--print-config"]
        let environment = ["SHOAL_PORT": "82"]
        let shown = try Program.run(arguments, in: folder, environment: environment)
        #expect(shown.status == 0)
        let lines = shown.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.count == Setting.all.count + 1)
        #expect(lines.contains("port 82 SHOAL_PORT"))
        #expect(lines.contains("zone Europe/Berlin shop/shoal.json"))
        #expect(lines.contains("connections 7 --connections"))
        #expect(lines.contains("host 127.0.0.1 built in"))
        let json = try #require(try Program.run(arguments + ["--json"], in: folder, environment: environment).json)
        #expect(json.object?["file"] == "shop/shoal.json")
        let port = json.object?["settings"]?.elements?.first { $0.object?["name"] == "port" }
        #expect(port == ["name": "port", "value": 82, "from": "environment", "place": "SHOAL_PORT"])
        // Nothing was started, and nothing made.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/shop") == ["shoal.json"])
    }

    @Test func `nothing starts with a wrong file`() throws {
        let folder = try Program.Folder()
        try folder.write(#"{"prot": 81}"#, to: "s.json")
        let outcome = try Program.run("serve", "--data", "shop", "--config", "s.json", in: folder)
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("[unknown-setting]"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/shop"))
    }
}
