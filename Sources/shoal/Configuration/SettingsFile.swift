import Configuration
import EventModel
import SegmentLanguage

/// The file of settings: one JSON object, its members named like the options.
///
/// ```
/// {"port": 8080, "trust-proxy": ["10.0.0.0/8"]}
/// ```
struct SettingsFile {
    let path: String
    /// Its members as they stand there; whether they are in range is not known yet.
    let provider: InMemoryProvider

    /// The usual name, in the data directory.
    static let name = "shoal.json"

    /// - Parameter isInData: it was found in the data directory, so that it cannot say which directory that is.
    /// - Throws: `bad-settings-file`, `unknown-setting`, `bad-setting`, and what reading a file throws.
    init(_ path: String, isInData: Bool) throws(CommandError) {
        self.path = path
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in try Self.members(of: path) {
            guard let setting = Setting.all.first(where: { $0.name == name }) else { throw Self.unknown(name, path) }
            if isInData, name == Setting.data.name {
                throw CommandError(
                    "bad-setting", .configuration, "\"data\" can't be set in a file of the data directory",
                    at: path, advice: "name the directory with --data, SHOAL_DATA, or in a file elsewhere (--config)")
            }
            guard let content = Self.content(value, setting.kind) else {
                throw setting.refusal(
                    of: String(decoding: JSONWriter.bytes(of: value), as: UTF8.self), from: .file(path))
            }
            values[AbsoluteConfigKey([name])] = ConfigValue(content, isSecret: false)
        }
        provider = InMemoryProvider(name: path, values: values)
    }

    private static func members(of path: String) throws(CommandError) -> [(name: String, value: JSONValue)] {
        let bytes = try LocalFiles.read(path)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.parse(Array(bytes.withoutByteOrderMark))
        } catch {
            throw CommandError(
                "bad-settings-file", .configuration, "the file of settings is no JSON: \(error.detail)",
                at: "\(path), byte \(error.offset)", advice: "see \"shoal serve --help\" for an example")
        }
        guard case .object(let object) = value else {
            throw CommandError(
                "bad-settings-file", .configuration, "the file of settings is no JSON object", at: path,
                advice: "see \"shoal serve --help\" for an example")
        }
        var names: Set<Text> = []
        for member in object.members where !names.insert(member.key).inserted {
            throw CommandError(
                "bad-settings-file", .configuration, "\"\(member.key.string)\" stands in the file twice", at: path,
                advice: "take one of them out")
        }
        return object.members.map { ($0.key.string, $0.value) }
    }

    /// Nil when the value has another type than the setting.
    private static func content(_ value: JSONValue, _ kind: Setting.Kind) -> ConfigContent? {
        switch (kind, value) {
        case (.text, .string(let text)), (.zone, .string(let text)): .string(text.string)
        case (.number, .number(let number)): number.asInt().map { .int($0) }
        case (.networks, .array(let elements)):
            elements.allSatisfy { $0.text != nil } ? .stringArray(elements.compactMap { $0.text?.string }) : nil
        default: nil
        }
    }

    private static func unknown(_ name: String, _ path: String) -> CommandError {
        let names = Setting.all.map(\.name)
        let advice = Spelling.closest(to: name, among: names).map { "did you mean \"\($0)\"?" }
        return CommandError(
            "unknown-setting", .configuration, "there is no setting \"\(name)\"", at: path,
            advice: advice ?? "there are: \(names.joined(separator: ", "))")
    }
}
