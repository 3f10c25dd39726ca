import EventModel

/// The originals of staged messages, in their order: records of single messages, and frames of rows.
struct StagedOriginals: Sendable {
    private enum Piece: Sendable {
        /// So many single messages.
        case records(Int)
        case rows(RowFrame, receivedAt: Timestamp, source: UInt32)
    }

    private struct Record: Sendable {
        var receivedAt: Int64
        /// Where it ends in `records`.
        var end: Int
        var originalCount: UInt32
        var source: UInt32
    }

    private var pieces: [Piece] = []
    private var records: [Record] = []
    /// As `MessageCoding` writes them, one after the other.
    private var bytes: [UInt8] = []
    private var frameBytes = 0

    /// About how much memory they take.
    var byteCount: Int { bytes.capacity + records.capacity * MemoryLayout<Record>.stride + frameBytes }

    mutating func append(_ message: Message, source: UInt32) {
        MessageCoding.append(message, to: &bytes)
        records.append(
            Record(
                receivedAt: message.receivedAt.milliseconds, end: bytes.count,
                originalCount: UInt32(message.original.count), source: source))
        if case .records(let count)? = pieces.last {
            pieces[pieces.count - 1] = .records(count + 1)
        } else {
            pieces.append(.records(1))
        }
    }

    mutating func append(_ frame: RowFrame, receivedAt: Timestamp, source: UInt32) {
        pieces.append(.rows(frame, receivedAt: receivedAt, source: source))
        frameBytes += frame.bytes.count
    }

    /// Hands all originals to a part.
    ///
    /// - Parameter stage: whose originals these are.
    func write(
        _ stage: MessageStage, _ placement: PartBuilder.Placement, to writer: inout PartWriter
    ) throws(DiskError) {
        var message = 0
        var record = 0
        for piece in pieces {
            switch piece {
            case .records(let count):
                for _ in 0..<count {
                    if placement.arrivals[message] != 0 {
                        try write(record, of: message, stage, placement, to: &writer)
                    }
                    message += 1
                    record += 1
                }
            case .rows(let frame, let receivedAt, let source):
                let messages = message..<(message + frame.count)
                message = messages.upperBound
                try write(frame, of: messages, receivedAt, source, stage, placement, to: &writer)
            }
        }
    }

    private func write(
        _ record: Int, of message: Int, _ stage: MessageStage, _ placement: PartBuilder.Placement,
        to writer: inout PartWriter
    ) throws(DiskError) {
        let entry = stage.entries[message]
        let facts = records[record]
        try writer.append(
            bytes[(record == 0 ? 0 : records[record - 1].end)..<facts.end],
            OriginalsFrame.Place(
                arrival: placement.arrivals[message], received: facts.receivedAt, time: entry.time,
                source: placement.sources[Int(facts.source)],
                identifier: placement.identifiers[Int(entry.person)], kind: entry.kind),
            originalBytes: Int(facts.originalCount), source: stage.sources[Int(facts.source)])
    }

    private func write(
        _ frame: RowFrame, of messages: Range<Int>, _ receivedAt: Timestamp, _ source: UInt32, _ stage: MessageStage,
        _ placement: PartBuilder.Placement, to writer: inout PartWriter
    ) throws(DiskError) {
        let kept = messages.filter { placement.arrivals[$0] != 0 }
        let isKept = messages.map { placement.arrivals[$0] != 0 }
        guard let first = kept.first, let frame = frame.keeping(isKept[...]) else { return }
        // Arrivals are given in the order of the stage, so those of a frame follow each other.
        let ofFrame = RowFrame.Placement(
            firstArrival: placement.arrivals[first], received: receivedAt.milliseconds,
            source: placement.sources[Int(source)],
            identifiers: kept.map { placement.identifiers[Int(stage.entries[$0].person)] ?? 0 })
        try writer.append(frame, ofFrame, source: stage.sources[Int(source)])
    }
}
