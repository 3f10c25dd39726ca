import EventModel

/// Guesses, from names and first rows, which columns a person might mean, to suggest complete `--map` arguments.
struct ColumnGuesser {
    let header: Header
    let rows: [CSVRow]
    let assignments: MapAssignments

    /// The format that explains most columns and leaves least open, with a suggestion for everything it lacks.
    ///
    /// Platform formats are considered only when half of the columns that tell them are there.
    func nearest(of formats: [any Format.Type]) -> ImportError.NearestFormat? {
        formats.filter(isPossible).map(guess).max { $0.score < $1.score }?.format
    }

    private func isPossible(_ format: any Format.Type) -> Bool {
        let there = format.signature.filter { header.column(Header.key($0)) != nil }
        return 2 * there.count >= format.signature.count
    }

    private func guess(_ format: any Format.Type) -> (score: Int, format: ImportError.NearestFormat) {
        let columns = ColumnMap(header: header, rules: format.rules, assignments: assignments)
        let missing = columns.missing(of: format.requirements)
        var taken = Set(columns.columns.values)
        var score = format.requirements.count - missing.count
        var suggestions: [String] = []
        for fields in missing {
            guard let field = fields.first else { continue }
            if let column = candidate(for: field, except: taken) {
                taken.insert(column)
                score += 1
                suggestions.append("\(field.word)=\(quoted(header.names[column]))")
            } else if let constant = Self.constants[field] {
                score -= 1
                suggestions.append("\(field.word)=\(constant)")
            } else {
                score -= 2
                suggestions.append("\(field.word)=COLUMN")
            }
        }
        let nearest = ImportError.NearestFormat(
            kind: format.kind, title: format.title, missing: missing, suggestions: suggestions)
        return (score, nearest)
    }

    /// What may be said once for all rows.
    private static let constants: [Field: String] = [
        .event: "@\"Name Of The Event\"", .time: "@2025-01-31",
    ]

    private func quoted(_ name: String) -> String {
        name.contains { $0.isWhitespace || "\"'$;&|()<>`\\".contains($0) } ? "'\(name)'" : name
    }

    /// The column whose name or cells look most like the field.
    private func candidate(for field: Field, except taken: Set<Int>) -> Int? {
        let free = header.names.indices.filter { !taken.contains($0) }
        let words = Self.hints[field] ?? []
        if let byName = free.first(where: { column in words.contains { header.keys[column].contains($0) } }),
            cellsFit(field, byName)
        {
            return byName
        }
        return free.first { cellsFit(field, $0) && Self.needsCells.contains(field) }
    }

    private static let hints: [Field: [String]] = [
        .customer: ["customer", "kunde", "client", "user", "member", "buyer", "id", "konto"],
        .order: ["order", "bestell", "commande", "pedido", "invoice", "receipt", "number", "nr"],
        .time: ["date", "datum", "time", "fecha", "created", "when", "day"],
        .amount: ["amount", "total", "sum", "betrag", "preis", "price", "value", "montant", "umsatz", "importe"],
        .product: ["product", "produkt", "article", "artikel", "item", "sku"],
        .event: ["event", "action", "type", "what"],
        .email: ["mail"],
    ]
    private static let needsCells: Set<Field> = [.time, .amount, .price, .email]

    private func cellsFit(_ field: Field, _ column: Int) -> Bool {
        let cells = rows.prefix(50).map { trimmed($0.string(column)) }.filter { !$0.isEmpty }
        guard !cells.isEmpty else { return false }
        switch field {
        case .time:
            return cells.allSatisfy { TimeText(Text($0), spaceBeforeOffset: true) != nil || LooseTime($0)?.date != nil }
        case .amount, .price, .quantity:
            return cells.allSatisfy { cell in
                [DecimalMark.point, .comma].contains { NumberReader(mark: $0).isAmount(cell) }
            }
        case .email: return cells.allSatisfy { $0.contains("@") }
        default: return true
        }
    }
}
