package import EventModel

/// What a dry run shows: what a file was taken for and why, how its columns are understood, and what the first rows
/// become. Nothing is stored.
package struct ImportPreview: Sendable {
    package let plan: ImportPlan
    /// Field, the column or constant it comes from, and the first cell of it that is not empty.
    package let mapping: [(field: Field, column: String, example: String)]
    /// Columns that become properties under their own names.
    package let extras: [(column: String, property: Text)]
    /// The first messages and products, as JSON.
    package let firstFacts: [JSONObject]
    /// The first rows that can't be read.
    package let firstProblems: [(line: Int, problem: RowProblem)]
    /// Rows that are fine and say nothing, by reason.
    package let passedOver: [Text: Int]
    package let rowsLookedAt: Int

    /// Looks at the first rows of a planned file.
    package init(_ plan: ImportPlan, rows limit: Int = 200, facts: Int = 5, sampleBytes: Int = 1024 * 1024)
        throws(ImportError)
    {
        self.plan = plan
        let sample = try Sample(path: plan.path, count: sampleBytes)
        let (rows, problems) = try Self.firstRows(sample, plan, limit)
        let columns = plan.context.columns
        mapping = Field.allCases.compactMap { field in
            guard columns.has(field) else { return nil }
            let example = rows.lazy.compactMap { plan.context.cells(of: $0).text(field)?.string }.first ?? ""
            return (field, columns.columnName(field), excerpt(ArraySlice(example.utf8)))
        }
        extras = columns.extras.map { extra in
            let name = columns.header.names[extra.column]
            return (name, plan.format.keepsOtherColumns ? extra.name : Text(name))
        }
        let decoded = plan.format.init(context: plan.context).decodeSample(rows[...])
        firstFacts =
            decoded.products.prefix(facts).map { $0 }
            + decoded.facts.prefix(facts).map { $0.draft.message(id: "(made on import)") }
        firstProblems = (problems + decoded.rejections.map { ($0.row.line, $0.problem) })
            .sorted { $0.0 < $1.0 }.prefix(10).map { (line: $0.0, problem: $0.1) }
        passedOver = decoded.passedOver
        rowsLookedAt = rows.count + problems.count
    }

    private static func firstRows(
        _ sample: Sample, _ plan: ImportPlan, _ limit: Int
    ) throws(ImportError) -> (good: [CSVRow], bad: [(Int, RowProblem)]) {
        var reader = CSVReader(MemorySource(sample.bytes), dialect: plan.dialect)
        var good: [CSVRow] = []
        var bad: [(Int, RowProblem)] = []
        var isHeader = plan.hasHeader
        while good.count < limit, let batch = try reader.next() {
            for row in batch.rows where good.count < limit {
                if isHeader {
                    isHeader = false
                } else if let problem = row.problem {
                    bad.append((row.line, problem.rowProblem(of: row, in: plan)))
                } else {
                    good.append(row)
                }
            }
        }
        return (good, bad)
    }
}

// MARK: - Words

extension ImportPreview {
    /// For a terminal.
    package var text: String {
        var lines = ["\(plan.path): \(plan.format.title), recognised \(plan.reason)"]
        lines.append("  \(encodingWords)")
        lines.append("  \(timeWords)")
        lines.append("  \(currencyWords)")
        if !mapping.isEmpty { lines += ["", "  field             column"] + mapping.map(Self.mappingLine) }
        if !extras.isEmpty {
            let names = extras.map { $0.column == $0.property.string ? $0.column : "\($0.column) (as \($0.property))" }
            let fate = plan.format.keepsOtherColumns ? "become properties" : "are left out"
            lines += ["", "  other columns \(fate): \(names.joined(separator: ", "))"]
        }
        lines += ["", "  the first rows become:"]
        lines += firstFacts.map { "    \(JSONWriter.text(of: .object($0)))" }
        for (reason, count) in passedOver.sorted(by: { $0.key < $1.key }) {
            lines.append("    (\(count) rows pass without a message: \(reason))")
        }
        if !firstProblems.isEmpty {
            lines += ["", "  problems in the first \(rowsLookedAt) rows:"]
            lines += firstProblems.map { "    line \($0.line): \($0.problem.words) [\($0.problem.code)]" }
        }
        lines += ["", "  nothing was stored"]
        return lines.joined(separator: "\n")
    }

    private static func mappingLine(_ row: (field: Field, column: String, example: String)) -> String {
        let field = row.field.word.padded(to: 16)
        return "    \(field)\(row.column.padded(to: 26))\(row.example.isEmpty ? "" : "e.g. \(row.example)")"
    }

    private var encodingWords: String {
        let shape = plan.hasHeader ? "columns separated by \(plan.dialect.delimiterName)" : "one JSON object a line"
        return "UTF-8, \(shape)\(plan.isGzip ? ", compressed with gzip" : "")"
    }

    private var timeWords: String {
        let times = plan.context.times
        let form =
            switch times.form {
            case .epochSeconds: "seconds since 1970"
            case .epochMilliseconds: "milliseconds since 1970"
            case .text(.dayMonthYear): "dates in digits are day/month/year"
            case .text(.monthDayYear): "dates in digits are month/day/year"
            case .text(.yearMonthDay), .text(nil): "ISO 8601, or with the month's name"
            }
        let zone =
            plan.zoneIsAssumed
            ? "without an offset, taken as \(times.zone.identifier) (--zone says otherwise)" : "with their own offset"
        return "times: \(form); \(zone)"
    }

    private var currencyWords: String {
        let mark = plan.context.numbers.mark == .comma ? "comma" : "point"
        let currency =
            plan.context.columns.has(.currency)
            ? "from column \(plan.context.columns.columnName(.currency))"
            : plan.context.currency.map { "\($0), as said" } ?? "none given (--currency says one)"
        return "amounts: decimal \(mark); currency: \(currency)"
    }

    /// For programs.
    package var json: JSONValue {
        func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string(Text($0)) }) }
        return .object(
            JSONObject([
                ("file", .string(Text(plan.path))), ("kind", .string(Text(plan.format.kind.rawValue))),
                ("format", .string(Text(plan.format.title))), ("reason", .string(Text(plan.reason))),
                ("delimiter", .string(Text(plan.dialect.delimiterName))), ("gzip", .bool(plan.isGzip)),
                ("zone", .string(Text(plan.context.times.zone.identifier))),
                ("zoneIsAssumed", .bool(plan.zoneIsAssumed)),
                ("currency", plan.context.currency.map { .string($0) } ?? .null),
                ("mapping", .object(JSONObject(mapping.map { (Text($0.field.word), .string(Text($0.column))) }))),
                (
                    plan.format.keepsOtherColumns ? "properties" : "leftOut",
                    .object(JSONObject(extras.map { ($0.property, .string(Text($0.column))) }))
                ),
                ("first", .array(firstFacts.map { .object($0) })),
                (
                    "problems",
                    .array(
                        firstProblems.map { problem in
                            .object(
                                JSONObject([
                                    ("line", .number(Decimal128(problem.line))),
                                    ("code", .string(problem.problem.code)),
                                    ("message", .string(Text(problem.problem.words))),
                                ]))
                        })
                ),
            ]))
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - unicodeScalars.count))
    }
}
