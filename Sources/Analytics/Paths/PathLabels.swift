import EventModel
import EventStore
import SegmentEngine

/// What a step of a path says.
struct PathLabel: Hashable, Comparable, Sendable {
    let event: Text
    let value: Text?

    static func < (left: PathLabel, right: PathLabel) -> Bool {
        left.event != right.event ? left.event < right.event : (left.value ?? "") < (right.value ?? "")
    }
}

/// Small numbers for what steps say, given as they are met.
struct PathLabels: Sendable {
    /// By number.
    private(set) var numbers: [PathLabel] = []
    private var numberOf: [PathLabel: Int32] = [:]
    private var values = ValueNumbers()

    mutating func number(of label: PathLabel) -> Int32 {
        if let known = numberOf[label] { return known }
        let number = Int32(truncatingIfNeeded: numbers.count)
        numbers.append(label)
        numberOf[label] = number
        return number
    }

    /// Tells the labels of the rows of a block.
    struct Reading {
        private let block: HistoryBlock
        /// Where each section of the block ends, and its name's code.
        private let ends: [Int]
        private let codes: [UInt32]
        private var column: ColumnValues?
        /// By code, and by code and value: the label; -1 not asked yet.
        private var labelOfCode: [Int32]
        private var labelOfPair: [UInt64: Int32] = [:]

        init(_ reader: EventRows.Reader, property: PropertyPath?) {
            block = reader.block
            ends = block.sections.map(\.rows.upperBound)
            codes = block.sections.map(\.name)
            // Items have values of their own, many a row.
            let property = property?.scope == .items ? nil : property
            column = property.flatMap { reader.block.column($0) }.map { ColumnValues($0) }
            labelOfCode = Array(repeating: -1, count: block.eventNames.count)
        }

        mutating func label(at row: Int, _ labels: inout PathLabels) -> Int32 {
            let code = code(at: row)
            let value = column?.number(at: row, &labels.values) ?? -1
            if value < 0 {
                if labelOfCode[code] < 0 {
                    labelOfCode[code] = labels.number(of: PathLabel(event: block.eventNames[code], value: nil))
                }
                return labelOfCode[code]
            }
            let key = UInt64(code) << 32 | UInt64(UInt32(bitPattern: value))
            if let known = labelOfPair[key] { return known }
            let label = PathLabel(event: block.eventNames[code], value: labels.values.text(of: value))
            let number = labels.number(of: label)
            labelOfPair[key] = number
            return number
        }

        private func code(at row: Int) -> Int {
            var (low, high) = (0, ends.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if ends[middle] <= row { low = middle + 1 } else { high = middle }
            }
            return Int(codes[low])
        }
    }
}
