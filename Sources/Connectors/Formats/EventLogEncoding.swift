internal import Crypto
import EventModel
import EventStore

/// The rows of one batch while they are encoded.
struct EventLogEncoding {
    /// What all rows of one written event name share.
    private struct Event {
        var number: UInt32
        /// The message up to its id.
        var opening: [UInt8]
        /// `name` or `step`, when the written name is kept as a property.
        var member: (key: [UInt8], target: Int, isName: Bool)?
        var amountKey: [UInt8]
        var amountTarget: Int
        var isOrder: Bool
        var isRenamed: Bool
        var written: Text
    }

    private struct Person {
        var number: UInt32
        /// The ids as members of the message.
        var members: [UInt8]
    }

    private let encoder: EventLogEncoder
    private var rows: EncodedRows
    private var eventCodes = ByteDictionary()
    private var events: [Event?] = []
    private var personCodes = ByteDictionary()
    private var persons: [Person?] = []
    private var scratch: [UInt8] = []
    private var keyBytes: [UInt8]
    private var isFirstMember = true

    init(_ encoder: EventLogEncoder) {
        self.encoder = encoder
        keyBytes = encoder.keyPrefix
        rows = EncodedRows(batch: RowBatch(receivedAt: encoder.context.importedAt))
        for path in encoder.paths { _ = rows.batch.column(path) }
    }

    consuming func finish() -> EncodedRows { rows }

    /// Adds a row; false, and nothing added, for one that is to be decoded instead.
    mutating func add(_ row: CSVRow, _ cells: CSVCells) -> Bool {
        let columns = encoder.context.columns
        let record = row.record
        guard let timeColumn = columns.column(.time), let eventColumn = columns.column(.event),
            let person = person(record, cells), let event = event(cells.text(record, eventColumn)),
            let time = time(record, cells, timeColumn)
        else { return false }
        var figures: [(property: EventLogEncoder.Property, cell: PlainNumber)] = []
        for property in encoder.numbers {
            guard let cell = PlainNumber(cells[record, property.column], encoder.context.numbers) else { return false }
            if !cell.isEmpty { figures.append((property, cell)) }
        }
        var amount: PlainNumber?
        if let column = columns.column(.amount) {
            guard let cell = PlainNumber(cells[record, column], encoder.context.numbers) else { return false }
            if !cell.isEmpty { amount = cell }
        }
        // Two members of one key: the decoder knows which counts.
        if let member = event.member, member.isName, let name = columns.column(.productName),
            !cells.text(record, name).isEmpty
        {
            return false
        }

        let digest = digest(record, cells)
        rows.digests.append(digest)
        rows.batch.beginRow()
        rows.batch.original.append(contentsOf: event.opening)
        keyBytes.removeLast(keyBytes.count - encoder.keyPrefix.count)
        digest.appendHexadecimal(to: &keyBytes)
        rows.batch.original.append(contentsOf: keyBytes[encoder.keyPrefix.count...])
        let messageIDEnd = rows.batch.original.count
        rows.batch.original.append(contentsOf: person.members)
        append(#""timestamp":""#)
        Self.append(time, to: &rows.batch.original)
        append(#"","properties":{"#)
        isFirstMember = true
        if let session = encoder.session { appendText(session, cells.text(record, session.column)) }
        if let member = event.member {
            begin(member.key)
            let target = member.target
            event.written.withBytes { appendString($0, to: target) }
        }
        var isOwnItem = false
        for property in encoder.texts {
            let cell = cells.text(record, property.column)
            appendText(property, cell)
            if property.column == columns.column(.product), !cell.isEmpty { isOwnItem = true }
        }
        for (property, cell) in figures { append(cell, property.key, property.target) }
        if let amount {
            append(amount, event.amountKey, event.amountTarget)
            if event.isOrder, let revenue = amount.decimal { rows.revenues.append(revenue) }
        }
        appendCurrency(record, cells)
        for property in encoder.extras { appendExtra(property, cells.text(record, property.column)) }
        append("}")
        if event.isRenamed { appendContext(event.written) }
        append("}")
        if event.isOrder { rows.orders += 1 }
        let key = keyBytes.withUnsafeBytes { DedupKey(hashing: $0) }
        rows.batch.endRow(
            key: key, messageIDEnd: messageIDEnd, person: person.number, event: event.number, time: time,
            isOwnItem: isOwnItem)
        return true
    }

    // MARK: - Who, what, when

    private mutating func person(_ record: CSVBatch.Record, _ cells: CSVCells) -> Person? {
        let columns = encoder.context.columns
        func cell(_ field: Field) -> UnsafeBufferPointer<UInt8> {
            columns.column(field).map { cells.text(record, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        }
        let customer = cell(.customer)
        let email = customer.isEmpty ? cell(.email) : UnsafeBufferPointer(start: nil, count: 0)
        let anonymous = cell(.anonymous)
        let user = customer.isEmpty ? email : customer
        let tag: UInt8 = customer.isEmpty ? 1 : 0
        let code: UInt32
        if anonymous.isEmpty {
            code = personCodes.code(tag: tag, user)
        } else {
            scratch.removeAll(keepingCapacity: true)
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: user.count)) { scratch.append(contentsOf: $0) }
            scratch.append(contentsOf: user)
            scratch.append(contentsOf: anonymous)
            code = scratch.withUnsafeBufferPointer { personCodes.code(tag: tag + 2, $0) }
        }
        if Int(code) < persons.count { return persons[Int(code)] }
        let userID = Text(utf8: user).flatMap { $0.isEmpty ? nil : tag == 0 ? $0 : Connectors.Person.id(email: $0) }
        let anonymousID = Text(utf8: anonymous).flatMap { $0.isEmpty ? nil : $0 }
        persons.append(known(userID, anonymousID))
        return persons[Int(code)]
    }

    /// Nil for ids that the decoder may refuse or leave out.
    private mutating func known(_ userID: Text?, _ anonymousID: Text?) -> Person? {
        guard let id = userID ?? anonymousID else { return nil }
        for id in [userID, anonymousID] {
            guard let id else { continue }
            if id.utf8.count > Limits.idCharacters.value || Identifiers.isPlaceholder(id) { return nil }
        }
        var members = Array("\",".utf8)
        if let userID {
            members.append(contentsOf: #""userId":"#.utf8)
            JSONWriter.append(userID, to: &members)
            members.append(UInt8(ascii: ","))
        }
        if let anonymousID {
            members.append(contentsOf: #""anonymousId":"#.utf8)
            JSONWriter.append(anonymousID, to: &members)
            members.append(UInt8(ascii: ","))
        }
        rows.profiles.append(id.hashValue)
        return Person(number: rows.batch.person(userID: userID, anonymousID: anonymousID), members: members)
    }

    private mutating func event(_ cell: UnsafeBufferPointer<UInt8>) -> Event? {
        guard !cell.isEmpty else { return nil }
        let code = eventCodes.code(tag: 0, cell)
        if Int(code) < events.count { return events[Int(code)] }
        events.append(Text(utf8: cell).flatMap { event(written: $0) })
        return events[Int(code)]
    }

    private mutating func event(written: Text) -> Event? {
        let name = encoder.keepsNames ? written : EventNames.canonical(written)
        guard !name.isEmpty, name.utf8.count <= Limits.eventNameCharacters.value else { return nil }
        let canonical = Vocabulary.canonicalName(name)
        var opening = Array(#"{"type":"track","event":"#.utf8)
        JSONWriter.append(name, to: &opening)
        opening.append(contentsOf: #","messageId":""#.utf8)
        var member: (key: [UInt8], target: Int, isName: Bool)?
        if let key = EventLogs.keyOfWritten(name, written) {
            member = (EventLogEncoder.json(key: key), encoder.named[key] ?? 0, key == "name")
        }
        let amountKey = EventLogs.amountKey(of: name)
        return Event(
            number: rows.batch.event(canonical), opening: opening, member: member,
            amountKey: EventLogEncoder.json(key: amountKey), amountTarget: encoder.named[amountKey] ?? 0,
            isOrder: canonical == "Order Completed", isRenamed: name != written, written: written)
    }

    private func time(_ record: CSVBatch.Record, _ cells: CSVCells, _ column: Int) -> Timestamp? {
        let cell = cells.text(record, column)
        let times = encoder.context.times
        let clock = encoder.context.columns.column(.clock).map { cells.text(record, $0) }
        if clock?.isEmpty ?? true, let time = times.plain(cell) { return time }
        guard !cell.isEmpty, let text = Text(utf8: cell) else { return nil }
        return times.time(text, clock: clock.flatMap { $0.isEmpty ? nil : Text(utf8: $0) })
    }

    private mutating func digest(_ record: CSVBatch.Record, _ cells: CSVCells) -> RowDigest {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: encoder.digestNamespace)
        for (column, key) in encoder.digestColumns {
            let cell = cells[record, column]
            guard !cell.isEmpty else { continue }
            scratch.append(contentsOf: key)
            RowDigest.append(cell, to: &scratch)
        }
        return RowDigest(bytes: scratch)
    }

    // MARK: - Members

    private mutating func append(_ words: StaticString) {
        let bytes = UnsafeBufferPointer(start: words.utf8Start, count: words.utf8CodeUnitCount)
        rows.batch.original.append(contentsOf: bytes)
    }

    private mutating func begin(_ key: [UInt8]) {
        if isFirstMember { isFirstMember = false } else { rows.batch.original.append(UInt8(ascii: ",")) }
        rows.batch.original.append(contentsOf: key)
    }

    private mutating func appendString(_ bytes: UnsafeBufferPointer<UInt8>, to target: Int) {
        JSONWriter.append(utf8: bytes, to: &rows.batch.original)
        rows.batch.append(string: bytes, to: target)
    }

    private mutating func appendText(_ property: EventLogEncoder.Property, _ cell: UnsafeBufferPointer<UInt8>) {
        guard !cell.isEmpty else { return }
        begin(property.key)
        appendString(cell, to: property.target)
    }

    private mutating func append(_ number: PlainNumber, _ key: [UInt8], _ target: Int) {
        begin(key)
        switch number.form {
        case .empty: break
        case .scaled(let value, let places, let text):
            rows.batch.original.append(contentsOf: text)
            rows.batch.append(scaled: value, places: places, to: target)
        case .decimal(let decimal):
            decimal.appendText(to: &rows.batch.original)
            rows.batch.append(.number(decimal), to: target)
        }
    }

    private mutating func appendCurrency(_ record: CSVBatch.Record, _ cells: CSVCells) {
        let columns = encoder.context.columns
        guard let target = encoder.named["currency"] else { return }
        if let column = columns.column(.currency) {
            let cell = cells.text(record, column)
            if !cell.isEmpty {
                begin(Self.currencyKey)
                return appendString(cell, to: target)
            }
        }
        guard let currency = encoder.context.currency, let amount = columns.column(.amount),
            !cells.text(record, amount).isEmpty
        else { return }
        begin(Self.currencyKey)
        currency.withBytes { appendString($0, to: target) }
    }

    private static let currencyKey = EventLogEncoder.json(key: "currency")

    private mutating func appendExtra(_ property: EventLogEncoder.Property, _ cell: UnsafeBufferPointer<UInt8>) {
        guard let first = cell.first else { return }
        begin(property.key)
        guard property.reading == .literal, cell.count <= 34,
            first == UInt8(ascii: "-") || first &- 0x30 < 10 || first == UInt8(ascii: "t") || first == UInt8(ascii: "f")
        else { return appendString(cell, to: property.target) }
        if let (value, places, length) = PlainNumber.scan(cell), length == cell.count {
            rows.batch.original.append(contentsOf: cell)
            rows.batch.append(scaled: value, places: places, to: property.target)
            return
        }
        let value = Text(utf8: cell).map { Cells.literal($0) } ?? .null
        JSONWriter.append(value, to: &rows.batch.original)
        rows.batch.append(value, to: property.target)
    }

    private mutating func appendContext(_ written: Text) {
        append(#","context":{"import":{"event":"#)
        let columns = encoder.importColumns
        rows.batch.append(.object(JSONObject()), to: columns.object)
        written.withBytes { appendString($0, to: columns.event) }
        append("}}")
    }

    /// `2026-03-15T12:00:00.000Z`.
    private static func append(_ time: Timestamp, to bytes: inout [UInt8]) { time.appendISO8601(to: &bytes) }
}
