import Columns
import EventModel

/// Reads all of a part and notes whatever is wrong with it.
struct PartVerifier {
    let part: PartFile
    let decoder: MessageDecoder

    /// - Parameter digest: what the manifest says; nil when it cannot be asked.
    func verify(digest: [UInt8]?, _ report: inout VerifyReport) {
        report.parts += 1
        report.bytes += part.size
        let found = part.digest()
        if found != part.footerDigest || (digest != nil && found != digest) {
            report.note(
                .partDamaged(
                    part: part.id.description, block: nil, offset: part.size - PartFormat.footerSize, damage: .digest))
        }
        verifyBlocks(&report)
        let rows = verifyRows(&report)
        verifyMessages(rows: rows, &report)
        verifyKeys(&report)
        note(&report) { () throws(EventStoreError) in _ = try part.identities() }
    }

    /// Every chunk of every block against its checksum, and that the blocks fill the file.
    private func verifyBlocks(_ report: inout VerifyReport) {
        var next = PartFormat.fileHeaderSize
        for (number, entry) in part.allBlocks.enumerated() {
            if entry.place.number != number || entry.place.offset != next {
                report.note(
                    .partDamaged(
                        part: part.id.description, block: number, offset: next,
                        damage: .inconsistent(what: "the index leaves a gap between blocks")))
            }
            next = entry.place.offset + entry.place.length
            report.blocks += 1
            note(&report) { () throws(EventStoreError) in
                let block = try part.block(entry.place, entry.kind)
                for chunk in block.entries { _ = try block.chunk(chunk, check: true) }
            }
        }
        if next != part.size - PartFormat.footerSize {
            report.note(
                .partDamaged(
                    part: part.id.description, block: nil, offset: next,
                    damage: .inconsistent(what: "bytes between the last block and the footer")))
        }
    }

    private func verifyRows(_ report: inout VerifyReport) -> Int {
        var rows = 0
        for number in part.index.rowBlocks.indices {
            note(&report) { () throws(EventStoreError) in
                let directory = try part.directory(number)
                let block = try part.rows(
                    number, directory, positions: Array(directory.profiles.indices), projection: .everything,
                    ids: .lookUp { Text("\($0)") })
                rows += block.rowCount
                for moved in try part.identifiersOfMovedRows(number).values where !part.index.hasMoved(moved) {
                    throw .partDamaged(
                        part: part.id.description, block: part.index.rowBlocks[number].place.number, offset: 0,
                        damage: .inconsistent(what: "a moved row the index does not name"))
                }
            }
        }
        report.rows += rows
        return rows
    }

    private func verifyMessages(rows: Int, _ report: inout VerifyReport) {
        var messages = 0
        var withRow = 0
        for frame in part.index.frames.indices {
            note(&report) { () throws(EventStoreError) in
                for record in try part.records(frame) {
                    messages += 1
                    if !part.frames(holding: record.arrival).contains(frame) {
                        throw .partDamaged(
                            part: part.id.description, block: part.index.frames[frame].place.number, offset: 0,
                            damage: .inconsistent(what: "an arrival the index does not lead to"))
                    }
                    if try record.decode(decoder, source: "").hasRow { withRow += 1 }
                }
            }
        }
        report.messages += messages
        if withRow != rows || messages != part.index.totals.messages || rows != part.index.totals.rows {
            report.note(
                "part-damaged",
                "Part \(part.id) holds \(messages) messages, \(withRow) of them with a row, and \(rows) rows; "
                    + "its index says \(part.index.totals.messages) and \(part.index.totals.rows).")
        }
    }

    /// Every message's key with its frame, and no other: one that is not found would let a message in twice.
    private func verifyKeys(_ report: inout VerifyReport) {
        note(&report) { () throws(EventStoreError) in
            var stored: [KeyBlocks.Entry] = []
            for number in part.index.keyBlocks.indices {
                stored.append(contentsOf: try part.keyEntries(number))
            }
            var expected: [KeyBlocks.Entry] = []
            for frame in part.index.frames.indices {
                for key in try part.keys(ofFrame: frame) { expected.append(KeyBlocks.Entry(key, frame: frame)) }
            }
            expected.sort()
            guard stored == expected, stored.count == part.index.totals.messages else {
                throw .partDamaged(
                    part: part.id.description, block: part.index.keyBlocks.first?.place.number, offset: 0,
                    damage: .inconsistent(what: "keys that are not those of the messages"))
            }
            guard let last = part.index.frames.indices.last else { return }
            for key in try part.keys(ofFrame: last) where try !part.contains(key) {
                throw .partDamaged(
                    part: part.id.description, block: part.index.frames[last].place.number, offset: 0,
                    damage: .inconsistent(what: "a key that is not found"))
            }
        }
    }

    private func note(_ report: inout VerifyReport, _ body: () throws(EventStoreError) -> Void) {
        do throws(EventStoreError) { try body() } catch {
            // The same damage is met by more than one check.
            let problem = VerifyReport.Problem(code: error.code, message: error.message)
            if !report.problems.contains(problem) { report.problems.append(problem) }
        }
    }
}

extension PartFile {
    /// All blocks but the index, in the order of the file, and the index after them.
    var allBlocks: [(place: BlockPlace, kind: PartFormat.BlockKind)] {
        var blocks: [(place: BlockPlace, kind: PartFormat.BlockKind)] = []
        blocks += index.rowBlocks.map { ($0.place, .rows) }
        blocks += index.frames.map { ($0.place, .originals) }
        blocks += index.keyBlocks.map { ($0.place, .keys) }
        blocks += index.identityBlocks.map { ($0, .identities) }
        if let place = index.eventProfiles { blocks.append((place, .eventProfiles)) }
        blocks.append((indexPlace, .index))
        return blocks.sorted { $0.place.offset < $1.place.offset }
    }
}
