extension SectionedValues {
    /// Appends values of rows of a block.
    ///
    /// - Parameters:
    ///   - values: one for each of `present`.
    ///   - present: the rows of the block that have a value, ascending; nil: all.
    ///   - starts: per section, the row of the block at which each of its runs begins, and the section's end.
    ///   - areCodes: codes are not divided by their greatest common divisor.
    package static func append(
        _ values: [Int64], at present: [UInt32]?, sections starts: [[UInt32]], areCodes: Bool, to bytes: inout [UInt8]
    ) {
        var drafts: [Draft] = []
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
                Draft(
                    section: section, values: values[first..<next],
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
    private static func commonDivisor(of drafts: [Draft]) -> Int64 {
        var divisor: UInt64 = 0
        for draft in drafts {
            for value in draft.values {
                let above = UInt64(bitPattern: value &- draft.base)
                if divisor == 1 { return 1 }
                if divisor != 0 && above % divisor == 0 { continue }
                var (a, b) = (above, divisor)
                while b != 0 { (a, b) = (b, a % b) }
                divisor = a
            }
        }
        return divisor == 0 || divisor > UInt64(Int64.max) ? 1 : Int64(divisor)
    }

    /// A section on its way into bytes.
    private struct Draft {
        let section: Int
        let values: ArraySlice<Int64>
        /// Rows of the block; nil: all of the section.
        let present: ArraySlice<UInt32>?
        let starts: [UInt32]
        let base: Int64
        let isPerRun: Bool

        init(section: Int, values: ArraySlice<Int64>, present: ArraySlice<UInt32>?, starts: [UInt32]) {
            self.section = section
            self.values = values
            self.present = present
            self.starts = starts
            base = values.min() ?? 0
            isPerRun = present == nil && Self.isConstantInRuns(values, starts)
        }

        /// Whether each run has one value, and there are so few runs that this is shorter.
        private static func isConstantInRuns(_ values: ArraySlice<Int64>, _ starts: [UInt32]) -> Bool {
            guard (starts.count - 1) * 2 <= values.count else { return false }
            for run in 0..<(starts.count - 1) {
                let first = values.startIndex + Int(starts[run] - starts[0])
                let end = values.startIndex + Int(starts[run + 1] - starts[0])
                for index in (first + 1)..<max(end, first + 1) where values[index] != values[first] { return false }
            }
            return true
        }

        func append(factor: UInt64, header: inout [UInt8], body: inout [UInt8]) {
            let rows = Int(starts[starts.count - 1] - starts[0])
            let kept =
                isPerRun
                ? starts.dropLast().map { values[values.startIndex + Int($0 - starts[0])] } : Array(values)
            let packed = kept.map { UInt64(bitPattern: $0 &- base) / factor }
            let width = BitPacking.width(of: packed.max() ?? 0)
            let before = body.count
            let form = appendPresence(rows: rows, to: &body)
            packed.withUnsafeBufferPointer { BitPacking.appendBits($0, width: width, to: &body) }
            header.appendLittleEndian(UInt32(section))
            header.append(contentsOf: [form, isPerRun ? 1 : 0, UInt8(width), 0])
            header.appendLittleEndian(UInt32(values.count))
            header.appendLittleEndian(UInt32(body.count - before))
            header.appendLittleEndian(base)
        }

        private func appendPresence(rows: Int, to body: inout [UInt8]) -> UInt8 {
            guard let present else { return Form.all }
            let rowWidth = BitPacking.width(of: UInt64(max(rows - 1, 0)))
            if present.count * rowWidth < rows {
                let list = present.map { UInt64($0 - starts[0]) }
                list.withUnsafeBufferPointer { BitPacking.appendBits($0, width: rowWidth, to: &body) }
                return Form.list
            }
            let first = body.count
            body.append(contentsOf: repeatElement(0, count: (rows + 7) / 8))
            for row in present {
                let place = Int(row - starts[0])
                body[first + place >> 3] |= 1 << UInt8(place & 7)
            }
            return Form.bitmap
        }
    }
}
