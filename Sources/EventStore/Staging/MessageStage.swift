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

    /// What there is of each message beside its cells and its original.
    struct Entry: Sendable {
        var time: Int64
        var person: UInt32
        var name: UInt32
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
    private(set) var originals = StagedOriginals()

    private var codeOfName: [Text: UInt32] = [:]
    private var personKeys = ByteDictionary()
    private var scratch: [UInt8] = []
    private var itemCount = 0

    var count: Int { entries.count }

    /// About how much memory it takes.
    var byteCount: Int {
        entries.capacity * MemoryLayout<Entry>.stride + keys.capacity * MemoryLayout<DedupKey>.stride
            + itemOffsets.capacity * 4 + personKeys.byteCount + originals.byteCount + columns.byteCount
    }

    /// Makes room for so many messages in all.
    mutating func reserve(_ count: Int) {
        entries.reserveCapacity(count)
        keys.reserveCapacity(count)
        itemOffsets.reserveCapacity(count + 1)
    }

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
        originals.append(message, source: code(ofSource: source))
        keys.append(key)
        entries.append(
            Entry(
                time: message.time.milliseconds, person: person(of: message),
                name: message.kind.isEvent ? name(message.event) : 0, kind: message.kind, flags: bits))
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
        scratch.removeAll(keepingCapacity: true)
        let tag = PersonKey.append(person, to: &scratch)
        let code = scratch.withUnsafeBufferPointer { personKeys.code(tag: tag, $0) }
        if Int(code) == persons.count { persons.append(person) }
        return code
    }

    private mutating func code(ofSource source: Text) -> UInt32 {
        if let known = sources.firstIndex(of: source) { return UInt32(known) }
        sources.append(source)
        return UInt32(sources.count - 1)
    }

    /// How many messages there are of each event, and of each other kind under `$identify` and so on.
    ///
    /// - Parameter isKept: per message; the others are not counted.
    func countsByEvent(_ isKept: [Bool]) -> [Text: Int] {
        var ofName = [Int](repeating: 0, count: names.count)
        var others: [Text: Int] = [:]
        for (index, entry) in entries.enumerated() where isKept[index] {
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
        let isWhole = isKept.allSatisfy { $0 }
        let names = batch.eventNames.map { name($0) }
        let persons = personKeys.codes(of: batch.personKeys)
        for code in self.persons.count..<personKeys.count {
            self.persons.append(PersonKey.person(personKeys[UInt32(code)]))
        }
        let first = entries.count
        let items = itemOffsets[itemOffsets.count - 1]
        func entry(_ row: Int) -> Entry {
            Entry(
                time: batch.times[row], person: persons[Int(batch.persons[row])],
                name: names[Int(batch.events[row])], kind: .track,
                flags: batch.areOwnItems[row] ? HistoryBlock.Flag.ownItem : 0)
        }
        if isWhole {
            entries.append(contentsOf: (0..<batch.count).lazy.map(entry))
            keys.append(contentsOf: batch.keys)
        } else {
            let kept = isKept.indices.filter { isKept[$0] }
            entries.append(contentsOf: kept.lazy.map(entry))
            keys.append(contentsOf: kept.lazy.map { batch.keys[$0] })
        }
        itemOffsets.append(contentsOf: repeatElement(items, count: entries.count - first))
        columns.append(
            batch.columns, batch.paths, rows: isWhole ? nil : Self.newRows(isKept, from: first), at: first)
        let code = code(ofSource: source)
        var start = 0
        for frame in batch.frames {
            let rows = start..<(start + frame.count)
            start = rows.upperBound
            if let kept = isWhole ? frame : frame.keeping(isKept[rows]) {
                originals.append(kept, receivedAt: batch.receivedAt, source: code)
            }
        }
    }

    /// Per row the row it becomes, `UInt32.max` for one that is left out.
    private static func newRows(_ isKept: [Bool], from first: Int) -> [UInt32] {
        var next = UInt32(first)
        return isKept.map { isKept in
            guard isKept else { return .max }
            defer { next += 1 }
            return next
        }
    }
}

extension JSONValue {
    /// As `isNull`, without comparing.
    fileprivate var isMissing: Bool { if case .null = self { true } else { false } }
}
