import Columns
import EventModel

/// What the different cells of a column of a table mean for a staged column.
struct CellMeanings {
    enum Kind: UInt8 {
        case unknown, none, string, number, other
    }

    private(set) var kinds: [Kind]
    /// Numbers, `numbers` × 10^-`places`.
    private(set) var numbers: [Int64]
    private(set) var places: [Int8]
    /// Which kinds there are among the rows that matter, a bit each.
    private(set) var seen: UInt8 = 0
    /// The codes of those rows in the order of their first use.
    let used: [Int]

    private let reading: RowBatch.Reading
    private let cells: TableCells

    /// - Parameter rows: those of the table that matter.
    init(_ reading: RowBatch.Reading, _ cells: TableCells, _ rows: Range<Int>) {
        self.reading = reading
        self.cells = cells
        let count = reading.column.count
        kinds = Array(repeating: .unknown, count: count)
        numbers = Array(repeating: 0, count: count)
        places = Array(repeating: 0, count: count)
        used = reading.column.codesUsed(in: rows)
        for code in used { learn(code) }
    }

    private mutating func learn(_ code: Int) {
        let kind = kind(code)
        kinds[code] = kind
        seen |= 1 << kind.rawValue
    }

    private mutating func kind(_ code: Int) -> Kind {
        switch reading.form {
        case .text:
            if let wholeNumbers { return wholeNumbers[code] == 0 ? .none : .string }
            return text(code).isEmpty ? .none : .string
        case .literal:
            guard let wholeNumbers else { return literal(code) }
            numbers[code] = Int64(wholeNumbers[code]) - 1
            return wholeNumbers[code] == 0 ? .none : .number
        case .numbers(let read, _):
            guard let number = read.number(code) else { return .none }
            (numbers[code], places[code]) = (number.value, Int8(truncatingIfNeeded: number.places))
            return .number
        }
    }

    /// As `LiteralCell` reads it.
    private mutating func literal(_ code: Int) -> Kind {
        let text = text(code)
        guard text.count > 0 else { return .none }
        let start = text[0]
        // Only these begin a number or, being `true` or `false`, are a boolean.
        let mayBeNumber = start == UInt8(ascii: "-") || start &- 0x30 < 10
        let mayBeFlag =
            (start == UInt8(ascii: "t") && text.count == 4) || (start == UInt8(ascii: "f") && text.count == 5)
        if !mayBeNumber && !mayBeFlag || text.count > 34 { return .string }
        if let number = PlainNumber(text, mark: UInt8(ascii: ".")), number.isShortest {
            (numbers[code], places[code]) = (number.value, Int8(truncatingIfNeeded: number.places))
            return .number
        }
        if case .string = value(code) { return .string }
        return .other
    }

    /// See `TableColumn.numbers`.
    var wholeNumbers: [UInt32]? { reading.column.numbers }

    func text(_ code: Int) -> UnsafeBufferPointer<UInt8> { reading.column.text(code, in: cells) }

    /// A literal that is neither a plain number nor surely a text.
    func value(_ code: Int) -> JSONValue { LiteralCell.value(Text(String(decoding: text(code), as: UTF8.self))) }

    func hasOnly(_ kinds: Kind...) -> Bool {
        seen & ~kinds.reduce(0) { $0 | 1 << $1.rawValue } == 0
    }
}

extension StagedColumn {
    /// Appends a column of a table, from row `first` here on.
    mutating func append(_ reading: RowBatch.Reading, _ cells: TableCells, _ rows: Range<Int>, at first: Int) {
        let meanings = CellMeanings(reading, cells, rows)
        if meanings.hasOnly(.none) { return }
        var isWanted: [Bool]?
        if case .numbers(_, let wanted) = reading.form { isWanted = wanted }
        reading.column.codes.withUnsafeBufferPointer { codes in
            let codes = UnsafeBufferPointer(rebasing: codes[rows])
            if meanings.hasOnly(.none, .string) {
                appendStrings(codes, meanings, at: first)
            } else if isWanted != nil || !appendNumbers(codes, meanings, at: first) {
                appendAll(codes, meanings, at: first) { isWanted?[rows.lowerBound &+ $0] ?? true }
            }
        }
    }

    private mutating func appendStrings(_ cells: UnsafeBufferPointer<UInt32>, _ meanings: CellMeanings, at first: Int) {
        let texts = meanings.used.filter { meanings.kinds[$0] == .string }
        let numbers = meanings.wholeNumbers.map { all in texts.map { all[$0] } }
        let codes = codes(count: texts.count, numbers: numbers) { meanings.text(texts[$0]) }
        var known = [UInt32](repeating: TableCells.noText, count: meanings.kinds.count)
        for (place, cell) in texts.enumerated() { known[cell] = codes[place] }
        let hasAll = meanings.hasOnly(.string)
        known.withUnsafeBufferPointer { known in append(codes: cells, known, hasAll: hasAll, at: first) }
    }

    /// Appends numbers that need no other scale and no more bits; false when there are others.
    private mutating func appendNumbers(
        _ cells: UnsafeBufferPointer<UInt32>, _ meanings: CellMeanings, at first: Int
    ) -> Bool {
        guard meanings.hasOnly(.none, .number) else { return false }
        var small = [Int32](repeating: 0, count: meanings.kinds.count)
        for code in small.indices where meanings.kinds[code] == .number {
            guard let value = fitting(meanings.numbers[code], places: meanings.places[code]) else { return false }
            small[code] = value
        }
        let hasAll = meanings.hasOnly(.number)
        small.withUnsafeBufferPointer { small in
            meanings.kinds.withUnsafeBufferPointer { kinds in
                append(numbers: cells, small, at: first) { hasAll || kinds[$0] == .number }
            }
        }
        return true
    }

    private mutating func appendAll(
        _ cells: UnsafeBufferPointer<UInt32>, _ meanings: CellMeanings, at first: Int, where isWanted: (Int) -> Bool
    ) {
        meanings.kinds.withUnsafeBufferPointer { kinds in
            for row in cells.indices {
                let code = Int(cells[row])
                let kind = kinds[code]
                // Many rows have no such cell.
                guard kind != .none, kind != .unknown, isWanted(row) else { continue }
                switch kind {
                case .unknown, .none: break
                case .string: append(string: meanings.text(code), at: first + row)
                case .number:
                    append(scaled: meanings.numbers[code], places: Int(meanings.places[code]), at: first + row)
                case .other: append(meanings.value(code), at: first + row)
                }
            }
        }
    }
}
