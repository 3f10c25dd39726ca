import Connectors
import EventModel

/// What can be chosen about a file.
extension ImportWaitingView {
    var choices: HTML {
        """
        <section class="card flush"><h2>Columns</h2>
        \(columns)</section>
        <section class="card"><h2>How it is read</h2>
        <div class="grid">
        \(FormPieces.choice("kind", "What is it about?", form.kind, [("", "What the first line says")] + Self.kinds, wrong: form.wrong["kind"]))
        \(FormPieces.choice("k-date_format", "How are dates written?", form.constants["date_format"] ?? "", Self.dates))
        \(FormPieces.choice("k-decimal_mark", "Which is the decimal mark?", form.constants["decimal_mark"] ?? "", Self.marks))
        \(FormPieces.line("zone", "Zone of times that name none", form.zone, hint: "Empty: the workspace's, \(workspaceZone.identifier).", wrong: form.wrong["zone"]))
        \(FormPieces.line("currency", "Currency of amounts that name none", form.currency, hint: "Three letters, as in EUR. Empty: none.", wrong: form.wrong["currency"]))
        \(glance == nil ? nil : FormPieces.line("k-event", "Event of all rows", form.constants["event"] ?? "", hint: "Where no column says what happened, as in “Phone Call”."))
        \(glance == nil ? nil : FormPieces.line("k-time", "Time of all rows", form.constants["time"] ?? "", hint: "Where no column says when, as in 2025-01-31."))
        </div>
        <label class="check"><input type="checkbox" name="names" value="keep"\(form.keepsNames ? " checked" as HTML : nil)> \
        Leave names of events as they are</label>
        </section>
        """
    }

    private static let kinds = [
        ("events", "Events: one a row"), ("items", "Items: one a row, orders share an id"),
        ("orders", "Orders: one a row"), ("customers", "Customers"), ("products", "Products"),
        ("messages", "Messages as JSON, one a line"),
    ]
    private static let dates = [
        ("", "As the rows tell"), ("dmy", "Day, month, year"), ("mdy", "Month, day, year"), ("ymd", "Year, month, day"),
        ("epoch_s", "Seconds since 1970"), ("epoch_ms", "Milliseconds since 1970"),
    ]
    private static let marks = [("", "As the rows tell"), ("point", "Point: 1,234.50"), ("comma", "Comma: 1.234,50")]

    private func wrong(_ name: String) -> (text: HTML?, attributes: HTML?) {
        guard let wrong = form.wrong[name] else { return (nil, nil) }
        return (
            "<p class=\"wrong\" id=\"\(name)-wrong\">\(wrong)</p>",
            " aria-invalid=\"true\" aria-describedby=\"\(name)-wrong\""
        )
    }

    // MARK: - Columns

    private var columns: HTML {
        guard let glance else {
            return "<p>There are no columns: each line is a JSON object that says what it is.</p>"
        }
        let heads: [Pieces.Column] = [.text("Column"), .text("What it is"), .text("Holds"), .text("For example")]
        let rows = glance.columns.enumerated().prefix(ImportForm.shownColumns).map { index, column -> [HTML] in
            let empty: HTML? =
                column.emptyRows > 0 && column.kind != .empty
                ? "<span class=\"under\">\(percentage(column.emptyRows, of: glance.rows)) empty</span>" : nil
            return [
                column.name.isEmpty ? "<span class=\"soft\">without a name</span>" : "\(column.name)",
                column.name.isEmpty ? "left out" : select(index, column.name),
                "\(Pieces.tag(column.kind.words))\(empty)",
                "<span class=\"soft\">\(column.examples.joined(separator: ", "))</span>",
            ]
        }
        let more: HTML? =
            glance.columns.count > ImportForm.shownColumns
            ? "<p class=\"soft\">\(counted(glance.columns.count - ImportForm.shownColumns, "further column")) as recognised.</p>"
            : nil
        return """
            \(Pieces.table("\(counted(glance.columns.count, "column")); what stands in the first \(counted(glance.rows, "row"))", heads, Array(rows), class: "columns"))
            \(more)\(Self.fieldsInWords)
            """
    }

    private func select(_ index: Int, _ name: String) -> HTML {
        let field = "c\(index)"
        let chosen = form.columns[index] ?? ""
        let wrong = wrong(field)
        let groups = Self.groups.map { title, fields -> HTML in
            "<optgroup label=\"\(title)\">\(FormPieces.options(fields.map { ($0.word, $0.word.replacing("_", with: " ")) }, chosen))</optgroup>"
        }
        let first = [("", recognised(index)), ("property", "A property of its own"), ("ignore", "Leave it out")]
        return """
            <label class="visually-hidden" for="\(field)">What \(name) is</label>\
            <select id="\(field)" name="\(field)"\(wrong.attributes)>\(FormPieces.options(first, chosen))\(groups)</select>\(wrong.text)
            """
    }

    /// What becomes of a column when nothing is said about it.
    private func recognised(_ index: Int) -> String {
        guard let preview else { return "As recognised" }
        let columns = preview.plan.context.columns
        // What was chosen for it is no recognition.
        guard form.columns[index]?.isEmpty ?? true else { return "As recognised" }
        if let field = columns.columns.first(where: { $0.value == index })?.key {
            return "As recognised: \(field.word.replacing("_", with: " "))"
        }
        guard preview.plan.format.keepsOtherColumns, let extra = columns.extras.first(where: { $0.column == index })
        else { return "As recognised: left out" }
        return "As recognised: property \(extra.name)"
    }

    private static let groups: [(String, [Field])] = {
        func fields(_ first: Field, _ last: Field) -> [Field] {
            Field.allCases.filter { first.rawValue <= $0.rawValue && $0.rawValue <= last.rawValue }
        }
        return [
            ("Who", fields(.customer, .smsConsent)), ("What and when", fields(.event, .session)),
            ("The order", fields(.order, .shippingMethod)), ("The item", fields(.product, .imageURL)),
        ]
    }()

    private static let fieldsInWords: HTML = {
        let entries = groups.flatMap(\.1).map { field -> HTML in
            "<dt>\(field.word.replacing("_", with: " "))</dt><dd>\(field.meaning)</dd>\n"
        }
        return
            "<details class=\"twin inset\"><summary>What the names mean</summary><dl class=\"facts\">\n\(entries)</dl></details>"
    }()
}
