import EventModel

/// Makes a part anew without the messages of erased profiles: rows, originals, keys, identities and names that nobody
/// else has.
///
/// As in a merge, rows go to the profiles their identifiers lead to, so all rows of a profile lie together; frames of
/// originals without a message of theirs are copied as they are.
struct PartEraser {
    let part: PartFile
    let erasure: Erasure
    let identity: IdentityView
    let disk: any Disk
    let directory: String
    let workspace: StoreID
    let rowsPerBlock: Int

    struct Outcome {
        /// The part in the old one's place; nil when nothing was left.
        var record: PartRecord?
        var messages = 0
        var said = SaidByErased()
    }

    /// Writes and publishes the file; the manifest does not know it yet. Nil when the part holds nothing of theirs.
    func erase(into id: StoreID) throws(EventStoreError) -> Outcome? {
        let evidence = try part.identities()
        guard evidence.identifiers.contains(where: { erasure.identifiers.contains($0.number) }) else { return nil }
        var writer = try onDisk { () throws(DiskError) in
            try PartWriter(id, in: directory, on: disk, workspace: workspace)
        }
        do throws(EventStoreError) {
            let kept = remaining(of: evidence)
            let outcome = try write(kept, namesSomebody: kept.identifiers.count < evidence.identifiers.count, &writer)
            if outcome?.record == nil { writer.abandon() }
            return outcome
        } catch {
            if case .disk(let failure) = error, failure.operation == .sync { throw error }
            writer.abandon()
            throw error
        }
    }

    private func write(
        _ identities: IdentityChanges, namesSomebody: Bool, _ writer: inout PartWriter
    ) throws(EventStoreError) -> Outcome? {
        var gone = try writeRows(into: &writer)
        for message in part.index.rowless where erasure.identifiers.contains(message.identifier) {
            gone.insert(message.arrival)
        }
        guard !gone.isEmpty || namesSomebody else { return nil }
        var outcome = Outcome(messages: gone.count)
        guard gone.count < part.index.totals.messages else {
            for frame in part.index.frames.indices { note(try part.records(frame), in: &outcome.said) }
            return outcome
        }
        let frames = try writeFrames(without: gone, into: &writer, &outcome)
        try writeKeys(frames, into: &writer)
        outcome.record = try onDisk { () throws(DiskError) in try writer.finish(identities) }
        return outcome
    }

    /// - Returns: the arrivals of the rows that were left out.
    private func writeRows(into writer: inout PartWriter) throws(EventStoreError) -> Set<UInt64> {
        let assembler = HistoryAssembler(parts: [part], recent: [], identity: identity)
        var gone: Set<UInt64> = []
        for range in assembler.plan(rows: rowsPerBlock) {
            guard let all = try assembler.block(range, projection: .everything) else { continue }
            let (block, arrivals) = all.removing(erasure.identifiers)
            gone.formUnion(arrivals)
            let moved = try assembler.identifiersOfMovedRows(in: block)
            try onDisk { () throws(DiskError) in try writer.append(block, identifiers: moved) }
        }
        return gone
    }

    // MARK: - Originals and keys

    private struct Frames {
        /// The new number of each frame that was copied.
        var numbers: [Int?]
        /// Entries of the messages in frames that were made anew, ascending.
        var entries: [KeyBlocks.Entry] = []
    }

    private func writeFrames(
        without gone: Set<UInt64>, into writer: inout PartWriter, _ outcome: inout Outcome
    ) throws(EventStoreError) -> Frames {
        var touched: Set<Int> = []
        for arrival in gone { touched.formUnion(part.frames(holding: arrival)) }
        var frames = Frames(numbers: Array(repeating: nil, count: part.index.frames.count))
        var facts = part.index
        facts.rowless.removeAll { erasure.identifiers.contains($0.identifier) }
        var count = 0
        for (number, summary) in part.index.frames.enumerated() {
            guard touched.contains(number) else {
                let chunks = try part.storedFrame(number)
                try onDisk { () throws(DiskError) in try writer.append(copying: summary, chunks: chunks) }
                frames.numbers[number] = count
                count += 1
                continue
            }
            let rest = try FrameWithout(part, frame: number, without: gone)
            facts.totals.originalBytes -= rest.removedBytes
            note(rest.removed, in: &outcome.said)
            for piece in rest.pieces {
                var copy = summary
                copy.messages = piece.arrivals.count
                copy.firstArrival = piece.arrivals.first ?? 0
                copy.lastArrival = piece.arrivals.last ?? 0
                try onDisk { () throws(DiskError) in try writer.append(copying: copy, chunks: piece.chunks) }
                for key in piece.arrivals.compactMap({ rest.keys[$0] }) {
                    frames.entries.append(KeyBlocks.Entry(key, frame: count))
                }
                count += 1
            }
        }
        writer.adoptMessageFacts(of: facts)
        frames.entries.sort()
        return frames
    }

    private func note(_ records: [MessageRecord], in said: inout SaidByErased) {
        let decoder = MessageDecoder(options: .file)
        for record in records {
            // One that cannot be read names nothing that others could have noted.
            if let stored = try? record.decode(decoder, source: "") { said.note(stored.message) }
        }
    }

    private func writeKeys(_ frames: Frames, into writer: inout PartWriter) throws(EventStoreError) {
        var next = 0
        func append(_ entry: KeyBlocks.Entry) throws(EventStoreError) {
            try onDisk { () throws(DiskError) in try writer.append(entry) }
        }
        for block in part.index.keyBlocks.indices {
            for entry in try part.keyEntries(block) {
                guard frames.numbers.indices.contains(entry.frame) else {
                    throw .partDamaged(
                        part: part.id.description, block: part.index.keyBlocks[block].place.number, offset: 0,
                        damage: .inconsistent(what: "the frame of a key"))
                }
                guard let number = frames.numbers[entry.frame] else { continue }
                let copy = KeyBlocks.Entry(prefix: entry.prefix, frame: number)
                while next < frames.entries.count, frames.entries[next] < copy {
                    try append(frames.entries[next])
                    next += 1
                }
                try append(copy)
            }
        }
        for entry in frames.entries[next...] { try append(entry) }
    }

    /// What the messages that stay are evidence of.
    private func remaining(of evidence: IdentityChanges) -> IdentityChanges {
        let gone = erasure.tombstoneNumbers
        let links = evidence.links.filter {
            // The number is looked up once for all links.
            $0.kind == .handle
                ? !erasure.identifiers.contains($0.anonymous) : !gone.contains($0.anonymous) && !gone.contains($0.user)
        }
        let handles = Set(links.lazy.filter { $0.kind == .handle }.map(\.user))
        return IdentityChanges(
            identifiers: evidence.identifiers.filter {
                !gone.contains($0.number) && ($0.role != .handle || handles.contains($0.number))
            }, links: links)
    }
}
