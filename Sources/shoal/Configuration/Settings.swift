import Configuration
import EventModel

/// What `shoal serve` goes by: each setting's value, and where it comes from.
///
/// A flag goes before a variable of the environment, that before the file, and the file before what is built in.
struct Settings {
    /// Where a value comes from.
    enum Source: Hashable, Sendable {
        case flag
        case environment
        case file(String)
        case builtIn
    }

    struct Entry: Sendable {
        let setting: Setting
        let value: Setting.Value
        let source: Source
    }

    /// One for each setting, in the order of the table.
    let entries: [Entry]
    /// The file that was read, if any.
    let file: String?

    /// - Parameters:
    ///   - flags: what was given for each option, in order.
    ///   - file: as named by `--config`; nil: `SHOAL_CONFIG`, else `shoal.json` in the data directory if it is there.
    ///   - environment: all variables; one that is empty counts as not set.
    init(
        flags: [(setting: Setting, values: [String])], file named: String?, environment: [String: String]
    ) throws(CommandError) {
        // Flags are texts as variables are, so one reader makes values of both.
        let given = flags.filter { !$0.values.isEmpty }.map { ($0.setting.name, $0.values.joined(separator: ",")) }
        let texts = Dictionary(given.map { (Self.word($0), $1) }) { $1 }
        let flags = EnvironmentVariablesProvider(environmentVariables: texts)
        let set = environment.filter { !$0.value.isEmpty }
        let variables = EnvironmentVariablesProvider(environmentVariables: set).prefixKeys(with: "shoal")
        var layers: [(Source, any ConfigProvider)] = [(.flag, flags), (.environment, variables)]
        if let path = named ?? set["SHOAL_CONFIG"] {
            file = path
            layers.append((.file(path), try SettingsFile(path, isInData: false).provider))
        } else {
            let usual = try Self.entry(.data, layers).value.words + "/" + SettingsFile.name
            file = LocalFiles.exists(usual) ? usual : nil
            if LocalFiles.exists(usual) {
                layers.append((.file(usual), try SettingsFile(usual, isInData: true).provider))
            }
        }
        var entries: [Entry] = []
        for setting in Setting.all { entries.append(try Self.entry(setting, layers)) }
        self.entries = entries
    }

    private static func word(_ name: String) -> String { name.uppercased().replacing("-", with: "_") }

    /// The value of the first layer that has one.
    private static func entry(
        _ setting: Setting, _ layers: [(source: Source, provider: any ConfigProvider)]
    ) throws(CommandError) -> Entry {
        let key = AbsoluteConfigKey([setting.name])
        for (source, provider) in layers {
            let content: ConfigContent?
            do {
                content = try provider.value(forKey: key, type: setting.kind.type).value?.content
            } catch {
                let text = try? provider.value(forKey: key, type: .string).value?.content.text
                throw setting.refusal(of: text ?? "", from: source)
            }
            guard let content else { continue }
            guard let value = Setting.Value(content), setting.kind.takes(value) else {
                throw setting.refusal(of: content.text, from: source)
            }
            return Entry(setting: setting, value: value, source: source)
        }
        return Entry(setting: setting, value: setting.usual, source: .builtIn)
    }
}

extension Setting {
    /// Says what was given where, and what is allowed.
    func refusal(of text: String, from source: Settings.Source) -> CommandError {
        CommandError(
            "bad-setting", source == .flag ? .usage : .configuration, "\"\(name)\" can't be \(text)",
            at: source.place(of: self), advice: "it takes \(kind.allowed)")
    }
}

extension Settings.Source {
    /// `flag`, `environment`, `file` or `built-in`.
    var word: String {
        switch self {
        case .flag: "flag"
        case .environment: "environment"
        case .file: "file"
        case .builtIn: "built-in"
        }
    }

    /// Where a person finds the value of a setting; nil when it is built in.
    func place(of setting: Setting) -> String? {
        switch self {
        case .flag: setting.flag
        case .environment: setting.variable
        case .file(let path): path
        case .builtIn: nil
        }
    }
}

extension Setting.Kind {
    fileprivate var type: ConfigType {
        switch self {
        case .text, .zone: .string
        case .number: .int
        case .networks: .stringArray
        }
    }
}

extension Setting.Value {
    fileprivate init?(_ content: ConfigContent) {
        switch content {
        case .string(let text): self = .text(text)
        case .int(let number): self = .number(number)
        case .stringArray(let list): self = .list(list)
        default: return nil
        }
    }
}

extension ConfigContent {
    fileprivate var text: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .stringArray(let list): list.joined(separator: ", ")
        default: ""
        }
    }
}
