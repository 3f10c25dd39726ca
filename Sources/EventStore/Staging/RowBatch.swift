import Columns
package import EventModel

/// Track events of one source that were never messages in memory: rows of a table, and how to read them.
///
/// An importer fills one on a thread of its own, and the bulk writer reads the cells into its columns. What it stages must
/// be just what the decoder of messages would make of the rows by their recipe; `BulkWriter.add` of messages is for
/// everything that needs more thought.
package struct RowBatch: Sendable {
    /// A column of the table that becomes a property.
    struct Reading: Sendable {
        enum Form: Sendable {
            case text
            /// As `LiteralCell` says.
            case literal
            /// Per row of the table whether it is wanted; nil for all.
            case numbers(TableNumbers, isWanted: [Bool]?)
        }

        var path: PropertyPath
        var column: TableColumn
        var form: Form
    }

    /// Who the rows are about.
    enum Persons: Sendable {
        /// The users of a column.
        case column(TableColumn)
        /// A code for each row.
        case codes([UInt32], ByteDictionary)
    }

    package let receivedAt: Timestamp
    package let source: Text
    package let recipe: StoredRecipe
    package let table: Table
    /// Which rows of the table these are; all of them have cells.
    package let rows: Range<Int>
    /// What the rows say; of equal ones the second gets another message id than the first.
    package let digests: [RowDigest]
    /// In milliseconds.
    package let times: [Int64]
    private(set) var persons = Persons.codes([], ByteDictionary())
    private(set) var events: [UInt32] = []
    private(set) var eventNames: [Text] = []
    /// The column of `product_id`: rows that have one are items by themselves; events with `products` are none for a batch.
    package var product: TableColumn?
    private(set) var readings: [Reading] = []
    private(set) var paths: [PropertyPath] = []
    private(set) var columns: [StagedColumn] = []
    private(set) var frames: [RowFrame] = []

    /// - Parameters:
    ///   - receivedAt: of all messages.
    ///   - source: of all messages; enters the keys.
    ///   - digests: of each row.
    ///   - times: of each row.
    package init(
        receivedAt: Timestamp, source: Text, recipe: StoredRecipe, table: Table, rows: Range<Int>, digests: [RowDigest],
        times: [Int64]
    ) {
        precondition(
            digests.count == rows.count && times.count == rows.count,
            "\(digests.count) digests and \(times.count) times for \(rows.count) rows")
        self.receivedAt = receivedAt
        self.source = source
        self.recipe = recipe
        self.table = table
        self.rows = rows
        self.digests = digests
        self.times = times
    }

    package var count: Int { digests.count }

    // MARK: - What rows say

    /// Says that a column has the users' ids, which are not empty.
    package mutating func set(personsOf column: TableColumn) { persons = .column(column) }

    /// Sets who the rows are about, by the codes that `PersonCodes` gave; a code for each row.
    package mutating func set(persons codes: [UInt32], of persons: PersonCodes) {
        precondition(codes.count == count, "\(codes.count) persons for \(count) rows")
        self.persons = .codes(codes, persons.keys)
    }

    /// Sets the canonical names of the rows' events, as places in `names`.
    package mutating func set(events: [UInt32], of names: [Text]) {
        precondition(events.count == count, "\(events.count) events for \(count) rows")
        self.events = events
        eventNames = names
    }

    /// Makes a property of the texts of a column; no path comes twice.
    package mutating func add(textsOf column: TableColumn, _ path: PropertyPath) {
        readings.append(Reading(path: path, column: column, form: .text))
    }

    /// Makes a property of the literals of a column; no path comes twice.
    package mutating func add(literalsOf column: TableColumn, _ path: PropertyPath) {
        readings.append(Reading(path: path, column: column, form: .literal))
    }

    /// Makes a property of numbers; no path comes twice.
    ///
    /// - Parameter isWanted: per row of the table; nil for all.
    package mutating func add(_ numbers: TableNumbers, where isWanted: [Bool]? = nil, _ path: PropertyPath) {
        readings.append(Reading(path: path, column: numbers.column, form: .numbers(numbers, isWanted: isWanted)))
    }

    /// Adds the cells of a path; no path comes twice.
    package mutating func add(_ column: StagedColumn, _ path: PropertyPath) {
        guard column.count > 0 else { return }
        paths.append(path)
        columns.append(column)
    }

    /// Adds the cells of a path that may have cells in other rows already.
    package mutating func merge(_ column: StagedColumn, _ path: PropertyPath) {
        if let reading = readings.firstIndex(where: { $0.path == path }) {
            var read = StagedColumn()
            let (form, rows) = (readings.remove(at: reading), rows)
            table.withCells { read.append(form, $0, rows, at: 0) }
            return add(read.merged(with: column), path)
        }
        guard let place = paths.firstIndex(of: path) else { return add(column, path) }
        columns[place] = columns[place].merged(with: column)
    }

    /// Adds the originals of the next rows: the bytes of whole rows as they stood in the file.
    ///
    /// - Parameters:
    ///   - columns: all columns of the table but that of times.
    ///   - tellsTime: whether each of the rows has a cell that says its time by `PlainTimes`.
    package mutating func add(
        originals: UnsafeRawBufferPointer, of rows: Range<Int>, columns: [TableColumn?], tellsTime: Bool
    ) {
        var coded: [UInt8]?
        if tellsTime {
            coded = table.withCells { cells in
                let first = self.rows.lowerBound
                return RowColumns.encode(
                    RowColumns.Rows(
                        cells: cells, rows: (first + rows.lowerBound)..<(first + rows.upperBound), columns: columns,
                        times: times[rows]),
                    originals, recipe.recipe)
            }
        }
        frames.append(
            RowFrame(
                originals, columns: coded, count: rows.count, recipe: recipe,
                times: tellsTime ? nil : Array(times[rows])))
    }

    /// The limits of `add(originals:)`.
    package static let frameRowsMax = PartFormat.messagesPerFrame
    package static let frameBytes = PartFormat.bytesPerRowFrame
}

/// Codes for persons, by their ids.
package struct PersonCodes: Sendable {
    private(set) var keys = ByteDictionary()
    private var scratch: [UInt8] = []

    package init() {}

    /// How many persons there are; codes are below it, in the order of first use.
    package var count: Int { keys.count }

    /// The code of a person by ids that are UTF-8, of which at least one is not empty.
    @inline(__always)
    package mutating func code(
        user: UnsafeBufferPointer<UInt8>, anonymous: UnsafeBufferPointer<UInt8>
    ) -> UInt32 {
        if anonymous.isEmpty { return keys.code(tag: PersonKey.Tag.user, user) }
        if user.isEmpty { return keys.code(tag: PersonKey.Tag.anonymous, anonymous) }
        return code(both: user, anonymous)
    }

    private mutating func code(both user: UnsafeBufferPointer<UInt8>, _ anonymous: UnsafeBufferPointer<UInt8>) -> UInt32
    {
        scratch.removeAll(keepingCapacity: true)
        scratch.appendLittleEndian(UInt32(truncatingIfNeeded: user.count))
        scratch.append(contentsOf: user)
        scratch.append(contentsOf: anonymous)
        return scratch.withUnsafeBufferPointer { keys.code(tag: PersonKey.Tag.user | PersonKey.Tag.anonymous, $0) }
    }

    /// The ids behind a code.
    package func ids(of code: UInt32) -> (userID: Text?, anonymousID: Text?) {
        let person = PersonKey.person(keys[code])
        return (person.userID, person.anonymousID)
    }
}
