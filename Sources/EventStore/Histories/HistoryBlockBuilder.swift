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

    /// A message where it is already: it is large, and copying one is not free.
    private enum Held {
        indirect case own(Message)
        case stored(StoredMessage)
    }

    private let projection: Projection
    private var rows: [Row] = []
    private var messages: [Held] = []
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
        if addRow(of: message, profile, id, arrival) { messages.append(.own(message)) }
    }

    /// The same with a message as the store holds it.
    mutating func add(_ stored: StoredMessage, profile: ProfileNumber, id: Text) {
        if addRow(of: stored.message, profile, id, stored.arrival) { messages.append(.stored(stored)) }
    }

    /// Whether the message makes a row.
    private mutating func addRow(
        of message: borrowing Message, _ profile: ProfileNumber, _ id: Text, _ arrival: UInt64
    ) -> Bool {
        guard message.kind != .group, message.kind != .alias else { return false }
        let time = message.time.milliseconds
        let index = index(of: profile, id: id, time: time)
        guard let name = nameCode(message.kind, message.event) else { return false }
        rows.append(Row(profile: index, name: name, time: time, arrival: arrival, message: messages.count))
        return true
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
    private mutating func nameCode(_ kind: MessageKind, _ event: Text) -> UInt32? {
        if kind == .identify { return projection.traits ? HistoryBlock.identifyCode : nil }
        guard projection.wants(event: event) else { return nil }
        if let known = codeOfName[event] { return known }
        let code = UInt32(eventNames.count)
        eventNames.append(event)
        codeOfName[event] = code
        return code
    }

    /// The block of all messages added; profiles in ascending number.
    package consuming func finish() -> HistoryBlock {
        let order = profileNumbers.indices.sorted { profileNumbers[$0] < profileNumbers[$1] }
        var place = [Int](repeating: 0, count: order.count)
        for (position, index) in order.enumerated() { place[index] = position }
        for index in rows.indices { rows[index].profile = place[rows[index].profile] }
        rows.sort { left, right in
            (left.name, left.profile, left.time, left.arrival) < (right.name, right.profile, right.time, right.arrival)
        }

        var sections = SectionsBuilder()
        var columns = BlockColumnsBuilder(projection: projection)
        var times: [Int64] = []
        var arrivals: [UInt64] = []
        times.reserveCapacity(rows.count)
        arrivals.reserveCapacity(rows.count)
        for row in rows {
            sections.addRow(name: row.name, profile: row.profile)
            times.append(row.time)
            arrivals.append(row.arrival)
            switch messages[row.message] {
            case .own(let message): columns.addRow(message)
            case .stored(let stored): columns.addRow(stored.message)
            }
        }
        let (flags, itemOffsets, finished) = columns.finish()
        return HistoryBlock(
            profileNumbers: order.map { profileNumbers[$0] }, profileIDs: order.map { profileIDs[$0] },
            firstTimes: order.map { firstTimes[$0] }, lastTimes: order.map { lastTimes[$0] },
            eventNames: eventNames, sections: sections.finish(), times: times, arrivals: arrivals, flags: flags,
            itemOffsets: itemOffsets, columns: finished)
    }
}
