extension CSVSplitter {
    mutating func finish(
        _ bytes: UnsafeBufferPointer<UInt8>, _ mark: Mark, _ scan: Scan, next: Int
    ) -> Step {
        let count = starts.count - mark.firstCell
        let range = mark.start..<scan.offset
        defer { line += scan.lineBreaks }
        if range.isEmpty {
            // An empty line is no record.
            return skip(mark, to: next)
        }
        var problem: CSVProblem?
        if scan.hasNul {
            problem = .nulByte
        } else if scan.seen >= 0x80, !isValidUTF8(UnsafeBufferPointer(rebasing: bytes[range])) {
            problem = .invalidUTF8
        } else if let cellCount {
            problem = count < cellCount ? .tooFewCells : count > cellCount ? .tooManyCells : nil
        } else {
            cellCount = count
        }
        records.append(
            CSVBatch.Record(
                line: line, rawStart: range.lowerBound, rawEnd: range.upperBound,
                firstCell: mark.firstCell, cellCount: count, problem: problem))
        return .next(next)
    }

    mutating func skip(_ mark: Mark, to next: Int) -> Step {
        _ = takeBack(mark)
        return .next(next)
    }

    /// Rejects the first physical line of the record that starts here.
    mutating func giveUp(
        _ problem: CSVProblem, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isLast: Bool
    ) -> Step {
        let scanEnd = min(bytes.count, start + dialect.recordBytesMax + 1)
        var end = start
        while end < scanEnd, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        guard end < scanEnd else {
            if isLast, end == bytes.count, end <= start + dialect.recordBytesMax {
                reject(problem, from: start, to: end)
                return .next(end)
            }
            guard end > start + dialect.recordBytesMax else { return .needMore }
            reject(problem, from: start, to: min(end, start + Self.keptBytesOfLongRecord))
            isSkipping = true
            return skipLine(bytes, from: end, isLast: isLast)
        }
        if bytes[end] == 0x0D, end + 1 == bytes.count, !isLast { return .needMore }
        let isPair = bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A
        reject(problem, from: start, to: end)
        line += 1
        return .next(end + (isPair ? 2 : 1))
    }

    mutating func reject(_ problem: CSVProblem, from start: Int, to end: Int) {
        records.append(
            CSVBatch.Record(
                line: line, rawStart: start, rawEnd: end, firstCell: starts.count, cellCount: 0, problem: problem))
    }

    /// Passes over the rest of a line whose record has been rejected.
    mutating func skipLine(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isLast: Bool) -> Step {
        var i = start
        while i < bytes.count, bytes[i] != 0x0A, bytes[i] != 0x0D { i += 1 }
        if i == bytes.count { return .next(i) }
        if bytes[i] == 0x0D, i + 1 == bytes.count, !isLast { return i == start ? .needMore : .next(i) }
        let isPair = bytes[i] == 0x0D && i + 1 < bytes.count && bytes[i + 1] == 0x0A
        isSkipping = false
        line += 1
        return .next(i + (isPair ? 2 : 1))
    }
}

/// Whether the bytes are UTF-8 as Unicode defines it: no surrogates, nothing overlong.
func isValidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let span = Span(_unsafeElements: bytes)
    return (try? UTF8Span(validating: span)) != nil
}
