import EventModel

/// Guesses, from names and first rows, which columns a person might mean, to suggest complete `--map` arguments.
struct ColumnGuesser {
    let header: Header
    let rows: [CSVRow]
    let assignments: MapAssignments

    /// The format that lacks the least, with a suggestion for everything it lacks.
    func nearest(of formats: [any Format.Type]) -> ImportError.NearestFormat? {
        var best: (format: any Format.Type, missing: [[Field]], found: Int, share: Double)?
        for format in formats {
            let columns = ColumnMap(header: header, rules: format.rules, assignments: assignments)
            let missing = columns.missing(of: format.requirements)
            let found = columns.columns.count
            let share = Double(missing.count) / Double(max(1, format.requirements.count))
            let isBetter = best.map { share < $0.share || (share == $0.share && found > $0.found) } ?? true
            if isBetter { best = (format, missing, found, share) }
        }
        guard let best else { return nil }
        let columns = ColumnMap(header: header, rules: best.format.rules, assignments: assignments)
        var taken = Set(columns.columns.values)
        var suggestions: [String] = []
        for fields in best.missing {
            guard let field = fields.first else { continue }
            if let column = candidate(for: field, except: taken) {
                taken.insert(column)
                suggestions.append("\(field.rawValue)=\(quoted(header.names[column]))")
            } else if field == .event {
                suggestions.append("event=@\"Name Of The Event\"")
            } else if field == .time {
                suggestions.append("time=@2025-01-31")
            } else {
                suggestions.append("\(field.rawValue)=COLUMN")
            }
        }
        return ImportError.NearestFormat(
            kind: best.format.kind, title: best.format.title, missing: best.missing, suggestions: suggestions)
    }

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
                [DecimalMark.point, .comma].contains { NumberReader(mark: $0).number(ArraySlice(cell.utf8)) != nil }
            }
        case .email: return cells.allSatisfy { $0.contains("@") }
        default: return true
        }
    }
}
