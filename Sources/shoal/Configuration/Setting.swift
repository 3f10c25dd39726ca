import ArgumentParser
import EventModel
import Outbound

/// Something about `shoal serve` that can be set: by a flag, by a variable of the environment, in the file of settings.
///
/// It has one name everywhere: `idle-seconds` is `--idle-seconds`, `SHOAL_IDLE_SECONDS` and the member `idle-seconds` of
/// the file. The table of all is `Setting.all`.
struct Setting: Sendable {
    /// What values it takes.
    enum Kind: Sendable {
        case text
        case number(ClosedRange<Int>)
        case zone
        case networks
    }

    /// A value that was checked.
    enum Value: Hashable, Sendable {
        case text(String)
        case number(Int)
        case list([String])
    }

    let name: String
    /// What stands for its value in usage texts.
    let valueName: String
    let kind: Kind
    /// Without any of the three.
    let usual: Value
    /// What it is, for help.
    let what: String

    init(_ name: String, _ valueName: String, _ kind: Kind, usual: Value, _ what: String) {
        self.name = name
        self.valueName = valueName
        self.kind = kind
        self.usual = usual
        self.what = what
    }

    var flag: String { "--" + name }

    /// The variable of the environment.
    var variable: String { "SHOAL_" + name.uppercased().replacing("-", with: "_") }

    /// For the argument parser; every option says which variable it goes before.
    var help: ArgumentHelp {
        let without = usual == .list([]) ? "" : "; \(usual.words)"
        return ArgumentHelp("\(what) (\(variable)\(without)).", valueName: valueName)
    }
}

extension Setting.Kind {
    /// What is allowed, to be said where something else was given.
    var allowed: String {
        switch self {
        case .text: "a text that is not empty"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .zone: "a name like Europe/Berlin, America/New_York or UTC"
        case .networks: "addresses and networks such as 10.1.0.0/16: a list in the file, between commas in a variable"
        }
    }

    /// Whether a value of its type is one of those it takes.
    func takes(_ value: Setting.Value) -> Bool {
        switch (self, value) {
        case (.text, .text(let text)): !text.isEmpty && !text.utf8.contains(0)
        case (.number(let range), .number(let number)): range.contains(number)
        case (.zone, .text(let name)): Zone(identifier: name) != nil
        case (.networks, .list(let list)): list.allSatisfy { AddressNetwork($0) != nil }
        default: false
        }
    }
}

extension Setting.Value {
    /// For people.
    var words: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .list(let list): list.isEmpty ? "none" : list.joined(separator: ", ")
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let text): .string(Text(text))
        case .number(let number): .number(Decimal128(number))
        case .list(let list): .array(list.map { .string(Text($0)) })
        }
    }
}
