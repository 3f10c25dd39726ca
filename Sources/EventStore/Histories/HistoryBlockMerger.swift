import Columns
import EventModel

/// Joins blocks whose profiles may overlap into one: parts and recent messages, or identifiers that became one profile.
///
/// Rows of equal (name, profile) are merged by (time, arrival). A profile's rows mostly lie in one block, or in blocks
/// one of which ends before the next begins: these are only put one after the other.
/// Complexity: O(rows + runs log blocks), and O(rows log rows) of the profiles whose rows overlap in time.
struct HistoryBlockMerger {
    private let blocks: [HistoryBlock]
    private let ids: ProfileIDs
    private let unions: Unions
    /// The first row of each block when all lie one after the other.
    private let firstRows: [Int]
    /// Of all rows of all blocks, one block after the other.
    private let times: [Int64]
    private let arrivals: Deferred<[UInt64]>

    /// - Parameters:
    ///   - blocks: in each of them profiles ascend.
    ///   - ids: who the profiles are.
    ///   - unions: of names and dictionaries that were joined before.
    init(_ blocks: [HistoryBlock], ids: ProfileIDs, unions: Unions) {
        self.blocks = blocks
        self.ids = ids
        self.unions = unions
        var firstRows: [Int] = []
        var rows = 0
        for block in blocks {
            firstRows.append(rows)
            rows += block.rowCount
        }
        self.firstRows = firstRows
        var times: [Int64] = []
        times.reserveCapacity(rows)
        for block in blocks { times.append(contentsOf: block.times) }
        self.times = times
        arrivals = Deferred { blocks.flatMap(\.arrivals) }
    }

    /// The merged block; profiles in ascending number.
    func merged() -> HistoryBlock {
        let profiles = MergedProfiles(blocks)
        let names = unions.names(of: blocks)
        let (sections, order) = mergedRows(profiles, names)
        let gather = BlockGather(blocks, firstRows: firstRows, order: order)
        let blocks = blocks
        return HistoryBlock(
            profileNumbers: profiles.numbers, ids: ids, firstTimes: profiles.firstTimes, lastTimes: profiles.lastTimes,
            names: names.union, sections: sections, times: times.picking(order),
            arrivals: Deferred { [arrivals] in arrivals.value.picking(order) },
            flags: Deferred { blocks.flatMap(\.flags).picking(order) },
            itemOffsets: gather.itemOffsets, columns: gather.columns(unions))
    }

    /// The sections, and of each row its place when all blocks lie one after the other.
    private func mergedRows(
        _ profiles: MergedProfiles, _ names: Unions.Names
    ) -> (sections: [HistoryBlock.Section], order: [UInt32]) {
        var sectionsOfName: [[PlacedSection]] = Array(repeating: [], count: names.union.texts.count)
        for (number, block) in blocks.enumerated() {
            for section in block.sections {
                sectionsOfName[Int(names.codes[number][Int(section.name)])].append(
                    PlacedSection(section, shift: firstRows[number], places: profiles.places[number]))
            }
        }
        var sections: [HistoryBlock.Section] = []
        var runs = RunTable(profiles: profiles.numbers.count)
        let order = [UInt32](unsafeUninitializedCapacity: times.count) { order, count in
            count = 0
            for (name, sources) in sectionsOfName.enumerated() where !sources.isEmpty {
                let name = UInt32(truncatingIfNeeded: name)
                if sources.count == 1 {
                    sections.append(sources[0].copied(as: name, to: order, &count))
                } else {
                    runs.fill(sources)
                    sections.append(merge(runs, name: name, to: order, &count))
                }
            }
        }
        return (sections, order)
    }

    private func merge(
        _ runs: borrowing RunTable, name: UInt32, to order: UnsafeMutableBufferPointer<UInt32>, _ count: inout Int
    ) -> HistoryBlock.Section {
        var owners: [Int32] = []
        var starts: [UInt32] = []
        owners.reserveCapacity(runs.ownerCount)
        starts.reserveCapacity(runs.ownerCount + 1)
        runs.forEachProfile { profile, own in
            owners.append(profile)
            starts.append(UInt32(truncatingIfNeeded: count))
            let first = count
            if own.count > 1 { sort(own) }
            var overlaps = false
            for index in own.indices {
                let run = own[index]
                if index > 0, !comesBefore(own[index - 1].end &- 1, run.start) { overlaps = true }
                for row in run.start..<run.end {
                    order[count] = row
                    count &+= 1
                }
            }
            if overlaps { order[first..<count].sort { comesBefore($0, $1) } }
        }
        starts.append(UInt32(truncatingIfNeeded: count))
        return HistoryBlock.Section(name: name, profiles: owners, starts: starts)
    }

    /// Sorts runs by their first rows; mostly they come so.
    private func sort(_ runs: UnsafeMutableBufferPointer<RunTable.Run>) {
        for index in runs.indices.dropFirst() where !comesBefore(runs[index - 1].start, runs[index].start) {
            var runs = runs
            return runs.sort { comesBefore($0.start, $1.start) }
        }
    }

    private func comesBefore(_ left: UInt32, _ right: UInt32) -> Bool {
        let (left, right) = (Int(left), Int(right))
        if times[left] != times[right] { return times[left] < times[right] }
        let arrivals = arrivals.value
        return arrivals[left] < arrivals[right]
    }
}

/// A section of one of the blocks, under the rows and profiles of all.
private struct PlacedSection {
    let section: HistoryBlock.Section
    /// The first row of its block among all rows.
    let shift: UInt32
    /// Per profile of its block the index among all profiles.
    let places: [Int32]

    init(_ section: HistoryBlock.Section, shift: Int, places: [Int32]) {
        self.section = section
        self.shift = UInt32(truncatingIfNeeded: shift)
        self.places = places
    }

    /// The section by itself, its rows written to the next places.
    func copied(
        as name: UInt32, to order: UnsafeMutableBufferPointer<UInt32>, _ count: inout Int
    ) -> HistoryBlock.Section {
        let first = UInt32(truncatingIfNeeded: count) &- section.starts[0]
        for row in section.rows {
            order[count] = shift &+ UInt32(truncatingIfNeeded: row)
            count &+= 1
        }
        return HistoryBlock.Section(
            name: name, profiles: section.profiles.map { places[Int($0)] }, starts: section.starts.map { $0 &+ first })
    }
}

/// The runs of some sections by profile, those of one profile in the order of the sections.
private struct RunTable: ~Copyable {
    struct Run {
        var start: UInt32
        var end: UInt32
    }

    /// Per profile where its runs begin, and the end of the last one.
    private var firsts: [UInt32]
    private var runs: UnsafeMutableBufferPointer<Run>
    private(set) var ownerCount = 0

    init(profiles: Int) {
        firsts = Array(repeating: 0, count: profiles + 1)
        runs = .allocate(capacity: 64)
    }

    deinit { runs.deallocate() }

    mutating func fill(_ sections: [PlacedSection]) {
        let total = sections.reduce(0) { $0 + $1.section.profiles.count }
        if runs.count < total {
            runs.deallocate()
            runs = .allocate(capacity: total * 2)
        }
        let runs = runs
        ownerCount = firsts.withUnsafeMutableBufferPointer { firsts in
            firsts.update(repeating: 0)
            for source in sections {
                for profile in source.section.profiles { firsts[Int(source.places[Int(profile)])] &+= 1 }
            }
            var sum: UInt32 = 0
            var owners = 0
            for profile in firsts.indices {
                owners &+= firsts[profile] > 0 ? 1 : 0
                sum &+= firsts[profile]
                firsts[profile] = sum
            }
            // From the last section to the first, so that each profile's runs end up in order and at their start.
            for source in sections.reversed() {
                let starts = source.section.starts
                for index in source.section.profiles.indices.reversed() {
                    let place = Int(source.places[Int(source.section.profiles[index])])
                    firsts[place] &-= 1
                    runs[Int(firsts[place])] = Run(
                        start: starts[index] &+ source.shift, end: starts[index &+ 1] &+ source.shift)
                }
            }
            return owners
        }
    }

    /// The runs of each profile that has some, profiles ascending.
    borrowing func forEachProfile(_ body: (Int32, UnsafeMutableBufferPointer<Run>) -> Void) {
        for profile in 0..<(firsts.count - 1) where firsts[profile] < firsts[profile + 1] {
            let own = UnsafeMutableBufferPointer(rebasing: runs[Int(firsts[profile])..<Int(firsts[profile + 1])])
            body(Int32(truncatingIfNeeded: profile), own)
        }
    }
}

/// The profiles of several blocks.
private struct MergedProfiles {
    /// Ascending.
    let numbers: [ProfileNumber]
    private(set) var firstTimes: [Int64]
    private(set) var lastTimes: [Int64]
    /// Per block and profile of it, its index among all.
    private(set) var places: [[Int32]] = []

    init(_ blocks: [HistoryBlock]) {
        var all: [ProfileNumber] = []
        for block in blocks { all.append(contentsOf: block.profileNumbers) }
        all.sort()
        var numbers: [ProfileNumber] = []
        numbers.reserveCapacity(all.count)
        for number in all where numbers.last != number { numbers.append(number) }
        self.numbers = numbers
        firstTimes = Array(repeating: .max, count: numbers.count)
        lastTimes = Array(repeating: .min, count: numbers.count)
        for block in blocks {
            var placesOfBlock: [Int32] = []
            placesOfBlock.reserveCapacity(block.profileCount)
            var place = 0
            for (profile, number) in block.profileNumbers.enumerated() {
                place = Self.place(of: number, in: numbers, from: place)
                placesOfBlock.append(Int32(truncatingIfNeeded: place))
                firstTimes[place] = min(firstTimes[place], block.firstTimes[profile])
                lastTimes[place] = max(lastTimes[place], block.lastTimes[profile])
            }
            places.append(placesOfBlock)
        }
    }

    /// Where a number that is there stands; looked for in steps that double, since the next one is mostly near.
    private static func place(of number: ProfileNumber, in numbers: [ProfileNumber], from start: Int) -> Int {
        var low = start
        var step = 1
        while low + step < numbers.count, numbers[low + step] <= number {
            low += step
            step *= 2
        }
        var high = min(low + step, numbers.count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if numbers[middle] <= number { low = middle } else { high = middle }
        }
        return low
    }
}
