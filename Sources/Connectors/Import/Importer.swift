package import EventModel
import EventStore

/// Reads files of any known kind into a sink of messages.
///
/// ```swift
/// let importer = Importer(options: options, settings: settings, clock: clock)
/// let plan = try importer.plan("orders.csv")
/// let summary = try await importer.run(plan, into: sink)
/// ```
///
/// Running a plan again, after an interruption or with a newer export, adds only what is new: every message has an id
/// made of what its rows say.
package struct Importer {
    private let options: ImportOptions
    private let settings: WorkspaceSettings
    private let clock: any Clock

    package init(options: ImportOptions, settings: WorkspaceSettings, clock: any Clock) {
        self.options = options
        self.settings = settings
        self.clock = clock
    }

    /// Finds out what a file is, without storing anything; see `ImportPlanner.plan`.
    package func plan(_ path: String) throws(ImportError) -> ImportPlan {
        try ImportPlanner(options: options, settings: settings, importedAt: clock.now()).plan(path)
    }

    /// Imports a file as planned.
    ///
    /// Bad rows are counted and written to the rejects file. Throws when the sink or the rejects file fails; a file
    /// that breaks off, and cancellation, end in a summary that says so, with all complete rows taken.
    package func run(_ plan: ImportPlan, into sink: any MessageSink) async throws -> ImportSummary {
        let start = clock.now()
        let rejects = RejectLog(path: options.rejectsPath ?? plan.path + ".rejects.jsonl")
        var run = ImportRun(plan: plan, options: options, settings: settings, sink: sink, rejects: rejects)
        var summary = try await run.run()
        try rejects.flush()
        summary.path = plan.path
        summary.format = plan.format.title
        summary.bytes = plan.fileBytes
        summary.milliseconds = clock.now().milliseconds(since: start)
        return summary
    }
}

/// One file on its way into a sink.
private struct ImportRun {
    let plan: ImportPlan
    let options: ImportOptions
    let format: any Format
    let writer: FactWriter
    let rejects: RejectLog
    let grouper: RowGrouper
    var rows = 0
    var rowsStored = 0
    var isHeader: Bool
    var position: Int64 = 0
    /// What the last good row is grouped by.
    private var lastKey: [UInt8] = []
    /// Rows being decoded while the facts of earlier ones are stored.
    private var decoding: Task<[EventLogStager.Piece], Never>?
    /// For the rows of an event log.
    private let stager: EventLogStager?
    private var hasReserved = false

    init(
        plan: ImportPlan, options: ImportOptions, settings: WorkspaceSettings, sink: any MessageSink, rejects: RejectLog
    ) {
        self.plan = plan
        self.options = options
        self.rejects = rejects
        format = plan.format.init(context: plan.context)
        let source =
            plan.format == EventLogs.self ? DedupKey.eventLogSource : Text("import/\(plan.format.namespace)")
        stager = (format as? EventLogs).flatMap {
            sink.takesRows ? EventLogStager($0, settings: settings, source: source, dialect: plan.dialect) : nil
        }
        writer = FactWriter(
            sink: sink, source: source, settings: settings,
            zone: plan.context.times.zone, importedAt: plan.context.importedAt, folder: options.temporaryFolder,
            rejects: rejects)
        grouper = RowGrouper(budgetBytes: options.groupingBytes, folder: options.temporaryFolder)
        isHeader = plan.hasHeader
    }

    mutating func run() async throws -> ImportSummary {
        var outcome = try await readAll()
        if case .interrupted = outcome {} else if try await !storeGroups(outcome) { outcome = .interrupted }
        try await decode(nil)
        report(.storing)
        var summary = try await writer.finish()
        summary.outcome = outcome
        summary.rows = rows
        return summary
    }

    private mutating func readAll() async throws -> ImportSummary.Outcome {
        var reader = CSVReader(try Sample.open(plan.path).source, dialect: plan.dialect)
        while true {
            let batch: CSVBatch?
            do throws(ImportError) {
                batch = try reader.next()
            } catch {
                return .failed(error)
            }
            guard let batch else { return .complete }
            position = reader.position
            try await take(batch)
            report(.reading)
            if options.isCancelled() { return .interrupted }
        }
    }

    private mutating func take(_ batch: CSVBatch) async throws {
        if let stager { return try await take(batch, stager) }
        var alone: [CSVRow] = []
        var rejections = DecodedRows()
        var key: [UInt8] = []
        for row in batch.rows {
            if isHeader {
                isHeader = false
                continue
            }
            rows += 1
            if let problem = row.problem {
                rejections.reject(row, problem.rowProblem(of: row, in: plan))
                continue
            }
            key.removeAll(keepingCapacity: true)
            do throws(RowProblem) {
                if try format.appendGroupKey(of: row, to: &key) { group(row, key) } else { alone.append(row) }
                lastKey = key
            } catch {
                rejections.reject(row, error)
            }
        }
        if let groupingFailure { throw groupingFailure }
        try await writer.add(rejections)
        guard !alone.isEmpty else { return }
        try await decode { [format, alone] in
            var decoded = DecodedRows()
            format.decode(alone[...], into: &decoded)
            return [.decoded(decoded)]
        }
    }

    private mutating func take(_ batch: CSVBatch, _ stager: EventLogStager) async throws {
        let first = isHeader ? 1 : 0
        isHeader = false
        rows += batch.count - first
        var rejections = DecodedRows()
        for row in first..<batch.count {
            guard let problem = batch.records[row].problem else { continue }
            rejections.reject(batch[row], problem.rowProblem(of: batch[row], in: plan))
        }
        try await writer.add(rejections)
        reserve()
        try await decode { stager.stage(batch, from: first) }
    }

    /// Lets the sink make room for what is to come, by what came so far.
    private mutating func reserve() {
        guard !hasReserved, position > 4 << 20, plan.fileBytes > position else { return }
        hasReserved = true
        writer.reserve(Int(Double(rows) * Double(plan.fileBytes - position) / Double(position) * 1.02))
    }

    /// Starts to decode some rows, and meanwhile stores the facts of those before them.
    private mutating func decode(_ work: (@Sendable () -> [EventLogStager.Piece])?) async throws {
        let before = decoding
        decoding = work.map { work in Task { @concurrent in work() } }
        guard let before else { return }
        for piece in await before.value {
            switch piece {
            case .staged(let rows): try await writer.add(rows)
            case .decoded(let decoded): try await writer.add(decoded)
            }
        }
    }

    private var groupingFailure: ImportError?

    /// Disk failures end the import; they are kept until the batch is through.
    private mutating func group(_ row: CSVRow, _ key: [UInt8]) {
        do throws(ImportError) {
            try grouper.add(key: key, row: row)
        } catch {
            groupingFailure = error
        }
    }

    /// Stores what waited for the end of the file; false when it was cancelled in between.
    ///
    /// The order in which a damaged file broke off may be cut in two, so it waits for the whole file.
    private mutating func storeGroups(_ outcome: ImportSummary.Outcome) async throws -> Bool {
        var brokenKey: [UInt8]?
        if case .failed = outcome { brokenKey = lastKey }
        var drain = grouper.drain(dialect: plan.dialect)
        while let (batch, ends) = try drain.next() {
            try await decode { [format, brokenKey] in
                var decoded = DecodedRows()
                let all = Array(batch.rows)
                var start = 0
                for end in ends {
                    let rows = all[start..<end]
                    start = end
                    if let brokenKey, rows.first.map({ format.hasKey(brokenKey, $0) }) ?? false {
                        decoded.passedOver["order in which the file broke off", default: 0] += rows.count
                    } else {
                        format.decode(rows, into: &decoded)
                    }
                }
                return [.decoded(decoded)]
            }
            rowsStored += batch.count
            report(.storing)
            if options.isCancelled() { return false }
        }
        return true
    }

    private func report(_ stage: ImportProgress.Stage) {
        options.progress(
            ImportProgress(
                stage: stage, bytesDone: position, bytesTotal: plan.fileBytes, rows: rows, messages: writer.messages,
                rowsStored: rowsStored, rejected: rejects.count))
    }
}

extension Format {
    fileprivate func hasKey(_ key: [UInt8], _ row: CSVRow) -> Bool {
        var own: [UInt8] = []
        let isGrouped = (try? appendGroupKey(of: row, to: &own)) ?? false
        return isGrouped && own == key
    }
}

extension CSVProblem {
    /// For the rejects file.
    func rowProblem(of row: CSVRow, in plan: ImportPlan) -> RowProblem {
        RowProblem(Text(rawValue), words(cellCount: row.count, plan))
    }

    private func words(cellCount: Int, _ plan: ImportPlan) -> String {
        let expected = plan.context.columns.header.count
        switch self {
        case .tooFewCells, .tooManyCells: return "the row has \(cellCount) cells, the header \(expected)"
        case .malformedQuote: return "text follows a closing quote"
        case .unterminatedQuote: return "a quote is opened and not closed"
        case .recordTooLong: return "the row is longer than \(plan.dialect.recordBytesMax) bytes"
        case .invalidUTF8: return "the row is not UTF-8"
        case .nulByte: return "the row holds a NUL byte"
        }
    }
}
