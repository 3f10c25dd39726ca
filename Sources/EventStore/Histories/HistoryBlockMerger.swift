import Columns
package import EventModel

/// Joins blocks whose profiles may overlap into one: parts and recent messages, or profiles that became one.
///
/// Rows of equal (name, profile) are merged by (time, arrival). Complexity: O(rows log blocks).
package struct HistoryBlockMerger {
    /// A profile as it shall be in the merged block.
    package struct Target: Hashable, Sendable {
        package var number: ProfileNumber
        package var id: Text

        package init(number: ProfileNumber, id: Text) {
            self.number = number
            self.id = id
        }
    }

    /// A run of one block, under its new name and profile.
    private struct Source {
        var name: UInt32
        var profile: ProfileNumber
        var block: Int
        var rows: Range<Int>
    }

    private var blocks: [HistoryBlock] = []
    private var sources: [Source] = []
    private var spans: [ProfileNumber: (id: Text, first: Int64, last: Int64)] = [:]
    private var eventNames: [Text] = ["$identify"]
    private var codeOfName: [Text: UInt32] = [:]

    package init() {}

    /// Adds a block as it is.
    package mutating func add(_ block: HistoryBlock) {
        add(block) { number, id in Target(number: number, id: id) }
    }

    /// Adds a block, each profile under its new number and id; nil leaves a profile out.
    package mutating func add(_ block: HistoryBlock, as target: (ProfileNumber, Text) -> Target?) {
        let index = blocks.count
        blocks.append(block)
        let names = block.eventNames.enumerated().map { code, name in
            code == Int(HistoryBlock.identifyCode) ? HistoryBlock.identifyCode : nameCode(of: name)
        }
        let targets = (0..<block.profileCount).map { target(block.profileNumbers[$0], block.profileID($0)) }
        for (profile, target) in targets.enumerated() {
            guard let target else { continue }
            widenSpan(of: target, first: block.firstTimes[profile], last: block.lastTimes[profile])
        }
        for section in block.sections {
            for (position, profile) in section.profiles.enumerated() {
                guard let target = targets[Int(profile)] else { continue }
                let rows = Int(section.starts[position])..<Int(section.starts[position + 1])
                sources.append(
                    Source(name: names[Int(section.name)], profile: target.number, block: index, rows: rows))
            }
        }
    }

    private mutating func nameCode(of name: Text) -> UInt32 {
        if let known = codeOfName[name] { return known }
        let code = UInt32(eventNames.count)
        eventNames.append(name)
        codeOfName[name] = code
        return code
    }

    private mutating func widenSpan(of target: Target, first: Int64, last: Int64) {
        guard let known = spans[target.number] else {
            spans[target.number] = (target.id, first, last)
            return
        }
        spans[target.number] = (known.id, min(known.first, first), max(known.last, last))
    }

    /// The merged block; profiles in ascending number.
    package consuming func finish() -> HistoryBlock {
        let numbers = spans.keys.sorted()
        var place: [ProfileNumber: Int] = [:]
        for (position, number) in numbers.enumerated() { place[number] = position }
        sources.sort {
            ($0.name, $0.profile, $0.block, $0.rows.lowerBound)
                < ($1.name, $1.profile, $1.block, $1.rows.lowerBound)
        }

        let arrivals = blocks.map(\.arrivals)
        let flags = blocks.map(\.flags)
        var sections = SectionsBuilder()
        var order: [RowReference] = []
        var start = 0
        while start < sources.count {
            let first = sources[start]
            var end = start
            while end < sources.count, sources[end].profile == first.profile, sources[end].name == first.name {
                end += 1
            }
            let before = order.count
            appendMerged(start..<end, arrivals, to: &order)
            sections.addRun(name: first.name, profile: place[first.profile] ?? 0, rows: order.count - before)
            start = end
        }
        let gathered = BlockGather(blocks: blocks, order: order)
        return HistoryBlock(
            profileNumbers: numbers, profileIDs: numbers.map { spans[$0]?.id ?? "" },
            firstTimes: numbers.map { spans[$0]?.first ?? 0 }, lastTimes: numbers.map { spans[$0]?.last ?? 0 },
            eventNames: eventNames, sections: sections.finish(),
            times: order.map { blocks[$0.block].times[$0.row] },
            arrivals: order.map { arrivals[$0.block][$0.row] },
            flags: order.map { flags[$0.block][$0.row] },
            itemOffsets: gathered.itemOffsets(), columns: gathered.columns())
    }

    /// Appends the rows of some sources by (time, arrival).
    private func appendMerged(
        _ range: Range<Int>, _ arrivals: [[UInt64]], to order: inout [RowReference]
    ) {
        if range.count == 1 {
            let source = sources[range.lowerBound]
            for row in source.rows { order.append(RowReference(block: source.block, row: row)) }
            return
        }
        var merged: [RowReference] = []
        for source in sources[range] {
            for row in source.rows { merged.append(RowReference(block: source.block, row: row)) }
        }
        // Sorted runs one after another: the sort below finds and merges them.
        merged.sort { left, right in
            let leftTime = blocks[left.block].times[left.row]
            let rightTime = blocks[right.block].times[right.row]
            if leftTime != rightTime { return leftTime < rightTime }
            return arrivals[left.block][left.row] < arrivals[right.block][right.row]
        }
        order.append(contentsOf: merged)
    }
}

/// A row of one of several blocks.
struct RowReference {
    var block: Int
    var row: Int
}
