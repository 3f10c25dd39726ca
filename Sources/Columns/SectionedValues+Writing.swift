extension SectionedValues {
    /// Appends numbers of rows of a block.
    ///
    /// - Parameters:
    ///   - values: one for each of `present`.
    ///   - present: the rows of the block that have a value, ascending; nil: all.
    ///   - starts: per section, the row of the block at which each of its runs begins, and the section's end.
    ///   - areCodes: codes are not divided by their greatest common divisor.
    package static func append(
        _ values: [Int64], at present: [UInt32]?, sections starts: [[UInt32]], areCodes: Bool, to bytes: inout [UInt8]
    ) {
        values.withUnsafeBufferPointer { appendAll($0, present, starts, areCodes: areCodes, to: &bytes) }
    }

    /// Appends codes of rows of a block, as `append(_:at:sections:areCodes:to:)` does.
    package static func append(
        codes: [UInt32], at present: [UInt32]?, sections starts: [[UInt32]], to bytes: inout [UInt8]
    ) {
        codes.withUnsafeBufferPointer { appendAll($0, present, starts, areCodes: true, to: &bytes) }
    }

    private static func appendAll<Value: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafeBufferPointer<Value>, _ present: [UInt32]?, _ starts: [[UInt32]], areCodes: Bool,
        to bytes: inout [UInt8]
    ) {
        var drafts: [SectionDraft<Value>] = []
        var next = 0
        for (section, starts) in starts.enumerated() {
            let rows = Int(starts[0])..<Int(starts[starts.count - 1])
            let first = next
            if let present {
                while next < present.count, Int(present[next]) < rows.upperBound { next += 1 }
            } else {
                next += rows.count
            }
            guard first < next else { continue }
            let isFull = next - first == rows.count
            drafts.append(
                SectionDraft(
                    section: section, values: UnsafeBufferPointer(rebasing: values[first..<next]),
                    present: isFull ? nil : present.map { $0[first..<next] }, starts: starts))
        }
        let factor = areCodes ? 1 : commonDivisor(of: drafts)
        bytes.appendLittleEndian(UInt32(drafts.count))
        bytes.appendLittleEndian(factor)
        var body: [UInt8] = []
        for draft in drafts { draft.append(factor: UInt64(factor), header: &bytes, body: &body) }
        bytes.append(contentsOf: body)
        bytes.append(contentsOf: repeatElement(0, count: BitPacking.padding))
    }

    /// The greatest common divisor of how far values lie above the smallest of their section, at least 1.
    private static func commonDivisor<Value>(of drafts: [SectionDraft<Value>]) -> Int64 {
        var divisor: UInt64 = 0
        for draft in drafts {
            for value in draft.values {
                let above = UInt64(truncatingIfNeeded: value &- draft.base)
                if divisor == 1 { return 1 }
                if above == 0 || divisor != 0 && above % divisor == 0 { continue }
                var (a, b) = (above, divisor)
                while b != 0 { (a, b) = (b, a % b) }
                divisor = a
            }
        }
        return divisor == 0 || divisor > UInt64(Int64.max) ? 1 : Int64(divisor)
    }
}

/// A section on its way into bytes.
private struct SectionDraft<Value: FixedWidthInteger & BitwiseCopyable> {
    let section: Int
    let values: UnsafeBufferPointer<Value>
    /// Rows of the block; nil: all of the section.
    let present: ArraySlice<UInt32>?
    let starts: [UInt32]
    let base: Value
    let largest: Value
    let isPerRun: Bool

    init(section: Int, values: UnsafeBufferPointer<Value>, present: ArraySlice<UInt32>?, starts: [UInt32]) {
        self.section = section
        self.values = values
        self.present = present
        self.starts = starts
        var (base, largest) = (Value.max, Value.min)
        for value in values {
            base = min(base, value)
            largest = max(largest, value)
        }
        self.base = base
        self.largest = largest
        isPerRun = present == nil && base < largest && Self.isConstantInRuns(values, starts)
    }

    /// Whether each run has one value, and there are so few runs that this is shorter.
    private static func isConstantInRuns(_ values: UnsafeBufferPointer<Value>, _ starts: [UInt32]) -> Bool {
        guard (starts.count - 1) * 2 <= values.count else { return false }
        return starts.withUnsafeBufferPointer { starts in
            for run in 0..<(starts.count &- 1) {
                let (first, end) = (Int(starts[run] &- starts[0]), Int(starts[run &+ 1] &- starts[0]))
                let value = values[first]
                var index = first &+ 1
                while index < end {
                    if values[index] != value { return false }
                    index &+= 1
                }
            }
            return true
        }
    }

    func append(factor: UInt64, header: inout [UInt8], body: inout [UInt8]) {
        let rows = Int(starts[starts.count - 1] - starts[0])
        let width = BitPacking.width(of: UInt64(truncatingIfNeeded: largest &- base) / factor)
        let before = body.count
        let form = appendPresence(rows: rows, to: &body)
        let base = self.base
        if isPerRun {
            let first = starts[0]
            BitPacking.appendBits(count: starts.count - 1, width: width, to: &body) { run in
                UInt64(truncatingIfNeeded: values[Int(starts[run] &- first)] &- base) / factor
            }
        } else if factor == 1 {
            BitPacking.appendBits(count: values.count, width: width, to: &body) { index in
                UInt64(truncatingIfNeeded: values[index] &- base)
            }
        } else {
            BitPacking.appendBits(count: values.count, width: width, to: &body) { index in
                UInt64(truncatingIfNeeded: values[index] &- base) / factor
            }
        }
        header.appendLittleEndian(UInt32(section))
        header.append(contentsOf: [form, isPerRun ? 1 : 0, UInt8(width), 0])
        header.appendLittleEndian(UInt32(values.count))
        header.appendLittleEndian(UInt32(body.count - before))
        header.appendLittleEndian(Int64(truncatingIfNeeded: base))
    }

    private func appendPresence(rows: Int, to body: inout [UInt8]) -> UInt8 {
        guard let present else { return SectionedValues.Form.all }
        let rowWidth = BitPacking.width(of: UInt64(max(rows - 1, 0)))
        let first = starts[0]
        return present.withUnsafeBufferPointer { present in
            if present.count * rowWidth < rows {
                BitPacking.appendBits(count: present.count, width: rowWidth, to: &body) { UInt64(present[$0] &- first) }
                return SectionedValues.Form.list
            }
            withUnsafeTemporaryAllocation(byteCount: (rows + 7) / 8, alignment: 8) { bits in
                bits.initializeMemory(as: UInt8.self, repeating: 0)
                for row in present {
                    let place = Int(row &- first)
                    bits[place >> 3] |= 1 << UInt8(truncatingIfNeeded: place & 7)
                }
                body.append(contentsOf: bits)
            }
            return SectionedValues.Form.bitmap
        }
    }
}
