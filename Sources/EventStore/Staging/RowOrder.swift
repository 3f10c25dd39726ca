import EventModel

/// Staged messages as rows of a part: cut into blocks of whole profiles, and in each clustered by (event name, profile,
/// time, arrival).
struct RowOrder {
    /// Some profiles and their rows.
    struct Block {
        var profiles: Range<Int>
        var rows: Range<Int>
    }

    /// Profiles of the part in ascending number.
    let profiles: [HistoryBlockMerger.Target]
    /// About `PartFormat.rowsPerBlock` rows each; a profile is never cut.
    let blocks: [Block]
    /// The staged message of each row.
    private(set) var messages: [UInt32]
    /// The place of each row's profile among `profiles`.
    private(set) var profileOfRow: [UInt32]

    /// - Parameter targetOfPerson: the profile whose rows a person's are; nil when a person is none.
    init(_ stage: MessageStage, isKept: [Bool], targetOfPerson: [HistoryBlockMerger.Target?]) {
        var targets: [ProfileNumber: HistoryBlockMerger.Target] = [:]
        for case let target? in targetOfPerson { targets[target.number] = target }
        let numbers = targets.keys.sorted()
        var placeOfNumber: [ProfileNumber: Int] = [:]
        for (place, number) in numbers.enumerated() { placeOfNumber[number] = place }
        let placeOfPerson = targetOfPerson.map { $0.flatMap { placeOfNumber[$0.number] } ?? -1 }

        func place(_ index: Int) -> Int {
            let entry = stage.entries[index]
            guard isKept[index], entry.kind != .group, entry.kind != .alias else { return -1 }
            return placeOfPerson[Int(entry.person)]
        }
        // Counting, then placing: messages of a profile stay in the order of arrival.
        var starts = [Int](repeating: 0, count: numbers.count + 1)
        for index in 0..<stage.count {
            let place = place(index)
            if place >= 0 { starts[place + 1] += 1 }
        }
        for index in 0..<numbers.count { starts[index + 1] += starts[index] }
        var messages = [UInt32](repeating: 0, count: starts[numbers.count])
        var next = starts
        for index in 0..<stage.count {
            let place = place(index)
            guard place >= 0 else { continue }
            messages[next[place]] = UInt32(index)
            next[place] += 1
        }
        messages.withUnsafeMutableBufferPointer { messages in
            for place in numbers.indices {
                Self.sort(UnsafeMutableBufferPointer(rebasing: messages[starts[place]..<starts[place + 1]]), stage)
            }
        }
        // Profiles without rows have no place in a part.
        let used = numbers.indices.filter { starts[$0] < starts[$0 + 1] }
        profiles = used.compactMap { targets[numbers[$0]] }
        blocks = Self.cut(used.map { starts[$0] } + [messages.count])
        self.messages = messages
        profileOfRow = []
        profileOfRow.reserveCapacity(messages.count)
        for (profile, index) in used.enumerated() {
            profileOfRow.append(
                contentsOf: repeatElement(UInt32(profile), count: starts[index + 1] - starts[index]))
        }
        for block in blocks { clusterByName(block.rows, stage) }
    }

    private static func cut(_ firstRows: [Int]) -> [Block] {
        var blocks: [Block] = []
        var start = 0
        let count = firstRows.count - 1
        for profile in 0..<count
        where firstRows[profile + 1] - firstRows[start] >= PartFormat.rowsPerBlock || profile == count - 1 {
            blocks.append(Block(profiles: start..<(profile + 1), rows: firstRows[start]..<firstRows[profile + 1]))
            start = profile + 1
        }
        return blocks
    }

    /// Brings the rows of a block, which come by (profile, name), into the order of names and leaves it as it is among
    /// those of one name.
    private mutating func clusterByName(_ rows: Range<Int>, _ stage: MessageStage) {
        var next = [Int](repeating: 0, count: stage.names.count + 1)
        for row in rows { next[Int(stage.entries[Int(messages[row])].name) + 1] += 1 }
        next[0] = rows.lowerBound
        for name in stage.names.indices { next[name + 1] += next[name] }
        let (oldMessages, oldProfiles) = (Array(messages[rows]), Array(profileOfRow[rows]))
        for (message, profile) in zip(oldMessages, oldProfiles) {
            let name = Int(stage.entries[Int(message)].name)
            messages[next[name]] = message
            profileOfRow[next[name]] = profile
            next[name] += 1
        }
    }

    /// Sorts the messages of one profile.
    private static func sort(_ messages: UnsafeMutableBufferPointer<UInt32>, _ stage: MessageStage) {
        func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
            let leftEntry = stage.entries[Int(left)]
            let rightEntry = stage.entries[Int(right)]
            if leftEntry.name != rightEntry.name { return leftEntry.name < rightEntry.name }
            return leftEntry.time != rightEntry.time ? leftEntry.time < rightEntry.time : left < right
        }
        if messages.count > 24 {
            var messages = messages
            return messages.sort(by: precedes)
        }
        for end in messages.indices.dropFirst() {
            let message = messages[end]
            var hole = end
            while hole > 0, precedes(message, messages[hole - 1]) {
                messages[hole] = messages[hole - 1]
                hole -= 1
            }
            messages[hole] = message
        }
    }

    /// Where each staged message stands; `BlockCells.leftOut` for those without a row.
    func places(count: Int) -> [UInt32] {
        var places = [UInt32](repeating: BlockCells.leftOut, count: count)
        for (row, message) in messages.enumerated() { places[Int(message)] = UInt32(row) }
        return places
    }
}
