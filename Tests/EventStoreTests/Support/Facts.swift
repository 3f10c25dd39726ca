import EventModel
import EventStore

/// What a history source says about one row, in a form that two sources can be compared by.
struct RowFact: Hashable {
    var event: Text
    var time: Int64
    var arrival: UInt64
    var flags: UInt8
    var cells: [Text: Cell]
    var items: [[Text: Cell]]
}

/// Everything a history source says about one profile.
struct ProfileFact: Hashable {
    var firstTime: Int64
    var lastTime: Int64
    var rows: [RowFact]
}

/// Everything a source says, by profile id.
func facts(of source: some HistorySource, projection: Projection = .everything) throws -> [Text: ProfileFact] {
    var all: [Text: ProfileFact] = [:]
    var previous: ProfileNumber?
    for index in 0..<source.blockCount {
        let block = try source.block(index, projection: projection)
        for profile in 0..<block.profileCount {
            let number = block.profileNumbers[profile]
            if let previous { precondition(previous < number, "profiles out of order") }
            previous = number
            let id = block.profileIDs[profile]
            precondition(all[id] == nil, "profile \(id) occurs twice")
            all[id] = fact(of: profile, in: block)
        }
    }
    return all
}

/// What a block says about one of its profiles, rows in history order.
func fact(of profile: Int, in block: HistoryBlock) -> ProfileFact {
    var rows: [RowFact] = []
    let columns = block.allColumns
    let (arrivals, flags) = (block.arrivals, block.flags)
    for run in block.runs(of: profile) {
        for row in run.rows {
            if row > run.rows.lowerBound {
                precondition(
                    (block.times[row - 1], arrivals[row - 1]) < (block.times[row], arrivals[row]),
                    "rows out of order")
            }
            var cells: [Text: Cell] = [:]
            var items = [[Text: Cell]](
                repeating: [:], count: Int(block.itemOffsets[row + 1] - block.itemOffsets[row]))
            for (path, column) in columns {
                if path.scope == .items {
                    for item in items.indices {
                        let cell = column.cell(at: Int(block.itemOffsets[row]) + item)
                        if cell != .missing { items[item][Text("\(path)")] = cell }
                    }
                } else {
                    let cell = column.cell(at: row)
                    if cell != .missing { cells[Text("\(path.scope) \(path)")] = cell }
                }
            }
            let name: Text = run.name == HistoryBlock.identifyCode ? "$identify" : block.eventNames[Int(run.name)]
            rows.append(
                RowFact(
                    event: name, time: block.times[row], arrival: arrivals[row], flags: flags[row],
                    cells: cells, items: items))
        }
    }
    rows.sort { ($0.time, $0.arrival) < ($1.time, $1.arrival) }
    return ProfileFact(firstTime: block.firstTimes[profile], lastTime: block.lastTimes[profile], rows: rows)
}

/// Facts with arrivals counted from 1, as a store counts them, of a memory source that counts from 0.
func shifted(_ facts: [Text: ProfileFact]) -> [Text: ProfileFact] {
    facts.mapValues { fact in
        var fact = fact
        for index in fact.rows.indices { fact.rows[index].arrival += 1 }
        return fact
    }
}

/// The first thing two sources disagree on, in words; nil when they agree.
func difference(_ found: [Text: ProfileFact], _ expected: [Text: ProfileFact]) -> String? {
    for id in Set(found.keys).union(expected.keys).sorted() {
        guard let mine = found[id] else { return "profile \(id) is missing" }
        guard let theirs = expected[id] else { return "profile \(id) should not be there" }
        if let difference = difference(mine, theirs) { return "profile \(id): \(difference)" }
    }
    return nil
}

func difference(_ found: ProfileFact, _ expected: ProfileFact) -> String? {
    if found == expected { return nil }
    if (found.firstTime, found.lastTime) != (expected.firstTime, expected.lastTime) {
        return "spans \(found.firstTime)...\(found.lastTime), not \(expected.firstTime)...\(expected.lastTime)"
    }
    for (mine, theirs) in zip(found.rows, expected.rows) where mine != theirs {
        return "row \(mine) is not \(theirs)"
    }
    return "\(found.rows.count) rows, not \(expected.rows.count)"
}
