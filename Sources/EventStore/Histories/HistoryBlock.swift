package import EventModel

/// The dense number of a profile; numbers are given once and never used again.
package typealias ProfileNumber = UInt32

/// Histories of whole profiles, decoded: rows clustered by (event name, profile, time, arrival), a column per path.
///
/// A row is a track, page, screen or identify message. Identify messages stand under name code 0 with their traits
/// as properties. History order within a profile is (time, arrival). The rows of one event name are a `Section`; in
/// it each profile's rows lie side by side, but all rows of a profile do not.
package final class HistoryBlock: Sendable {
    /// Bits of `flags`.
    package enum Flag {
        /// No `products`, but a `product_id`: the event is its own single item.
        package static let ownItem: UInt8 = 1
        /// Items of this row stand in the item table.
        package static let storedItems: UInt8 = 2
        /// `properties.products` is a list, the empty one too.
        package static let productsList: UInt8 = 4
    }

    /// The name code of identify messages.
    package static let identifyCode: UInt32 = 0

    package let profileNumbers: [ProfileNumber]
    /// Time in ms of each profile's first message of any kind that makes rows, left-out ones included.
    package let firstTimes: [Int64]
    /// The same of its last message.
    package let lastTimes: [Int64]

    /// One per event name that has rows here, in the order of the rows, which they cover without gaps. Their name
    /// codes need not ascend.
    package let sections: [Section]

    /// Milliseconds, per row.
    package let times: [Int64]
    /// Row r's stored items are `itemOffsets[r]..<itemOffsets[r + 1]` of the item table; count rows + 1, and more of
    /// them only where there are no items.
    package let itemOffsets: [UInt32]

    /// The names by their codes; the same object in all blocks that share them.
    package let names: EventNames
    private let ids: ProfileIDs
    private let columns: [PropertyPath: Column]
    private let sectionOfName: [Int32]
    private let deferredArrivals: Deferred<[UInt64]>
    private let deferredFlags: Deferred<[UInt8]>

    /// - Precondition: the counts agree as each field says.
    init(
        profileNumbers: [ProfileNumber], ids: ProfileIDs, firstTimes: [Int64], lastTimes: [Int64],
        names: EventNames, sections: [Section],
        times: [Int64], arrivals: Deferred<[UInt64]>, flags: Deferred<[UInt8]>, itemOffsets: [UInt32],
        columns: [PropertyPath: Column]
    ) {
        let profiles = profileNumbers.count
        let rows = times.count
        precondition(firstTimes.count == profiles && lastTimes.count == profiles, "spans do not match profiles")
        let hasAllOffsets = itemOffsets.count == rows + 1 || (itemOffsets.count > rows && itemOffsets.last == 0)
        precondition(hasAllOffsets, "\(itemOffsets.count) item offsets for \(rows) rows")
        var sectionOfName = [Int32](repeating: -1, count: names.texts.count)
        var row = 0
        for (index, section) in sections.enumerated() {
            precondition(section.rows.lowerBound == row, "section \(index) begins at row \(section.rows.lowerBound)")
            precondition(sectionOfName[Int(section.name)] < 0, "two sections of name code \(section.name)")
            sectionOfName[Int(section.name)] = Int32(index)
            row = section.rows.upperBound
        }
        precondition(row == rows, "sections of \(row) rows for \(rows) rows")
        self.profileNumbers = profileNumbers
        self.ids = ids
        self.firstTimes = firstTimes
        self.lastTimes = lastTimes
        self.names = names
        self.sections = sections
        self.sectionOfName = sectionOfName
        self.times = times
        deferredArrivals = arrivals
        deferredFlags = flags
        self.itemOffsets = itemOffsets
        self.columns = columns
    }

    /// A block whose parts are all there.
    ///
    /// - Precondition: the counts agree as each field says.
    package convenience init(
        profileNumbers: [ProfileNumber], profileIDs: [Text], firstTimes: [Int64], lastTimes: [Int64],
        eventNames: [Text], sections: [Section],
        times: [Int64], arrivals: [UInt64], flags: [UInt8], itemOffsets: [UInt32],
        columns: [PropertyPath: Column]
    ) {
        precondition(profileIDs.count == profileNumbers.count, "\(profileIDs.count) profile ids")
        precondition(arrivals.count == times.count && flags.count == times.count, "row arrays differ in count")
        self.init(
            profileNumbers: profileNumbers, ids: .list(profileIDs), firstTimes: firstTimes, lastTimes: lastTimes,
            names: EventNames(eventNames), sections: sections, times: times, arrivals: Deferred(arrivals),
            flags: Deferred(flags), itemOffsets: itemOffsets, columns: columns)
    }

    package var profileCount: Int { profileNumbers.count }
    package var rowCount: Int { times.count }
    package var itemCount: Int { Int(itemOffsets.last ?? 0) }

    /// The id of a profile, by its index in the block, as the language shows it.
    package func profileID(_ profile: Int) -> Text { ids.text(profile, profileNumbers[profile]) }

    /// The ids of all profiles; makes an array of them.
    package var profileIDs: [Text] { profileNumbers.indices.map { profileID($0) } }

    /// Arrival numbers, per row; unique in a workspace. Decoded at the first call: keep them instead of asking again.
    package var arrivals: [UInt64] { deferredArrivals.value }

    /// `Flag` bits, per row. Decoded at the first call: keep them instead of asking again.
    package var flags: [UInt8] { deferredFlags.value }

    /// The column of a path: a cell per row, or per stored item for scope `.items`; nil when no row has the path.
    package func column(_ path: PropertyPath) -> Column? { columns[path] }

    /// All columns, in no particular order.
    package var allColumns: [PropertyPath: Column] { columns }

    /// Name code -> canonical event name; code 0 is "$identify", the identify messages.
    package var eventNames: [Text] { names.texts }

    /// The code of an event name; nil when the block has none, never the code of identify messages.
    package func code(ofEvent name: Text) -> UInt32? { names.code(of: name) }

    /// The rows of a name code; nil when it has none.
    package func section(name: UInt32) -> Section? {
        let index = sectionOfName[Int(name)]
        return index < 0 ? nil : sections[Int(index)]
    }

    /// The rows of profile `profile` (its index in the block) under a name code; empty when it has none.
    package func run(profile: Int, name: UInt32) -> Range<Int> {
        let index = sectionOfName[Int(name)]
        return index < 0 ? 0..<0 : sections[Int(index)].rows(of: Int32(profile))
    }

    /// All runs of a profile (its index in the block), in the order of the sections. Complexity: O(sections log profiles).
    package func runs(of profile: Int) -> [Run] {
        sections.compactMap { section in
            let rows = section.rows(of: Int32(profile))
            return rows.isEmpty ? nil : Run(name: section.name, rows: rows)
        }
    }
}

/// The event names of a block by their codes; blocks of one part share them.
package final class EventNames: Sendable {
    /// Code 0 is "$identify", the identify messages.
    let texts: [Text]
    private let codes: [Text: UInt32]

    init(_ texts: [Text]) {
        precondition(!texts.isEmpty, "code 0 needs its name")
        self.texts = texts
        var codes: [Text: UInt32] = [:]
        for (code, name) in texts.enumerated().dropFirst() { codes[name] = UInt32(code) }
        self.codes = codes
    }

    /// The code of an event; never that of identify messages.
    func code(of name: Text) -> UInt32? { codes[name] }
}

/// The ids of the profiles of a block: there already, or looked up when somebody asks.
enum ProfileIDs: Sendable {
    case list([Text])
    case lookUp(@Sendable (ProfileNumber) -> Text)

    func text(_ position: Int, _ number: ProfileNumber) -> Text {
        switch self {
        case .list(let texts): texts[position]
        case .lookUp(let text): text(number)
        }
    }
}
