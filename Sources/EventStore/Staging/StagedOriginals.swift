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
    var byteCount: Int { bytes.count + records.count * MemoryLayout<Record>.stride + frameBytes }

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

    /// Says that rows are not the first of their kind in their file.
    ///
    /// - Parameter rows: their messages, ascending, each with how many-th it is.
    mutating func note(repeated rows: [(message: Int, occurrence: Int)]) {
        var next = 0
        var message = 0
        for index in pieces.indices where next < rows.count {
            switch pieces[index] {
            case .records(let count):
                message += count
            case .rows(var frame, let receivedAt, let source):
                let first = message
                message += frame.count
                guard rows[next].message < message else { continue }
                while next < rows.count, rows[next].message < message {
                    frame.repeated.append(
                        (UInt32(rows[next].message - first), UInt32(clamping: rows[next].occurrence)))
                    next += 1
                }
                pieces[index] = .rows(frame, receivedAt: receivedAt, source: source)
            }
        }
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
                    if let arrival = placement.arrivals[message] {
                        try write(record, of: message, arrival, stage, placement, to: &writer)
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
        _ record: Int, of message: Int, _ arrival: UInt64, _ stage: MessageStage,
        _ placement: PartBuilder.Placement, to writer: inout PartWriter
    ) throws(DiskError) {
        let facts = records[record]
        try writer.append(
            bytes[(record == 0 ? 0 : records[record - 1].end)..<facts.end],
            OriginalsFrame.Place(
                arrival: arrival, received: facts.receivedAt, time: stage.times[message],
                source: placement.sources[Int(facts.source)],
                identifier: placement.identifiers[Int(stage.persons[message])], kind: stage.facts[message].kind),
            originalBytes: Int(facts.originalCount), source: stage.sources[Int(facts.source)])
    }

    private func write(
        _ frame: RowFrame, of messages: Range<Int>, _ receivedAt: Timestamp, _ source: UInt32, _ stage: MessageStage,
        _ placement: PartBuilder.Placement, to writer: inout PartWriter
    ) throws(DiskError) {
        let isKept = messages.map { placement.arrivals[$0] != nil }
        guard let first = isKept.firstIndex(of: true), let frame = frame.keeping(isKept[...]),
            let arrival = placement.arrivals[messages.lowerBound + first]
        else { return }
        // Arrivals are given in the order of the stage, so those of a frame follow each other.
        let ofFrame = RowFrame.Placement(
            firstArrival: arrival, received: receivedAt.milliseconds, source: placement.sources[Int(source)])
        try writer.append(frame, ofFrame, source: stage.sources[Int(source)])
    }
}
