import Connectors
import Dashboard
import EventModel

/// How a file would be read: its columns, and what they become or why that cannot be.
struct ImportLook: Sendable {
    let choices: ImportChoices
    /// Nil for JSON Lines, and where there are no columns to be seen.
    let glance: FileGlance?
    let result: Result<ImportPreview, ImportError>
    /// What to choose, as far as the columns tell.
    let suggested: ImportForm

    /// Looks at the beginning of a file; at all of it where only that tells how dates are written.
    init(_ path: String, _ choices: ImportChoices, _ settings: WorkspaceSettings, _ clock: any Clock) {
        self.choices = choices
        glance = (try? FileGlance(path: path)) ?? nil
        let importer = Importer(options: choices.options, settings: settings, clock: clock)
        result = Result { () throws(ImportError) in try ImportPreview(try importer.plan(path)) }
        var suggested = ImportForm()
        if case .failure(.unknownHeader(_, let columns, let guess?)) = result {
            suggested.kind = guess.kind.rawValue
            for suggestion in guess.suggestions { suggested.take(suggestion, columns: columns) }
        }
        self.suggested = suggested
    }

    var isReadable: Bool { if case .success = result { true } else { false } }
}

extension ImportForm {
    /// Takes a suggestion as `--map` has it: `FIELD=COLUMN`, or `FIELD=@VALUE`, which only says what could be written.
    fileprivate mutating func take(_ suggestion: String, columns names: [String]) {
        guard let equals = suggestion.firstIndex(of: "=") else { return }
        let field = String(suggestion[..<equals])
        var column = String(suggestion[suggestion.index(after: equals)...])
        if column.hasPrefix("'"), column.hasSuffix("'"), column.count >= 2 {
            column = String(column.dropFirst().dropLast())
        }
        if let index = names.firstIndex(of: column) { columns[index] = field }
    }
}

/// What somebody chose about a file, as the importer takes it.
struct ImportChoices: Sendable {
    private(set) var kind: ImportKind?
    private(set) var mappings: [String] = []
    private(set) var zone: Zone?
    private(set) var currency: Text?

    init() {}

    /// Nil when something that was typed cannot be; the form then says what.
    init?(_ form: inout ImportForm, glance: FileGlance?) {
        form.wrong = [:]
        if !form.kind.isEmpty {
            kind = ImportKind(rawValue: form.kind)
            if kind == nil { form.wrong["kind"] = "Choose what the file is about." }
        }
        var taken: [String: String] = [:]
        for (index, choice) in form.columns.sorted(by: { $0.key < $1.key }) where !choice.isEmpty {
            guard let column = glance?.columns.indices.contains(index) == true ? glance?.columns[index] : nil else {
                continue
            }
            let name = column.name.hasPrefix("@") ? "@" + column.name : column.name
            switch choice {
            case "ignore": mappings.append("ignore=\(name)")
            case "property": mappings.append("properties.\(ColumnMap.propertyName(column.name))=\(name)")
            default:
                if Field(word: choice)?.isSetting != false {
                    form.wrong["c\(index)"] = "Choose one of the list."
                } else if let other = taken.updateValue(column.name, forKey: choice) {
                    form.wrong["c\(index)"] = "The column “\(other)” is that already."
                }
                mappings.append("\(choice)=\(name)")
            }
        }
        for field in ImportForm.constants {
            guard let value = form.constants[field], !value.isEmpty else { continue }
            mappings.append("\(field)=@\(value)")
        }
        if form.keepsNames { mappings.append("event_names=@keep") }
        if !form.zone.isEmpty {
            zone = Zone(identifier: Text(form.zone))
            if zone == nil { form.wrong["zone"] = "There is no such zone. Write one as in Europe/Berlin, or UTC." }
        }
        if !form.currency.isEmpty {
            currency = Currency.code(form.currency)
            if currency == nil { form.wrong["currency"] = "Use three letters, as in EUR, USD or GBP." }
        }
        if !form.wrong.isEmpty { return nil }
    }

    /// With more mappings, as `--map` has them.
    func adding(_ more: [String]) -> ImportChoices {
        var choices = self
        choices.mappings += more
        return choices
    }

    /// For the importer.
    var options: ImportOptions {
        var options = ImportOptions()
        options.kind = kind
        options.mappings = mappings
        options.zone = zone
        options.currency = currency
        return options
    }
}

/// Codes of currencies as people type them.
enum Currency {
    /// In capitals; nil for what is no three letters (ISO 4217).
    static func code(_ text: String) -> Text? {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (65...90).contains($0 & 0xDF) }) else { return nil }
        return Text(text.uppercased())
    }
}
