import Columns
import EventModel
import EventStore

/// The rows of one batch while they are staged, a column at a time.
struct EventLogStaging {
    /// What all rows of one written event name share.
    private struct Event {
        var written: Text
        var naming: RowRecipe.Naming?
        /// As the language knows it.
        var canonical: Text
        var amountKey: Text
    }

    private let stager: EventLogStager
    private let batch: CSVBatch
    private let table: Table
    private let cells: TableCells

    // Per record of the batch.
    private var isPlain: [Bool]
    private var times: [Int64]
    private var tellsTime: [Bool] = []
    /// Codes; nil when a column has them as they are.
    private var persons: [UInt32]?
    /// Places in `eventTable`.
    private var events: [UInt32] = []
    private var numbers: [Int: TableNumbers] = [:]
    /// Of the columns that are read, by their different cells.
    private var columns: [Int: TableColumn] = [:]

    private var personCodes = PersonCodes()
    private var eventTable: [Event] = []

    init(_ stager: EventLogStager, _ batch: CSVBatch, _ table: Table, _ cells: TableCells, from first: Int) {
        self.stager = stager
        self.batch = batch
        self.table = table
        self.cells = cells
        isPlain = batch.records.map { $0.problem == nil }
        for row in 0..<first { isPlain[row] = false }
        times = cells.times(stager.recipe.time)
        codeColumns()
        readTimes()
        readPersons()
        readEvents()
        readNumbers()
    }

    func isPlain(_ row: Int) -> Bool { isPlain[row] }

    private mutating func codeColumns() {
        let (coder, recipe) = (cells.coder, stager.recipe)
        let read = (recipe.first + recipe.then + recipe.last).map(\.column)
        let isTimeRead = ([recipe.event, recipe.customer, recipe.amount] + read).contains(recipe.time)
        // All of them: they are also what originals are stored as. Times mostly differ, and are read as they are.
        let all = (0..<recipe.cells).filter { $0 != recipe.time || isTimeRead }
        for (column, coded) in zip(all, coder.codes(of: all)) {
            columns[column] = TableColumn(column: column, coded)
        }
    }

    // MARK: - Who, what, when

    private mutating func readTimes() {
        let context = stager.context
        let clock = context.columns.column(.clock)
        let areUsual = context.times.hasPlainTimes && clock == nil
        tellsTime = Array(repeating: true, count: times.count)
        for row in times.indices where isPlain[row] && (!areUsual || times[row] == TableCells.noTime) {
            let ofDay = clock.map { cells.text(row, $0) }
            if context.times.hasPlainTimes, ofDay?.isEmpty ?? true, times[row] != TableCells.noTime { continue }
            tellsTime[row] = false
            let cell = cells.text(row, stager.recipe.time)
            let text = cell.isEmpty ? nil : Text(utf8: cell)
            let clockText = ofDay.flatMap { $0.isEmpty ? nil : Text(utf8: $0) }
            if let time = text.flatMap({ context.times.time($0, clock: clockText) }) {
                times[row] = time.milliseconds
            } else {
                isPlain[row] = false
            }
        }
    }

    private mutating func readPersons() {
        let recipe = stager.recipe
        if recipe.anonymous == nil, recipe.email == nil, let customer = recipe.customer { return readUsers(customer) }
        let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        var codes = PersonCodes()
        var persons = Array(repeating: TableCells.noText, count: batch.count)
        for row in 0..<batch.count where isPlain[row] {
            let anonymous = recipe.anonymous.map { cells.text(row, $0) } ?? nothing
            let customer = recipe.customer.map { cells.text(row, $0) } ?? nothing
            if customer.isEmpty, let email = recipe.email.map({ cells.text(row, $0) }), !email.isEmpty {
                RowRecipe.id(email: Text(String(decoding: email, as: UTF8.self))).withBytes {
                    persons[row] = codes.code(user: $0, anonymous: anonymous)
                }
            } else if !customer.isEmpty || !anonymous.isEmpty {
                persons[row] = codes.code(user: customer, anonymous: anonymous)
            }
        }
        let areKnown = (0..<codes.count).map { code in
            let ids = codes.ids(of: UInt32(code))
            return (ids.userID.map(Self.isUsable) ?? true) && (ids.anonymousID.map(Self.isUsable) ?? true)
        }
        for row in 0..<batch.count where isPlain[row] {
            isPlain[row] = persons[row] != TableCells.noText && areKnown[Int(persons[row])]
        }
        personCodes = codes
        self.persons = persons
    }

    /// Only looks whether the decoder may refuse or leave out an id.
    private mutating func readUsers(_ column: Int) {
        guard let users = columns[column] else { return }
        let arePositive = users.arePositive
        let areUsable = (0..<users.count).map { code in
            if arePositive?[code] ?? false { return true }
            let id = users.text(code, in: cells)
            if id.isEmpty { return false }
            return Self.isNumber(id) || Self.isUsable(Text(String(decoding: id, as: UTF8.self)))
        }
        guard areUsable.contains(false) else { return }
        for row in 0..<batch.count where isPlain[row] { isPlain[row] = areUsable[Int(users.codes[row])] }
    }

    /// Whether an id is a positive number of a usual length, which is nobody's placeholder.
    @inline(__always)
    private static func isNumber(_ id: UnsafeBufferPointer<UInt8>) -> Bool {
        guard id.count > 0, id.count <= 20, id[0] &- 0x31 < 9 else { return false }
        for byte in id where byte &- 0x30 >= 10 { return false }
        return true
    }

    private static func isUsable(_ id: Text) -> Bool {
        id.withBytes { isNumber($0) }
            || (id.utf8.count <= Limits.idCharacters.value && !Identifiers.isPlaceholder(id))
    }

    private mutating func readEvents() {
        guard let column = columns[stager.recipe.event] else { return }
        // Words that differ only in white space around them are one event.
        var words = ByteDictionary()
        var written: [Text] = []
        let eventOfCell = (0..<column.count).map { cell in
            let word = column.text(cell, in: cells)
            guard !word.isEmpty else { return TableCells.noText }
            let code = words.code(tag: 0, word)
            if Int(code) == written.count { written.append(Text(String(decoding: word, as: UTF8.self))) }
            return code
        }
        events = column.codes.map { $0 == CellCoder.noCode ? TableCells.noText : eventOfCell[Int($0)] }
        eventTable = written.map(event)
        let areKnown = eventTable.map { event in
            let name = event.naming?.name ?? event.written
            return !name.isEmpty && name.utf8.count <= Limits.eventNameCharacters.value
        }
        let areNamed = eventTable.map { $0.naming?.property == "name" }
        let nameColumn = stager.context.columns.column(.productName)
        for row in 0..<batch.count where isPlain[row] {
            guard events[row] != TableCells.noText, areKnown[Int(events[row])] else {
                isPlain[row] = false
                continue
            }
            // Two members of one key: the decoder knows which counts.
            if areNamed[Int(events[row])], let nameColumn, !cells.text(row, nameColumn).isEmpty { isPlain[row] = false }
        }
    }

    private func event(_ written: Text) -> Event {
        let name = stager.format.keepsNames ? written : EventNames.canonical(written)
        let naming =
            name == written
            ? nil : RowRecipe.Naming(name: name, property: EventLogs.keyOfWritten(name, written))
        return Event(
            written: written, naming: naming, canonical: Vocabulary.canonicalName(name),
            amountKey: RowRecipe.amountKey(of: name))
    }

    private mutating func readNumbers() {
        let recipe = stager.recipe
        let wanted = (recipe.first + recipe.then + recipe.last).filter { $0.reading == .number }.map(\.column)
        for column in wanted + (recipe.amount.map { [$0] } ?? []) {
            guard let coded = columns[column] else { continue }
            let read = TableNumbers(coded, cells, mark: recipe.decimalMark)
            numbers[column] = read
            guard read.hasOthers else { continue }
            for row in 0..<batch.count where isPlain[row] && read.places(row) == TableNumbers.notPlain {
                isPlain[row] = false
            }
        }
    }

    // MARK: - Rows

    /// Stages some records, all of them plain.
    func rows(_ rows: Range<Int>) -> StagedRows {
        let isUsed = Self.used(events[rows], of: eventTable.count)
        let renamed = zip(eventTable, isUsed).compactMap { event, isUsed in
            isUsed ? event.naming.map { (event.written, $0) } : nil
        }
        var recipe = stager.storedRecipe
        if !renamed.isEmpty {
            var named = stager.recipe
            for (written, naming) in renamed { named.names[written] = naming }
            recipe = StoredRecipe(named)
        }
        var staged = RowBatch(
            receivedAt: stager.context.importedAt, source: stager.source, recipe: recipe, table: table, rows: rows,
            digests: cells.digests(stager.recipe.digester, in: rows), times: Array(times[rows]))
        if let persons {
            staged.set(persons: Array(persons[rows]), of: personCodes)
        } else if let users = stager.recipe.customer.flatMap({ columns[$0] }) {
            staged.set(personsOf: users)
        }
        staged.set(events: Array(events[rows]), of: eventTable.map(\.canonical))
        addProperties(of: rows, to: &staged)
        if !renamed.isEmpty { addNames(of: rows, to: &staged) }
        addOriginals(of: rows, to: &staged)
        var result = StagedRows(batch: staged)
        countOrders(rows, &result)
        return result
    }

    /// Which of so many codes occur.
    private static func used(_ codes: ArraySlice<UInt32>, of count: Int) -> [Bool] {
        var isUsed = Array(repeating: false, count: count)
        for code in codes { isUsed[Int(code)] = true }
        return isUsed
    }

    private func addProperties(of rows: Range<Int>, to staged: inout RowBatch) {
        let recipe = stager.recipe
        for property in recipe.first + recipe.then + recipe.last {
            let path = PropertyPath(.properties, [property.key])
            switch property.reading {
            case .text: if let texts = columns[property.column] { staged.add(textsOf: texts, path) }
            case .literal: if let cells = columns[property.column] { staged.add(literalsOf: cells, path) }
            case .number: if let read = numbers[property.column] { staged.add(read, path) }
            }
        }
        staged.product = stager.context.columns.column(.product).flatMap { columns[$0] }
        guard let amount = recipe.amount.flatMap({ numbers[$0] }) else {
            return addCurrency(of: rows, nil, to: &staged)
        }
        for key in ["revenue", "total", "value"] as [Text] {
            let hasKey = eventTable.map { $0.amountKey == key }
            guard hasKey.contains(true) else { continue }
            let isWanted = events.map { $0 == TableCells.noText ? false : hasKey[Int($0)] }
            staged.add(amount, where: isWanted, PropertyPath(.properties, [key]))
        }
        addCurrency(of: rows, amount, to: &staged)
    }

    private func addCurrency(of rows: Range<Int>, _ amounts: TableNumbers?, to staged: inout RowBatch) {
        let (currency, usual) = (stager.recipe.currency, stager.recipe.usualCurrency)
        guard currency != nil || usual != nil else { return }
        var column = StagedColumn()
        for row in rows {
            if let own = currency.map({ cells.text(row, $0) }), !own.isEmpty {
                column.append(string: own, at: row - rows.lowerBound)
            } else if let usual, let amounts, amounts.places(row) != TableNumbers.empty {
                column.append(.string(usual), at: row - rows.lowerBound)
            }
        }
        staged.add(column, PropertyPath(.properties, ["currency"]))
    }

    /// What keeps the file's word for events that are called otherwise.
    private func addNames(of rows: Range<Int>, to staged: inout RowBatch) {
        var properties: [Text: StagedColumn] = [:]
        var notes = StagedColumn()
        var words = StagedColumn()
        for row in rows {
            let event = eventTable[Int(events[row])]
            guard let naming = event.naming else { continue }
            let place = row - rows.lowerBound
            if let key = naming.property {
                properties[key, default: StagedColumn()].append(.string(event.written), at: place)
            }
            notes.append(.object(JSONObject()), at: place)
            words.append(.string(event.written), at: place)
        }
        for (key, column) in properties.sorted(by: { $0.key < $1.key }) {
            staged.merge(column, PropertyPath(.properties, [key]))
        }
        staged.add(notes, PropertyPath(.context, ["import"]))
        staged.add(words, PropertyPath(.context, ["import", "event"]))
    }

    private func addOriginals(of rows: Range<Int>, to staged: inout RowBatch) {
        let columns = (0..<stager.recipe.cells).map { self.columns[$0] }
        batch.bytes.withUnsafeBytes { bytes in
            var first = rows.lowerBound
            for row in rows {
                let start = batch.records[first].rawStart
                let isFull =
                    row + 1 - first >= RowBatch.frameRowsMax
                    || batch.records[row].rawEnd - start >= RowBatch.frameBytes
                guard isFull || row + 1 == rows.upperBound else { continue }
                staged.add(
                    originals: UnsafeRawBufferPointer(rebasing: bytes[start..<batch.records[row].rawEnd]),
                    of: (first - rows.lowerBound)..<(row + 1 - rows.lowerBound),
                    columns: columns, tellsTime: tellsTime[first...row].allSatisfy { $0 })
                first = row + 1
            }
        }
    }

    private func countOrders(_ rows: Range<Int>, _ result: inout StagedRows) {
        let areOrders = eventTable.map { $0.canonical == "Order Completed" }
        let haveRevenue = eventTable.map { $0.amountKey == "revenue" }
        let amounts = stager.recipe.amount.flatMap { numbers[$0] }
        for row in rows where areOrders[Int(events[row])] {
            result.orders += 1
            if haveRevenue[Int(events[row])], let amount = amounts?.decimal(row) { result.revenues.append(amount) }
        }
    }
}
