package import EventModel

/// Turns messages into a `HistoryBlock`: clusters the rows, flattens properties, context and traits into columns.
///
/// Objects become one column per leaf, and a cell `.object` at the object's own path. Lists stay one cell; the
/// objects of `products` stand in the item table as well. JSON null makes no cell, except for top-level traits.
package struct HistoryBlockBuilder {
    private struct Row {
        var profile: Int
        var name: UInt32
        var time: Int64
        var arrival: UInt64
        /// Where the message stands in `messages`; rows are sorted, and messages are large.
        var message: Int
    }

    private let projection: Projection
    private var rows: [Row] = []
    private var messages: [Message] = []
    private var profileNumbers: [ProfileNumber] = []
    private var profileIDs: [Text] = []
    private var firstTimes: [Int64] = []
    private var lastTimes: [Int64] = []
    private var indexOfProfile: [ProfileNumber: Int] = [:]
    private var eventNames: [Text] = ["$identify"]
    private var codeOfName: [Text: UInt32] = [:]

    package init(projection: Projection = .everything) {
        self.projection = projection
    }

    /// Adds a message of a profile; messages may come in any order. Group and alias messages make no rows.
    ///
    /// - Parameters:
    ///   - id: the profile's id as the language shows it.
    ///   - arrival: the message's arrival number, unique.
    package mutating func add(_ message: Message, profile: ProfileNumber, id: Text, arrival: UInt64) {
        guard message.kind != .group, message.kind != .alias else { return }
        let time = message.time.milliseconds
        let index = index(of: profile, id: id, time: time)
        guard let name = nameCode(of: message) else { return }
        rows.append(Row(profile: index, name: name, time: time, arrival: arrival, message: messages.count))
        messages.append(message)
    }

    private mutating func index(of profile: ProfileNumber, id: Text, time: Int64) -> Int {
        if let index = indexOfProfile[profile] {
            firstTimes[index] = min(firstTimes[index], time)
            lastTimes[index] = max(lastTimes[index], time)
            return index
        }
        let index = profileNumbers.count
        indexOfProfile[profile] = index
        profileNumbers.append(profile)
        profileIDs.append(id)
        firstTimes.append(time)
        lastTimes.append(time)
        return index
    }

    /// Nil when the projection leaves the message out.
    private mutating func nameCode(of message: Message) -> UInt32? {
        if message.kind == .identify { return projection.traits ? HistoryBlock.identifyCode : nil }
        guard projection.wants(event: message.event) else { return nil }
        if let known = codeOfName[message.event] { return known }
        let code = UInt32(eventNames.count)
        eventNames.append(message.event)
        codeOfName[message.event] = code
        return code
    }

    /// The block of all messages added; profiles in ascending number.
    package consuming func finish() -> HistoryBlock {
        let order = profileNumbers.indices.sorted { profileNumbers[$0] < profileNumbers[$1] }
        var place = [Int](repeating: 0, count: order.count)
        for (position, index) in order.enumerated() { place[index] = position }
        for index in rows.indices { rows[index].profile = place[rows[index].profile] }
        rows.sort { left, right in
            (left.profile, left.name, left.time, left.arrival) < (right.profile, right.name, right.time, right.arrival)
        }

        var directory = RunDirectoryBuilder(profileCount: order.count)
        var columns = BlockColumnsBuilder(projection: projection)
        var times: [Int64] = []
        var arrivals: [UInt64] = []
        times.reserveCapacity(rows.count)
        arrivals.reserveCapacity(rows.count)
        for row in rows {
            directory.addRow(profile: row.profile, name: row.name)
            times.append(row.time)
            arrivals.append(row.arrival)
            columns.addRow(messages[row.message])
        }
        let (runOffsets, runs) = directory.finish()
        let (flags, itemOffsets, finished) = columns.finish()
        return HistoryBlock(
            profileNumbers: order.map { profileNumbers[$0] }, profileIDs: order.map { profileIDs[$0] },
            firstTimes: order.map { firstTimes[$0] }, lastTimes: order.map { lastTimes[$0] },
            eventNames: eventNames, runOffsets: runOffsets, runs: runs,
            times: times, arrivals: arrivals, flags: flags, itemOffsets: itemOffsets, columns: finished)
    }
}

/// Makes the run directory of rows that come clustered by (profile, name).
struct RunDirectoryBuilder {
    private let profileCount: Int
    private var runOffsets: [UInt32] = [0]
    private var runs: [HistoryBlock.Run] = []
    private var profile = 0
    private var name: UInt32?
    private var start: UInt32 = 0
    private var row: UInt32 = 0

    init(profileCount: Int) {
        self.profileCount = profileCount
    }

    /// - Precondition: (profile, name) never falls.
    mutating func addRow(profile: Int, name: UInt32) {
        if profile != self.profile || name != self.name { endRun() }
        while self.profile < profile { endProfile() }
        self.name = name
        row += 1
    }

    private mutating func endRun() {
        if let name, row > start { runs.append(HistoryBlock.Run(name: name, start: start, end: row)) }
        start = row
        name = nil
    }

    private mutating func endProfile() {
        runOffsets.append(UInt32(runs.count))
        profile += 1
    }

    consuming func finish() -> (runOffsets: [UInt32], runs: [HistoryBlock.Run]) {
        endRun()
        while profile < profileCount { endProfile() }
        return (runOffsets, runs)
    }
}
