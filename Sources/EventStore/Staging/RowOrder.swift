import Columns
import EventModel

/// Staged messages as rows of a part: cut into blocks of whole profiles, in each of which rows stay in the order of
/// arrival until the block is made.
struct RowOrder {
    /// Some profiles and their rows.
    struct Block {
        var profiles: Range<Int>
        var rows: Range<Int>
    }

    /// Profiles of the part in ascending number.
    private(set) var profiles: [BlockProfile] = []
    /// About as many rows each as a block shall have; a profile is never cut.
    private(set) var blocks: [Block] = []
    /// Where each staged message's row goes; `leftOut` for those without a row.
    private var places = StagedArray<UInt32>()
    /// The staged message of each row.
    private(set) var messages = StagedArray<UInt32>()
    /// The place of each row's profile among `profiles`.
    private(set) var profileOfRow = StagedArray<UInt32>()

    private static let leftOut = BlockCut.leftOut

    /// - Parameters:
    ///   - rowsPerBlock: how many rows a block shall have, about.
    ///   - left: messages that are not stored.
    ///   - targetOfPerson: the profile whose rows a person's are; nil when a person is none.
    init(_ stage: MessageStage, rowsPerBlock: Int, without left: LeftOut, targetOfPerson: [BlockProfile?]) {
        var (targets, placeOfPerson) = Self.places(of: targetOfPerson)
        var counts = [Int](repeating: 0, count: targets.count)
        var profileOfMessage = Self.profiles(of: stage, left, placeOfPerson)
        profileOfMessage.withUnsafeBufferPointer { profiles in
            counts.withUnsafeMutableBufferPointer { counts in
                for place in profiles where place != Self.leftOut { counts[Int(place)] &+= 1 }
            }
        }
        // Profiles without rows have no place in a part.
        if counts.contains(0) {
            var newPlaces = [UInt32](repeating: Self.leftOut, count: counts.count)
            let used = counts.indices.filter { counts[$0] > 0 }
            for (place, old) in used.enumerated() { newPlaces[old] = UInt32(place) }
            placeOfPerson = placeOfPerson.map { $0 == Self.leftOut ? $0 : newPlaces[Int($0)] }
            (targets, counts) = (used.map { targets[$0] }, used.map { counts[$0] })
            profileOfMessage = Self.profiles(of: stage, left, placeOfPerson)
        }
        profiles = targets
        blocks = Self.cut(counts, rowsPerBlock)
        place(profileOfMessage)
    }

    /// The targets in the order of their numbers, and each person's place among them.
    private static func places(
        of targetOfPerson: [BlockProfile?]
    ) -> ([BlockProfile], [UInt32]) {
        var pairs: [UInt64] = []
        pairs.reserveCapacity(targetOfPerson.count)
        for (person, target) in targetOfPerson.enumerated() {
            if let target { pairs.append(UInt64(target.number) << 32 | UInt64(person)) }
        }
        WordOrder.sort(&pairs, from: 32)
        var targets: [BlockProfile] = []
        var places = [UInt32](repeating: leftOut, count: targetOfPerson.count)
        for pair in pairs {
            let person = Int(pair & 0xFFFF_FFFF)
            guard let target = targetOfPerson[person] else { continue }
            if targets.last?.number != target.number { targets.append(target) }
            places[person] = UInt32(targets.count - 1)
        }
        return (targets, places)
    }

    private static func profiles(
        of stage: MessageStage, _ left: LeftOut, _ placeOfPerson: [UInt32]
    ) -> StagedArray<UInt32> {
        var profiles = StagedArray<UInt32>()
        profiles.append(count: stage.count) { target in
            stage.persons.withUnsafeBufferPointer { persons in
                stage.facts.withUnsafeBufferPointer { facts in
                    placeOfPerson.withUnsafeBufferPointer { places in
                        for message in persons.indices {
                            target[message] = facts[message].hasRow ? places[Int(persons[message])] : leftOut
                        }
                    }
                }
            }
            guard left.count > 0 else { return }
            for message in 0..<stage.count where left.contains(message) { target[message] = leftOut }
        }
        return profiles
    }

    private static func cut(_ counts: [Int], _ rowsPerBlock: Int) -> [Block] {
        var blocks: [Block] = []
        var (start, firstRow, row) = (0, 0, 0)
        for profile in counts.indices {
            row += counts[profile]
            guard row - firstRow >= rowsPerBlock || profile == counts.count - 1 else { continue }
            blocks.append(Block(profiles: start..<(profile + 1), rows: firstRow..<row))
            (start, firstRow) = (profile + 1, row)
        }
        return blocks
    }

    /// Finds the place of each message's row.
    private mutating func place(_ profileOfMessage: StagedArray<UInt32>) {
        var blockOfProfile = [UInt32](repeating: 0, count: profiles.count)
        var next: [UInt32] = []
        for (index, block) in blocks.enumerated() {
            for profile in block.profiles { blockOfProfile[profile] = UInt32(index) }
            next.append(UInt32(block.rows.lowerBound))
        }
        places.append(count: profileOfMessage.count) { places in
            profileOfMessage.withUnsafeBufferPointer { profiles in
                blockOfProfile.withUnsafeBufferPointer { blocks in
                    next.withUnsafeMutableBufferPointer { next in
                        for message in profiles.indices {
                            let profile = profiles[message]
                            guard profile != Self.leftOut else {
                                places[message] = Self.leftOut
                                continue
                            }
                            let block = Int(blocks[Int(profile)])
                            places[message] = next[block]
                            next[block] &+= 1
                        }
                    }
                }
            }
        }
        profileOfRow = cut.cut(profileOfMessage)
        let rows = blocks.last?.rows.upperBound ?? 0
        messages.append(count: rows) { target in
            places.withUnsafeBufferPointer { places in
                for message in places.indices where places[message] != Self.leftOut {
                    target[Int(places[message])] = UInt32(truncatingIfNeeded: message)
                }
            }
        }
    }

    /// How what stands beside messages becomes what stands beside rows.
    var cut: BlockCut {
        BlockCut(places: places, starts: blocks.map(\.rows.lowerBound) + [blocks.last?.rows.upperBound ?? 0])
    }

    /// The same for stored items, whose order in a block is that of its rows.
    func itemCut(_ stage: MessageStage) -> BlockCut {
        var places = StagedArray<UInt32>()
        places.append(repeating: BlockCut.leftOut, count: stage.itemCount)
        var starts = [0]
        var next: UInt32 = 0
        places.withUnsafeMutableBufferPointer { places in
            for block in blocks {
                for row in block.rows {
                    for item in stage.items(of: Int(messages[row])) {
                        places[item] = next
                        next += 1
                    }
                }
                starts.append(Int(next))
            }
        }
        return BlockCut(places: places, starts: starts)
    }
}

/// Where in a part each staged row, or item, goes before its block is sorted: block after block, in each in the order of
/// arrival. So everything that is staged is read once from front to end, and blocks find what is theirs side by side.
struct BlockCut {
    /// Per staged row or item; `leftOut` for those that go nowhere.
    let places: StagedArray<UInt32>
    /// Where each block begins, and the end of the last.
    let starts: [Int]

    static let leftOut = UInt32.max

    var count: Int { starts[starts.count - 1] }

    /// A value for each staged row, in the order of places.
    func cut<Value: BitwiseCopyable & Sendable>(_ values: StagedArray<Value>) -> StagedArray<Value> {
        precondition(values.count == places.count, "\(values.count) values for \(places.count) rows")
        var cut = StagedArray<Value>()
        cut.append(count: count) { target in
            values.withUnsafeBufferPointer { values in
                places.withUnsafeBufferPointer { places in
                    for row in values.indices where places[row] != Self.leftOut {
                        target[Int(places[row])] = values[row]
                    }
                }
            }
        }
        return cut
    }

    /// A value for some of the places, and which these are; for the others it is anything.
    func cut<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: StagedArray<Value>, of rows: StagedArray<UInt32>
    ) -> (values: StagedArray<Value>, has: StagedArray<Bool>) {
        precondition(values.count == rows.count, "\(values.count) values for \(rows.count) rows")
        // Rows ascend.
        precondition(rows.last.map { Int($0) < places.count } ?? true, "row \(rows.last ?? 0) of \(places.count)")
        var has = StagedArray<Bool>()
        has.append(repeating: false, count: count)
        var cut = StagedArray<Value>()
        cut.append(count: count) { cut in
            has.withUnsafeMutableBufferPointer { has in
                values.withUnsafeBufferPointer { values in
                    places.withUnsafeBufferPointer { places in
                        rows.withUnsafeBufferPointer { rows in
                            for cell in rows.indices {
                                let place = places[Int(rows[cell])]
                                guard place != Self.leftOut else { continue }
                                cut[Int(place)] = values[cell]
                                has[Int(place)] = true
                            }
                        }
                    }
                }
            }
        }
        return (cut, has)
    }

    /// The places of a few rows, ascending, and which of the rows each is.
    func places(of rows: StagedArray<UInt32>) -> (places: [UInt32], cells: [UInt32]) {
        var pairs: [UInt64] = []
        pairs.reserveCapacity(rows.count)
        precondition(rows.last.map { Int($0) < places.count } ?? true, "row \(rows.last ?? 0) of \(places.count)")
        places.withUnsafeBufferPointer { places in
            rows.withUnsafeBufferPointer { rows in
                for cell in rows.indices {
                    let place = places[Int(rows[cell])]
                    if place != Self.leftOut { pairs.append(UInt64(place) << 32 | UInt64(cell)) }
                }
            }
        }
        WordOrder.sort(&pairs, from: 32)
        return (pairs.map { UInt32($0 >> 32) }, pairs.map { UInt32($0 & 0xFFFF_FFFF) })
    }
}
