import EventModel

/// Staged messages as rows of a part: clustered by (profile, event name, time, arrival) and cut into blocks.
struct RowOrder {
    /// Profiles of the part in ascending number.
    let profiles: [HistoryBlockMerger.Target]
    /// Per profile, its first row; one more at the end.
    private(set) var firstRows: [Int]
    /// The staged message of each row.
    private(set) var messages: [UInt32]

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
        firstRows = used.map { starts[$0] } + [messages.count]
        self.messages = messages
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

    /// Ranges of profiles of about `PartFormat.rowsPerBlock` rows; a profile is never cut.
    var blocks: [Range<Int>] {
        var blocks: [Range<Int>] = []
        var start = 0
        for profile in profiles.indices
        where firstRows[profile + 1] - firstRows[start] >= PartFormat.rowsPerBlock || profile == profiles.count - 1 {
            blocks.append(start..<(profile + 1))
            start = profile + 1
        }
        return blocks
    }
}
