package import EventModel

/// How one file will be read: decided from its beginning, before anything is stored.
package struct ImportPlan: Sendable {
    package let path: String
    /// What the file was taken for.
    package let format: any Format.Type
    /// Why: the columns that told, or that it was said.
    package let reason: String
    package let dialect: CSVDialect
    package let isGzip: Bool
    package let fileBytes: Int64
    /// What the rows are read with; for JSON Lines the columns are empty.
    package let context: FormatContext
    /// Whether the file says in which zone its times are; if not, `context.times.zone` is assumed.
    package let zoneIsAssumed: Bool
    /// Whether the first line is a header.
    package var hasHeader: Bool { dialect != .lines }
}

/// Finds out what a file is.
package struct ImportPlanner {
    private let options: ImportOptions
    private let settings: WorkspaceSettings
    private let importedAt: Timestamp
    /// Rows that decide about dates and decimal marks.
    private static let sampleRows = 2_000

    package init(options: ImportOptions, settings: WorkspaceSettings, importedAt: Timestamp) {
        self.options = options
        self.settings = settings
        self.importedAt = importedAt
    }

    /// Throws for a file that can't be read, can't be what it is said to be, or whose columns nobody understands.
    package func plan(_ path: String) throws(ImportError) -> ImportPlan {
        let sample = try Sample(path: path, count: options.sampleBytes)
        switch try sample.content(knownKeys: Formats.knownKeys) {
        case .jsonLines: return try planLines(sample)
        case .table(let dialect): return try planTable(sample, dialect)
        }
    }

    // MARK: - JSON Lines

    private func planLines(_ sample: Sample) throws(ImportError) -> ImportPlan {
        let header = Header(["message"])
        let context = FormatContext(
            columns: ColumnMap(header: header, rules: [], assignments: MapAssignments()),
            times: TimeReader(form: .text(nil), zone: options.zone ?? settings.zone), numbers: NumberReader(),
            currency: options.currency, importedAt: importedAt)
        guard options.kind == nil || options.kind == .messages || options.kind == .products else {
            throw .badHeader(path: sample.path, reason: "it is JSON Lines, which hold messages or products only")
        }
        let format: any Format.Type = try isProducts(sample) ? ProductLines.self : SegmentMessages.self
        let plan = ImportPlan(
            path: sample.path, format: format,
            reason: options.kind == nil ? "its first line is a JSON object" : "--as \(format.kind.rawValue)",
            dialect: .lines, isGzip: sample.isGzip, fileBytes: sample.fileBytes, context: context, zoneIsAssumed: false)
        try tryOut(plan, try rowsOfLines(sample))
        return plan
    }

    private func isProducts(_ sample: Sample) throws(ImportError) -> Bool {
        if let kind = options.kind { return kind == .products }
        guard let row = try rowsOfLines(sample).first, let value = try? JSONReader.parse(Array(row[0])),
            let object = value.object
        else { return false }
        let isMessage = ["type", "event", "userId", "anonymousId"].contains { object[Text($0)] != nil }
        return object["product_id" as Text] != nil && !isMessage
    }

    private func rowsOfLines(_ sample: Sample) throws(ImportError) -> [CSVRow] {
        var reader = CSVReader(MemorySource(sample.bytes), dialect: .lines)
        var rows: [CSVRow] = []
        while rows.count < Self.sampleRows, let batch = try reader.next() {
            rows += batch.rows.filter { $0.problem == nil }
        }
        return rows
    }

    // MARK: - Tables

    private func planTable(_ sample: Sample, _ dialect: CSVDialect) throws(ImportError) -> ImportPlan {
        let header = try sample.header(dialect)
        let assignments = try MapAssignments(options.mappings, header: header, path: sample.path)
        let rows = try sample.rows(dialect, limit: Self.sampleRows)
        let (format, reason) = try recognise(header, assignments, rows, path: sample.path)
        let columns = ColumnMap(header: header, rules: format.rules, assignments: assignments)
        let context = FormatContext(
            columns: columns, times: try timeReader(columns, format, sample, dialect, rows),
            numbers: NumberReader(mark: try decimalMark(columns, rows)), currency: options.currency,
            importedAt: importedAt)
        let plan = ImportPlan(
            path: sample.path, format: format, reason: reason, dialect: dialect, isGzip: sample.isGzip,
            fileBytes: sample.fileBytes, context: context,
            zoneIsAssumed: Self.hasTimesWithoutOffset(columns, context.times, rows))
        try tryOut(plan, rows)
        return plan
    }

    private func recognise(
        _ header: Header, _ assignments: MapAssignments, _ rows: [CSVRow], path: String
    ) throws(ImportError) -> (format: any Format.Type, reason: String) {
        if options.kind == .messages {
            throw .badHeader(path: path, reason: "it is a table; messages are JSON objects, one a line")
        }
        let candidates = Formats.all.filter { options.kind == nil || $0.kind == options.kind }
        var possible: [(format: any Format.Type, columns: ColumnMap)] = []
        for format in candidates {
            guard format.signature.allSatisfy({ header.column(Header.key($0)) != nil }) else { continue }
            let columns = ColumnMap(header: header, rules: format.rules, assignments: assignments)
            if columns.missing(of: format.requirements).isEmpty { possible.append((format, columns)) }
        }
        let isSaid = options.kind != nil
        // What was said counts where the columns alone would not tell.
        if let (format, columns) = possible.first(where: { $0.format.fits($0.columns) })
            ?? possible.first(where: { isSaid && $0.format.signature.isEmpty })
        {
            let told =
                format.signature.isEmpty
                ? format.requirements.compactMap { $0.first(where: columns.has) }.map { columns.columnName($0) }
                : format.signature.compactMap { header.column(Header.key($0)).map { header.names[$0] } }
            let said = options.kind.map { "--as \($0.rawValue), and" } ?? "by"
            return (format, "\(said) the columns \(told.joined(separator: ", "))")
        }
        throw .unknownHeader(
            path: path, columns: header.names,
            guess: ColumnGuesser(header: header, rows: rows, assignments: assignments).nearest(of: candidates))
    }

    // MARK: - Times and numbers

    private func timeReader(
        _ columns: ColumnMap, _ format: any Format.Type, _ sample: Sample, _ dialect: CSVDialect, _ rows: [CSVRow]
    ) throws(ImportError) -> TimeReader {
        let zone = options.zone ?? settings.zone
        switch columns.constants[.dateFormat] {
        case "epoch_s": return TimeReader(form: .epochSeconds, zone: zone)
        case "epoch_ms": return TimeReader(form: .epochMilliseconds, zone: zone)
        case nil, "iso": break
        case let name?:
            guard let order = DayOrder(rawValue: name) else {
                throw .badMapping("date_format=@\(name)", reason: Field.dateFormat.meaning)
            }
            return TimeReader(form: .text(order), zone: zone)
        }
        guard let column = columns.columns[.time] else { return TimeReader(form: .text(nil), zone: zone) }
        var evidence = DayOrderEvidence()
        var example = ""
        for row in rows { look(at: row, column, &evidence, &example) }
        if evidence.verdict == .ambiguous, !sample.isWhole, format.usualDayOrder == nil {
            try lookAtAll(sample, dialect, column, &evidence, &example)
        }
        switch evidence.verdict {
        case .notNeeded: return TimeReader(form: .text(format.usualDayOrder), zone: zone)
        case .decided(let order): return TimeReader(form: .text(order), zone: zone)
        case .ambiguous:
            if let usual = format.usualDayOrder { return TimeReader(form: .text(usual), zone: zone) }
            throw .ambiguousDates(path: sample.path, column: columns.header.names[column], example: example)
        case .contradictory:
            throw .contradictoryDates(path: sample.path, column: columns.header.names[column])
        }
    }

    private func look(at row: CSVRow, _ column: Int, _ evidence: inout DayOrderEvidence, _ example: inout String) {
        let text = row.string(column)
        // ISO dates are no question.
        guard !text.isEmpty, TimeText(Text(text), spaceBeforeOffset: true) == nil else { return }
        let before = evidence.undecided
        evidence.look(at: text)
        if evidence.undecided > before, example.isEmpty { example = text }
    }

    /// The beginning of the file does not decide about its dates: look at the rest.
    private func lookAtAll(
        _ sample: Sample, _ dialect: CSVDialect, _ column: Int, _ evidence: inout DayOrderEvidence,
        _ example: inout String
    ) throws(ImportError) {
        var reader = CSVReader(try Sample.open(sample.path).source, dialect: dialect)
        while evidence.verdict == .ambiguous, let batch = try reader.next() {
            for row in batch.rows where row.problem == nil { look(at: row, column, &evidence, &example) }
        }
    }

    private func decimalMark(_ columns: ColumnMap, _ rows: [CSVRow]) throws(ImportError) -> DecimalMark {
        if let name = columns.constants[.decimalMark] {
            guard let mark = DecimalMark(rawValue: name) else {
                throw .badMapping("decimal_mark=@\(name)", reason: Field.decimalMark.meaning)
            }
            return mark
        }
        var evidence = DecimalMarkEvidence()
        for column in Self.numberFields.compactMap({ columns.columns[$0] }) {
            for row in rows { evidence.look(at: row.string(column)) }
        }
        return evidence.mark
    }

    private static let numberFields: [Field] = [
        .revenue, .subtotal, .total, .tax, .shipping, .discount, .refunded, .price, .amount, .itemDiscount, .quantity,
    ]

    private static func hasTimesWithoutOffset(_ columns: ColumnMap, _ times: TimeReader, _ rows: [CSVRow]) -> Bool {
        guard let column = columns.columns[.time], case .text = times.form else { return false }
        return rows.prefix(100).contains { row in
            let text = Text(trimmed(row.string(column)))
            guard !text.isEmpty else { return false }
            if let iso = TimeText(text, spaceBeforeOffset: true) { return iso.offsetMilliseconds == nil }
            return LooseTime(text.string)?.offsetMilliseconds == nil
        }
    }

    // MARK: - Can it be what it is said to be?

    /// Decodes the first rows; throws when there are some and all are rejected.
    private func tryOut(_ plan: ImportPlan, _ rows: [CSVRow]) throws(ImportError) {
        let format = plan.format.init(context: plan.context)
        let first = rows.prefix(200)
        let decoded = format.decodeSample(first)
        guard !first.isEmpty, decoded.facts.isEmpty, decoded.products.isEmpty, decoded.passedOver.isEmpty else {
            return
        }
        throw .nothingReadable(
            path: plan.path, format: plan.format.title, rows: first.count,
            reasons: decoded.rejections.prefix(3).map {
                "line \($0.row.line): \($0.problem.words) [\($0.problem.code)]"
            })
    }
}

extension Format {
    /// Decodes some rows of the beginning, in groups as far as they go.
    func decodeSample(_ rows: ArraySlice<CSVRow>) -> DecodedRows {
        var decoded = DecodedRows()
        var groups: [[CSVRow]] = []
        var numbers: [[UInt8]: Int] = [:]
        for row in rows {
            var key: [UInt8] = []
            do throws(RowProblem) {
                guard try appendGroupKey(of: row, to: &key) else {
                    groups.append([row])
                    continue
                }
                if let number = numbers[key] {
                    groups[number].append(row)
                } else {
                    numbers[key] = groups.count
                    groups.append([row])
                }
            } catch {
                decoded.reject(row, error)
            }
        }
        for group in groups { decode(group[...], into: &decoded) }
        return decoded
    }
}

extension ColumnMap {
    /// The name of the column that holds a field, or the value said for it.
    package func columnName(_ field: Field) -> String {
        columns[field].map { header.names[$0] } ?? constants[field].map { "@" + $0 } ?? field.word
    }
}
