package import EventModel

extension Snapshot {
    /// The messages of a profile as they came in, decoded, in history order (time, then arrival): all kinds, those
    /// of its anonymous ids included.
    ///
    /// Complexity: one frame of originals is decompressed for each group of neighbouring arrivals.
    package func messages(of profile: ProfileNumber) throws(EventStoreError) -> [Message] {
        try storedMessages(of: profile).map(\.message)
    }

    /// The same with their arrival numbers.
    package func storedMessages(of profile: ProfileNumber) throws(EventStoreError) -> [StoredMessage] {
        let identity = assembler.identity
        guard Int(profile) < identity.count, identity.profile(of: profile) == profile else { return [] }
        let identifiers = Set([profile] + identity.followers(of: profile))
        var found: [StoredMessage] = []
        let rows = try assembler.histories(of: [profile], projection: Projection(events: nil, paths: [], traits: true))
        let arrivals = Set(rows?.arrivals ?? [])
        let decoder = MessageDecoder(settings: settings, options: .stored)
        for part in assembler.parts {
            let rowless = part.index.rowless.filter { identifiers.contains($0.identifier) }.map(\.arrival)
            var wantedByFrame: [Int: Set<UInt64>] = [:]
            for arrival in arrivals.union(rowless) {
                for frame in part.frames(holding: arrival) { wantedByFrame[frame, default: []].insert(arrival) }
            }
            for (frame, wanted) in wantedByFrame {
                for record in try part.records(frame, wanted: wanted) where wanted.contains(record.arrival) {
                    found.append(
                        try record.decode(decoder, source: part.index.sources[record.source] ?? ""))
                }
            }
        }
        for view in assembler.recent {
            for identifier in identifiers { found.append(contentsOf: view.messages(of: identifier)) }
        }
        return found.sorted { ($0.message.time, $0.arrival) < ($1.message.time, $1.arrival) }
    }

    /// Calls `body` with every stored message in the order of arrival. Memory stays bounded.
    package func forEachMessage(
        _ body: (StoredMessage, _ source: Text) throws(EventStoreError) -> Void
    ) throws(EventStoreError) {
        let decoder = MessageDecoder(settings: settings, options: .stored)
        // An import goes straight into a part, so parts may hold later arrivals than the recent messages.
        let recent = assembler.recent.flatMap { $0.all }
        var next = 0
        func giveRecent(before arrival: UInt64) throws(EventStoreError) {
            while next < recent.count, recent[next].arrival < arrival {
                try body(recent[next], sourceNames[recent[next].source] ?? "")
                next += 1
            }
        }
        try forEachRecord { record, source throws(EventStoreError) in
            try giveRecent(before: record.arrival)
            try body(try record.decode(decoder, source: source), source)
        }
        try giveRecent(before: .max)
    }

    /// Every message of the parts in the order of arrival, not decoded.
    func forEachRecord(
        _ body: (MessageRecord, _ source: Text) throws(EventStoreError) -> Void
    ) throws(EventStoreError) {
        if let part = assembler.unreadable.first { throw part.error }
        struct Waiting {
            let record: MessageRecord
            let source: Text
        }
        var frames: [(part: PartFile, frame: Int)] = []
        for part in assembler.parts { frames.append(contentsOf: part.index.frames.indices.map { (part, $0) }) }
        frames.sort { $0.part.index.frames[$0.frame].firstArrival < $1.part.index.frames[$1.frame].firstArrival }
        // Frames of parts that were written side by side overlap; records wait until no later frame can precede them.
        var waiting: [Waiting] = []
        for (position, entry) in frames.enumerated() {
            for record in try entry.part.records(entry.frame) {
                waiting.append(Waiting(record: record, source: entry.part.index.sources[record.source] ?? ""))
            }
            let isLast = position + 1 == frames.count
            let next =
                isLast ? UInt64.max : frames[position + 1].part.index.frames[frames[position + 1].frame].firstArrival
            waiting.sort { $0.record.arrival < $1.record.arrival }
            let ready = waiting.prefix { isLast || $0.record.arrival < next }
            for item in ready { try body(item.record, item.source) }
            waiting.removeFirst(ready.count)
        }
    }
}
