package import EventModel

/// The dense number of a profile; numbers are given once and never used again.
package typealias ProfileNumber = UInt32

/// Histories of whole profiles, decoded: rows clustered by (profile, event name, time, arrival), a column per path.
///
/// A row is a track, page, screen or identify message. Identify messages stand under name code 0 with their traits
/// as properties. History order within a profile is (time, arrival).
package final class HistoryBlock: Sendable {
    /// The rows of one profile under one event name, in history order.
    package struct Run: Hashable, Sendable {
        package let name: UInt32
        package let start: UInt32
        package let end: UInt32

        package init(name: UInt32, start: UInt32, end: UInt32) {
            self.name = name
            self.start = start
            self.end = end
        }

        package var rows: Range<Int> { Int(start)..<Int(end) }
    }

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
    /// Ids as the language shows them; same count as `profileNumbers`.
    package let profileIDs: [Text]
    /// Time in ms of each profile's first message of any kind that makes rows, left-out ones included.
    package let firstTimes: [Int64]
    /// The same of its last message.
    package let lastTimes: [Int64]

    /// Name code -> canonical event name; code 0 is "$identify", the identify messages.
    package let eventNames: [Text]
    /// Profile p's runs are `runs[runOffsets[p]..<runOffsets[p + 1]]`, name codes ascending; count profiles + 1. Their
    /// rows lie side by side, but in a block read from a part not always in the order of the codes.
    package let runOffsets: [UInt32]
    package let runs: [Run]

    /// Milliseconds, per row.
    package let times: [Int64]
    /// Arrival numbers, per row; unique in a workspace.
    package let arrivals: [UInt64]
    /// `Flag` bits, per row.
    package let flags: [UInt8]
    /// Row r's stored items are `itemOffsets[r]..<itemOffsets[r + 1]` of the item table; count rows + 1.
    package let itemOffsets: [UInt32]

    private let columns: [PropertyPath: Column]
    private let codeOfName: [Text: UInt32]

    /// - Precondition: the counts agree as each field says.
    package init(
        profileNumbers: [ProfileNumber], profileIDs: [Text], firstTimes: [Int64], lastTimes: [Int64],
        eventNames: [Text], runOffsets: [UInt32], runs: [Run],
        times: [Int64], arrivals: [UInt64], flags: [UInt8], itemOffsets: [UInt32],
        columns: [PropertyPath: Column]
    ) {
        let profiles = profileNumbers.count
        let rows = times.count
        precondition(profileIDs.count == profiles, "\(profileIDs.count) ids for \(profiles) profiles")
        precondition(firstTimes.count == profiles && lastTimes.count == profiles, "spans do not match profiles")
        precondition(runOffsets.count == profiles + 1, "\(runOffsets.count) run offsets for \(profiles) profiles")
        precondition(Int(runOffsets.last ?? 0) == runs.count, "run offsets do not end at the last run")
        precondition(arrivals.count == rows && flags.count == rows, "row arrays differ in count")
        precondition(itemOffsets.count == rows + 1, "\(itemOffsets.count) item offsets for \(rows) rows")
        precondition(!eventNames.isEmpty, "code 0 needs its name")
        self.profileNumbers = profileNumbers
        self.profileIDs = profileIDs
        self.firstTimes = firstTimes
        self.lastTimes = lastTimes
        self.eventNames = eventNames
        self.runOffsets = runOffsets
        self.runs = runs
        self.times = times
        self.arrivals = arrivals
        self.flags = flags
        self.itemOffsets = itemOffsets
        self.columns = columns
        var codes: [Text: UInt32] = [:]
        for (code, name) in eventNames.enumerated().dropFirst() { codes[name] = UInt32(code) }
        codeOfName = codes
    }

    package var profileCount: Int { profileNumbers.count }
    package var rowCount: Int { times.count }
    package var itemCount: Int { Int(itemOffsets.last ?? 0) }

    /// The column of a path: a cell per row, or per stored item for scope `.items`; nil when no row has the path.
    package func column(_ path: PropertyPath) -> Column? { columns[path] }

    /// All columns, in no particular order.
    package var allColumns: [PropertyPath: Column] { columns }

    /// The code of an event name; nil when the block has none, never the code of identify messages.
    package func code(ofEvent name: Text) -> UInt32? { codeOfName[name] }

    /// The rows of profile `profile` (its index in the block) under a name code; empty when it has none.
    package func run(profile: Int, name: UInt32) -> Range<Int> {
        var low = Int(runOffsets[profile])
        var high = Int(runOffsets[profile + 1])
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].name < name { low = middle + 1 } else { high = middle }
        }
        guard low < Int(runOffsets[profile + 1]), runs[low].name == name else { return 0..<0 }
        return runs[low].rows
    }
}
