import EventModel
import EventStore

/// Makes messages of facts and hands them to the sink in batches.
///
/// Everything that depends on what came before happens here, one fact after the other: occurrences of equal rows,
/// amounts refunded before, traits that did not change.
final class FactWriter {
    private let sink: any MessageSink
    private let source: Text
    private let decoder: MessageDecoder
    /// As the store will read the originals again: with the zone of the workspace. Nil when that is the file's.
    private let storeDecoder: MessageDecoder?
    private let importedAt: Timestamp
    private let occurrences: OccurrenceCounter
    private let rejects: RejectLog
    private(set) var summary = ImportSummary()

    private var pending: [SinkEntry] = []
    private var pendingBytes = 0
    private var lastBytes = 256
    /// What the messages that wait will have remembered.
    private var pendingState: [Text: Text] = [:]
    private var made = 0
    /// Hashes of the ids of profiles.
    private var profiles: Set<UInt64> = []
    private var revenue = ExactSum()
    private var lastRejected: (line: Int, code: Text)?
    private static let batchMessages = 2_000
    private static let batchBytes = 4 * 1024 * 1024

    init(
        sink: any MessageSink, source: Text, settings: WorkspaceSettings, zone: Zone, importedAt: Timestamp,
        folder: String, rejects: RejectLog
    ) {
        self.sink = sink
        self.source = source
        var fileSettings = settings
        fileSettings.zone = zone
        self.decoder = MessageDecoder(settings: fileSettings, options: .file)
        self.storeDecoder = zone == settings.zone ? nil : MessageDecoder(settings: settings, options: .file)
        self.importedAt = importedAt
        self.occurrences = OccurrenceCounter(folder: folder)
        self.rejects = rejects
    }

    func add(_ decoded: DecodedRows) async throws {
        for rejection in decoded.rejections {
            try rejects.add(line: rejection.row.line, problem: rejection.problem, raw: rejection.row.raw)
        }
        for (reason, count) in decoded.passedOver { summary.passedOver[reason, default: 0] += count }
        if !decoded.products.isEmpty { try await sink.add(products: decoded.products) }
        for fact in decoded.facts { try await add(fact) }
    }

    /// Takes rows that are staged; what came before them goes to the sink first.
    func add(_ staged: StagedRows) async throws {
        try await flush()
        summary.orders += staged.orders
        for amount in staged.revenues { revenue.add(amount) }
        profiles.formUnion(try await sink.add(staged.batch, occurrences: occurrences))
        made += staged.batch.count
    }

    /// Which occurrence of a row this is. The sink knows of rows that nobody had to count.
    private func occurrence(of digest: RowDigest) throws -> Int {
        guard sink.takesRows else { return try occurrences.count(digest) }
        let key = DedupKey(source: source, messageID: digest.messageID(occurrence: 1))
        return try occurrences.count(digest, wasTaken: try sink.hasTaken(key))
    }

    private func add(_ fact: DecodedRows.Fact) async throws {
        guard let settled = try await settled(fact.draft) else {
            summary.duplicates += 1
            return
        }
        do throws(MessageError) {
            let message = try message(of: settled.draft, id: settled.id)
            note(message)
            pending.append(SinkEntry(message, remembering: settled.remembered))
            if let remembered = settled.remembered { pendingState[remembered.key] = remembered.value }
            pendingBytes += message.original.count
        } catch {
            try reject(fact.rows, RowProblem(error.code, error.detail))
            return
        }
        if pending.count >= Self.batchMessages || pendingBytes >= Self.batchBytes { try await flush() }
    }

    private func message(of draft: MessageDraft, id: Text) throws(MessageError) -> Message {
        let defaults = MessageDecoder.Defaults(messageID: id)
        var object = draft.message(id: id)
        guard case .message(_, let original) = draft.body else {
            var bytes: [UInt8] = []
            // Facts of one file are about as long as each other.
            bytes.reserveCapacity(lastBytes)
            JSONWriter.append(.object(object), to: &bytes)
            lastBytes = bytes.count + bytes.count / 4
            return try decoder.decode(object, original: bytes, receivedAt: importedAt, defaults: defaults)
        }
        let message = try decoder.decode(object, original: original, receivedAt: importedAt, defaults: defaults)
        guard let storeDecoder,
            try storeDecoder.decode(object, original: original, receivedAt: importedAt, defaults: defaults).time
                != message.time
        else { return message }
        // A time without an offset, read in another zone than the workspace's: from now on it says which instant it is.
        object["timestamp" as Text] = .string(Text(message.time.iso8601))
        return try decoder.decode(
            object, original: JSONWriter.bytes(of: .object(object)), receivedAt: importedAt, defaults: defaults)
    }

    /// A fact under its final id.
    private struct Settled {
        var id: Text
        var draft: MessageDraft
        var remembered: SinkEntry.Remembered?
    }

    /// The fact under its final id; nil when it says nothing new.
    private func settled(_ draft: MessageDraft) async throws -> Settled? {
        switch draft.rule {
        case .always:
            switch draft.identity {
            case .given(let id): return Settled(id: id, draft: draft)
            case .parts(let parts): return Settled(id: Self.id(parts), draft: draft)
            case .row(let digest):
                return Settled(id: digest.messageID(occurrence: try occurrence(of: digest)), draft: draft)
            }
        case .remainder(let amount, let key):
            return try await remainder(of: draft, amount: amount, key: key)
        case .whenChanged(let key):
            return try await changed(draft, key: key)
        }
    }

    /// The part of an amount that earlier imports have not seen.
    private func remainder(of draft: MessageDraft, amount: Decimal128, key: Text) async throws -> Settled? {
        let before = try await state(key).flatMap { Decimal128(jsonNumber: $0) } ?? 0
        guard amount > before, let rest = amount.subtracting(before),
            case .track(let event, var properties) = draft.body, case .parts(let parts) = draft.identity
        else { return nil }
        properties["total" as Text] = .number(rest)
        var settled = draft
        settled.body = .track(event: event, properties: properties)
        let seen = Text(amount.description)
        return Settled(id: Self.id(parts + [seen]), draft: settled, remembered: .init(key: key, value: seen))
    }

    /// The draft, if it differs from what was stored last under its key. How often that has changed enters the id, so
    /// that a value may come back.
    private func changed(_ draft: MessageDraft, key: Text) async throws -> Settled? {
        guard case .parts(let parts) = draft.identity else { return nil }
        let content = JSONWriter.bytes(of: .object(Self.content(of: draft)))
        let digest = Text(RowDigest(bytes: content).hexadecimal)
        let before = try await state(key)?.string.split(separator: " ").map { Text(String($0)) } ?? []
        if before.last == digest { return nil }
        let version = (before.first.flatMap { Int($0.string) } ?? 0) + 1
        return Settled(
            id: Self.id(parts + [digest, Text(String(version))]), draft: draft,
            remembered: .init(key: key, value: Text("\(version) \(digest.string)")))
    }

    private static func content(of draft: MessageDraft) -> JSONObject {
        switch draft.body {
        case .track(_, let properties): properties
        case .identify(let traits): traits
        case .message(let object, _): object
        }
    }

    private func state(_ key: Text) async throws -> Text? {
        if let value = pendingState[key] { return value }
        return try await sink.importState(key)
    }

    private static func id(_ parts: [Text]) -> Text { Text(RowDigest(parts: parts).hexadecimal) }

    private func note(_ message: Message) {
        if let id = message.userID ?? message.anonymousID { profiles.insert(id.withBytes { QuickHash.hash($0) }) }
        if message.event == "Order Completed" {
            summary.orders += 1
            if let amount = message.properties["revenue" as Text]?.numeric { revenue.add(amount) }
        }
        for warning in message.warnings { summary.warnings[warning, default: 0] += 1 }
    }

    /// Rows of which two facts are refused for the same reason are rejected once.
    private func reject(_ rows: ArraySlice<CSVRow>, _ problem: RowProblem) throws(ImportError) {
        if let first = rows.first?.line {
            guard lastRejected?.line != first || lastRejected?.code != problem.code else { return }
            lastRejected = (first, problem.code)
        }
        for row in rows { try rejects.add(line: row.line, problem: problem, raw: row.raw) }
    }

    /// Hands over what is waiting.
    func flush() async throws {
        guard !pending.isEmpty else { return }
        try await sink.add(pending, source: source)
        made += pending.count
        pending.removeAll(keepingCapacity: true)
        pendingState.removeAll(keepingCapacity: true)
        pendingBytes = 0
    }

    /// Lets the sink make room for about so many messages more.
    func reserve(_ messages: Int) { sink.reserve(messages) }

    /// How many messages have been made.
    var messages: Int { made + pending.count }

    /// Hands over the rest and sums up.
    func finish() async throws -> ImportSummary {
        try await flush()
        let totals = try await sink.finish()
        var result = summary
        result.taken = totals.stored
        result.takenByEvent = totals.storedByEvent
        result.duplicates += totals.duplicates
        result.products = totals.products
        result.productsUnchanged = totals.productsUnchanged
        result.profiles = profiles.count
        result.revenue = summary.orders > 0 ? revenue.value() : nil
        result.rejected = rejects.counts
        result.rejectsPath = rejects.count > 0 ? rejects.path : nil
        return result
    }
}
