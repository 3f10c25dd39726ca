import EventModel
import EventStore

extension ReaderChecks {
    /// Any bytes are a part, problems or an error, and what can be read of some profiles is what all of them say.
    package static func part(_ bytes: [UInt8]) {
        _ = PartInspection.salvageableMessages(bytes)
        if let forged = ForgedPart(bytes) {
            for body in forged.journalBodies() { _ = PartInspection.journalMessages(body) }
        }
        guard let part = try? PartInspection(bytes) else { return }
        _ = part.verify()
        for index in 0..<part.blockCount { check(part, index) }
    }

    private static func check(_ part: PartInspection, _ index: Int) {
        guard let whole = try? part.block(index, projection: .everything) else { return }
        for profile in whole.profileNumbers.prefix(3) { _ = try? part.identifiers(of: profile) }
        let events = Set(whole.eventNames.enumerated().filter { $0.offset % 2 == 1 }.map(\.element))
        let paths = Set(whole.allColumns.keys.filter { $0.parts[0].utf8.count % 2 == 0 })
        let readings: [(projection: Projection, wanted: (Int) -> Bool)] = [
            (.everything, { $0 % 2 == 1 }),
            (Projection(events: events, paths: paths, traits: false), { $0 % 2 == 0 }),
            (Projection(events: nil, paths: [], traits: true), { $0 == 0 }),
        ]
        for reading in readings {
            guard let some = try? part.block(index, projection: reading.projection, where: reading.wanted) else {
                preconditionFailure("some profiles cannot be read where all can")
            }
            if whole.rowCount <= 400 { compare(some, with: whole) }
        }
    }

    /// Every row of a block against the row of the same profile, name and place in another one that has all rows.
    private static func compare(_ some: HistoryBlock, with whole: HistoryBlock) {
        var place: [ProfileNumber: Int] = [:]
        for (position, number) in whole.profileNumbers.enumerated() { place[number] = position }
        for profile in 0..<some.profileCount {
            guard let other = place[some.profileNumbers[profile]] else { preconditionFailure("another profile") }
            precondition(some.firstTimes[profile] == whole.firstTimes[other], "another first time")
            for run in some.runs(of: profile) {
                let rows = whole.run(profile: other, name: run.name)
                precondition(rows.count == run.rows.count, "another count of rows")
                for (mine, theirs) in zip(run.rows, rows) { compare(some, mine, with: whole, theirs) }
            }
        }
    }

    private static func compare(_ some: HistoryBlock, _ mine: Int, with whole: HistoryBlock, _ theirs: Int) {
        guard some.arrivals[mine] == whole.arrivals[theirs] else { return }
        precondition(some.times[mine] == whole.times[theirs], "another time")
        let items = Int(some.itemOffsets[mine])..<Int(some.itemOffsets[mine + 1])
        let others = Int(whole.itemOffsets[theirs])..<Int(whole.itemOffsets[theirs + 1])
        precondition(items.count == others.count, "other items")
        for (path, column) in some.allColumns {
            let complete = whole.column(path)
            if path.scope == .items {
                for (item, other) in zip(items.prefix(20), others) {
                    precondition(column.cell(at: item) == complete?.cell(at: other), "another cell of an item")
                }
            } else {
                precondition(column.cell(at: mine) == complete?.cell(at: theirs), "another cell")
            }
        }
    }
}
