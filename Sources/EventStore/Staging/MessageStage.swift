import EventModel

/// Messages on their way into a part, taken apart into columns in the order in which they came.
///
/// It keeps what a part needs and nothing else: a few numbers a message, the stored form of its original, and its
/// cells. `PartBuilder` sorts rows and cuts blocks.
struct MessageStage: Sendable {
    /// Who a message names.
    struct Person: Hashable, Sendable {
        var userID: Text?
        var anonymousID: Text?
        /// Only of an alias.
        var previousID: Text?
        var isAlias: Bool
    }

    /// What there is of each message beside its cells and its record.
    struct Entry: Sendable {
        var time: Int64
        var receivedAt: Int64
        var person: UInt32
        var name: UInt32
        var source: UInt32
        var originalCount: UInt32
        var kind: MessageKind
        var flags: UInt8
    }

    private(set) var entries: [Entry] = []
    private(set) var keys: [DedupKey] = []
    /// Code 0 is that of identify messages.
    private(set) var names: [Text] = ["$identify"]
    private(set) var persons: [Person] = []
    private(set) var sources: [Text] = []
    private(set) var columns = StagedColumns()
    /// Items of message m are `itemOffsets[m]..<itemOffsets[m + 1]`.
    private(set) var itemOffsets: [UInt32] = [0]
    /// As `MessageCoding` writes them, one after the other.
    private(set) var records: [UInt8] = []
    private(set) var recordEnds: [Int] = []
    private(set) var originalBytes = 0

    private var codeOfName: [Text: UInt32] = [:]
    private var codeOfPerson: [Person: UInt32] = [:]
    private var itemCount = 0

    var count: Int { entries.count }

    mutating func append(_ message: Message, key: DedupKey, source: Text) {
        let row = entries.count
        var bits: UInt8 = 0
        switch message.kind {
        case .group, .alias: break
        case .identify:
            columns.addTraits(message.traits, at: row)
            columns.addContext(message.context, at: row)
        case .track, .page, .screen:
            columns.addProperties(message.properties, at: row)
            bits = addItems(of: message)
            columns.addContext(message.context, at: row)
        }
        itemOffsets.append(UInt32(itemCount))
        MessageCoding.append(message, to: &records)
        recordEnds.append(records.count)
        originalBytes += message.original.count
        keys.append(key)
        entries.append(
            Entry(
                time: message.time.milliseconds, receivedAt: message.receivedAt.milliseconds,
                person: person(of: message), name: message.kind.isEvent ? name(message.event) : 0,
                source: code(ofSource: source), originalCount: UInt32(message.original.count), kind: message.kind,
                flags: bits))
    }

    private mutating func addItems(of message: Message) -> UInt8 {
        let products = message.properties["products" as Text] ?? .null
        if products.isMissing {
            let product = message.properties["product_id" as Text] ?? .null
            return product.isMissing ? 0 : HistoryBlock.Flag.ownItem
        }
        guard case .array(let elements) = products else { return 0 }
        var bits = HistoryBlock.Flag.productsList
        for case .object(let item) in elements {
            columns.addItem(item, at: itemCount)
            itemCount += 1
            bits |= HistoryBlock.Flag.storedItems
        }
        return bits
    }

    private mutating func name(_ event: Text) -> UInt32 {
        if let last = entries.last?.name, names[Int(last)] == event, last != 0 { return last }
        if let known = codeOfName[event] { return known }
        let code = UInt32(names.count)
        names.append(event)
        codeOfName[event] = code
        return code
    }

    private mutating func person(of message: Message) -> UInt32 {
        let isAlias = message.kind == .alias
        let person = Person(
            userID: message.userID, anonymousID: message.anonymousID,
            previousID: isAlias ? message.previousID : nil, isAlias: isAlias)
        // Messages of one person often follow each other.
        if let last = entries.last?.person, persons[Int(last)] == person { return last }
        return code(of: person)
    }

    private mutating func code(of person: Person) -> UInt32 {
        if let known = codeOfPerson[person] { return known }
        let code = UInt32(persons.count)
        persons.append(person)
        codeOfPerson[person] = code
        return code
    }

    private mutating func code(ofSource source: Text) -> UInt32 {
        if let last = entries.last?.source, sources[Int(last)] == source { return last }
        if let known = sources.firstIndex(of: source) { return UInt32(known) }
        sources.append(source)
        return UInt32(sources.count - 1)
    }

    /// The stored form of an original.
    func record(_ message: Int) -> ArraySlice<UInt8> {
        records[(message == 0 ? 0 : recordEnds[message - 1])..<recordEnds[message]]
    }

    /// How many messages there are of each event, and of each other kind under `$identify` and so on.
    ///
    /// - Parameter isKept: per message; the others are not counted.
    func countsByEvent(_ isKept: [Bool]) -> [Text: Int] {
        var ofName = [Int](repeating: 0, count: names.count)
        var others: [Text: Int] = [:]
        for (entry, isKept) in zip(entries, isKept) where isKept {
            if entry.kind.isEvent {
                ofName[Int(entry.name)] += 1
            } else {
                others[Text("$" + entry.kind.rawValue), default: 0] += 1
            }
        }
        for (name, count) in zip(names, ofName) where count > 0 { others[name, default: 0] += count }
        return others
    }
}

extension MessageStage {
    /// Appends the rows of a batch that are kept, in their order.
    mutating func append(_ batch: RowBatch, isKept: [Bool], source: Text) {
        guard isKept.contains(true) else { return }
        let source = code(ofSource: source)
        let names = batch.events.map { name($0) }
        let persons = batch.persons.map { code(of: $0) }
        let first = entries.count
        let recordsBefore = records.count
        if isKept.allSatisfy({ $0 }) {
            records.append(contentsOf: batch.original)
            for end in batch.recordEnds { recordEnds.append(recordsBefore + end) }
            columns.append(batch.columns, batch.paths, rows: nil, at: first)
            keys.append(contentsOf: batch.keys)
        } else {
            var newRows: [UInt32] = []
            var next = UInt32(first)
            for (row, isKept) in isKept.enumerated() {
                newRows.append(isKept ? next : .max)
                guard isKept else { continue }
                next += 1
                let start = row == 0 ? 0 : batch.recordEnds[row - 1]
                records.append(contentsOf: batch.original[start..<batch.recordEnds[row]])
                recordEnds.append(records.count)
                keys.append(batch.keys[row])
            }
            columns.append(batch.columns, batch.paths, rows: newRows, at: first)
        }
        var start = 0
        for (row, entry) in batch.rows.enumerated() {
            // The first byte of a record is no part of the original.
            let originalCount = batch.recordEnds[row] - start - 1
            start = batch.recordEnds[row]
            guard isKept[row] else { continue }
            originalBytes += originalCount
            itemOffsets.append(itemOffsets[itemOffsets.count - 1])
            entries.append(
                Entry(
                    time: entry.time, receivedAt: batch.receivedAt.milliseconds, person: persons[Int(entry.person)],
                    name: names[Int(entry.event)], source: source, originalCount: UInt32(originalCount), kind: .track,
                    flags: entry.flags))
        }
    }
}

extension JSONValue {
    /// As `isNull`, without comparing.
    fileprivate var isMissing: Bool { if case .null = self { true } else { false } }
}
