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

    private(set) var times = StagedArray<Int64>()
    private(set) var persons = StagedArray<UInt32>()
    /// Codes into `names`.
    private(set) var nameCodes = StagedArray<UInt32>()
    private(set) var facts = StagedArray<RowFacts>()
    private(set) var keys = StagedKeys()
    /// Code 0 is that of identify messages.
    private(set) var names: [Text] = ["$identify"]
    private(set) var personKeys = ByteDictionary()
    private(set) var sources: [Text] = []
    private(set) var columns = StagedColumns()
    /// Items of message m are `itemOffsets[m]..<itemOffsets[m + 1]`; empty as long as there are no items.
    private(set) var itemOffsets = StagedArray<UInt32>()
    private(set) var originals = StagedOriginals()

    /// The handles of messages, ascending by message; `handle` is an index of `handleKeys`.
    private(set) var handles: [(message: Int, handle: Int)] = []
    private(set) var handleKeys: [Text] = []

    private var codeOfName: [Text: UInt32] = [:]
    private var placeOfHandle: [Text: Int] = [:]
    private var scratch: [UInt8] = []
    private var lastPerson: Person?
    private(set) var itemCount = 0

    var count: Int { times.count }

    /// About how much memory it takes.
    var byteCount: Int {
        times.byteCount + persons.byteCount + nameCodes.byteCount + facts.byteCount + keys.byteCount
            + itemOffsets.byteCount + personKeys.byteCount + originals.byteCount + columns.byteCount
            + handles.count * 16 + handleKeys.count * 128
    }

    /// Makes room for so many messages in all.
    mutating func reserve(_ count: Int) {
        times.reserve(count)
        persons.reserve(count)
        nameCodes.reserve(count)
        facts.reserve(count)
        keys.reserve(count)
    }

    /// Who is behind a code.
    func person(_ code: Int) -> Person { PersonKey.person(personKeys[UInt32(code)]) }

    /// The stored items of a message.
    func items(of message: Int) -> Range<Int> {
        itemOffsets.isEmpty ? 0..<0 : Int(itemOffsets[message])..<Int(itemOffsets[message + 1])
    }

    mutating func append(_ message: Message, key: DedupKey, source: Text) {
        let row = count
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
        if itemCount > 0 {
            // The first items: none of the messages before had any.
            if itemOffsets.isEmpty { itemOffsets.append(repeating: 0, count: row + 1) }
            itemOffsets.append(UInt32(itemCount))
        }
        addHandles(of: message, at: row)
        originals.append(message, source: code(ofSource: source))
        keys.append(key)
        persons.append(person(of: message))
        times.append(message.time.milliseconds)
        nameCodes.append(message.kind.isEvent ? name(message.event) : 0)
        facts.append(RowFacts(message.kind, flags: bits))
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

    private mutating func addHandles(of message: Message, at row: Int) {
        for handle in message.handles {
            let key = handle.key
            let place = placeOfHandle[key] ?? handleKeys.count
            if place == handleKeys.count {
                handleKeys.append(key)
                placeOfHandle[key] = place
            }
            handles.append((row, place))
        }
    }

    private mutating func name(_ event: Text) -> UInt32 {
        if let last = nameCodes.last, last != 0, names[Int(last)] == event { return last }
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
        if let lastPerson, lastPerson == person, let last = persons.last { return last }
        lastPerson = person
        scratch.removeAll(keepingCapacity: true)
        let tag = PersonKey.append(person, to: &scratch)
        return scratch.withUnsafeBufferPointer { personKeys.code(tag: tag, $0) }
    }

    private mutating func code(ofSource source: Text) -> UInt32 {
        if let known = sources.firstIndex(of: source) { return UInt32(known) }
        sources.append(source)
        return UInt32(sources.count - 1)
    }

    /// How many messages there are of each event, and of each other kind under `$identify` and so on.
    ///
    /// - Parameter left: messages that are not counted.
    func countsByEvent(without left: LeftOut) -> [Text: Int] {
        var ofName = [Int](repeating: 0, count: names.count)
        var others: [Text: Int] = [:]
        for message in 0..<count where !left.contains(message) {
            let kind = facts[message].kind
            if kind.isEvent {
                ofName[Int(nameCodes[message])] += 1
            } else {
                others[Text("$" + kind.rawValue), default: 0] += 1
            }
        }
        for (name, count) in zip(names, ofName) where count > 0 { others[name, default: 0] += count }
        return others
    }
}

// MARK: - Rows of tables

extension MessageStage {
    /// Appends all rows of a batch; whether they are new shows later.
    ///
    /// - Returns: hashes of the ids of profiles that are named for the first time here.
    mutating func append(_ batch: RowBatch) -> [UInt64] {
        guard batch.count > 0 else { return [] }
        let first = count
        let knownPersons = personKeys.count
        lastPerson = nil
        times.append(count: batch.count) { target in
            batch.times.withUnsafeBufferPointer { times in
                if let start = times.baseAddress { target.update(from: start, count: batch.count) }
            }
        }
        keys.append(digests: batch.digests, source: batch.source)
        if !itemOffsets.isEmpty { itemOffsets.append(repeating: UInt32(itemCount), count: batch.count) }
        batch.table.withCells { cells in
            appendPersons(of: batch, cells)
            appendEvents(of: batch, cells)
            columns.append(batch, cells, at: first)
        }
        let code = code(ofSource: batch.source)
        for frame in batch.frames { originals.append(frame, receivedAt: batch.receivedAt, source: code) }
        return (knownPersons..<personKeys.count).map { PersonKey.profileHash(personKeys[UInt32($0)]) }
    }

    private mutating func appendPersons(of batch: RowBatch, _ cells: TableCells) {
        switch batch.persons {
        case .column(let column):
            let used = column.codesUsed(in: batch.rows)
            let codes = personKeys.codes(
                tag: PersonKey.Tag.user, count: used.count, numbers: column.numbers.map { all in used.map { all[$0] } }
            ) { column.text(used[$0], in: cells) }
            var known = [UInt32](repeating: TableCells.noText, count: column.count)
            for (place, cell) in used.enumerated() { known[cell] = codes[place] }
            persons.append(count: batch.count) { target in
                known.withUnsafeBufferPointer { known in
                    for row in batch.rows { target[row &- batch.rows.lowerBound] = known[Int(column.codes[row])] }
                }
            }
        case .codes(let codes, let keys):
            let known = personKeys.codes(of: keys)
            persons.append(count: batch.count) { target in
                for (row, code) in codes.enumerated() { target[row] = known[Int(code)] }
            }
        }
    }

    private mutating func appendEvents(of batch: RowBatch, _ cells: TableCells) {
        let known = batch.eventNames.map { name($0) }
        nameCodes.append(count: batch.count) { target in
            for (row, event) in batch.events.enumerated() { target[row] = known[Int(event)] }
        }
        let (plain, own) = (RowFacts(.track, flags: 0), RowFacts(.track, flags: HistoryBlock.Flag.ownItem))
        facts.append(count: batch.count) { target in
            guard let product = batch.product else { return target.update(repeating: plain, count: batch.count) }
            let areEmpty = (0..<product.count).map { product.text($0, in: cells).isEmpty }
            for row in batch.rows {
                target[row &- batch.rows.lowerBound] = areEmpty[Int(product.codes[row])] ? plain : own
            }
        }
    }

    /// Times, codes of names and facts of the rows of a part; they are not here any longer.
    mutating func takeRows(
        _ cut: BlockCut
    ) -> (times: StagedArray<Int64>, names: StagedArray<UInt32>, facts: StagedArray<RowFacts>) {
        defer { (times, nameCodes, facts) = (StagedArray(), StagedArray(), StagedArray()) }
        return (cut.cut(times), cut.cut(nameCodes), cut.cut(facts))
    }

    /// Forgets what a part has already.
    mutating func dropOriginals() { (originals, keys) = (StagedOriginals(), StagedKeys()) }

    /// The same messages without their columns.
    func withoutColumns() -> MessageStage {
        var copy = self
        copy.columns = StagedColumns()
        return copy
    }

    /// Says that rows are not the first of their kind.
    ///
    /// - Parameter rows: their messages, ascending, each with how many-th it is and the key it has so.
    mutating func note(repeated rows: [(message: Int, occurrence: Int, key: DedupKey)]) {
        guard !rows.isEmpty else { return }
        for row in rows { keys.set(row.key, at: row.message) }
        originals.note(repeated: rows.map { ($0.message, $0.occurrence) })
    }

    /// Hands out the columns, which are not here any longer.
    mutating func takeColumns() -> StagedColumns {
        defer { columns = StagedColumns() }
        return columns
    }
}

/// The kind of a message and its `HistoryBlock.Flag` bits.
struct RowFacts: BitwiseCopyable, Sendable {
    private let byte: UInt8

    init(_ kind: MessageKind, flags: UInt8) {
        byte = flags | kind.code << 4
    }

    var flags: UInt8 { byte & 0x0F }
    var kind: MessageKind { MessageKind(code: byte >> 4) }
    var hasRow: Bool { byte >> 4 < MessageKind.group.code }
}

extension MessageKind {
    fileprivate var code: UInt8 {
        switch self {
        case .track: 0
        case .page: 1
        case .screen: 2
        case .identify: 3
        case .group: 4
        case .alias: 5
        }
    }

    fileprivate init(code: UInt8) {
        switch code {
        case 0: self = .track
        case 1: self = .page
        case 2: self = .screen
        case 3: self = .identify
        case 4: self = .group
        default: self = .alias
        }
    }
}

extension JSONValue {
    /// As `isNull`, without comparing.
    fileprivate var isMissing: Bool { if case .null = self { true } else { false } }
}
