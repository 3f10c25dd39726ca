import EventModel

/// Joins the dictionaries of several columns.
struct DictionaryUnion {
    /// Those that differ: blocks of one part may share one.
    private var dictionaries: [CellDictionary] = []
    /// Per column which of them it has, if any.
    private var numberOfColumn: [Int?] = []

    init(_ sources: [CellDictionary?]) {
        var known: [ObjectIdentifier: Int] = [:]
        for source in sources {
            guard let source else {
                numberOfColumn.append(nil)
                continue
            }
            let number = known[ObjectIdentifier(source.numbers)] ?? dictionaries.count
            if number == dictionaries.count {
                dictionaries.append(source)
                known[ObjectIdentifier(source.numbers)] = number
            }
            numberOfColumn.append(number)
        }
    }

    /// All cells of all of them.
    func joined() -> Unions.Dictionary {
        if let merged = mergedTexts() { return merged }
        var joining = Joining(dictionaries)
        for (number, dictionary) in dictionaries.enumerated() {
            for code in dictionary.cells.indices.dropFirst() { joining.add(UInt32(code), of: number) }
        }
        return result(joining.cells, joining.codes)
    }

    /// The cells under some codes of each column.
    func joined(used: [[UInt32]]) -> Unions.Dictionary {
        var joining = Joining(dictionaries)
        for (column, number) in numberOfColumn.enumerated() {
            guard let number else { continue }
            for code in used[column] { joining.add(code, of: number) }
        }
        return result(joining.cells, joining.codes)
    }

    private func result(_ cells: [Cell], _ codes: [[UInt32]]) -> Unions.Dictionary {
        Unions.Dictionary(dictionary: CellDictionary(cells), codes: numberOfColumn.map { $0.map { codes[$0] } ?? [] })
    }

    // MARK: - Sorted texts

    /// Dictionaries of parts are sorted; where they hold texts alone, they merge without looking each of them up.
    private func mergedTexts() -> Unions.Dictionary? {
        guard (2...8).contains(dictionaries.count) else { return nil }
        var sources: [TextCursor] = []
        for dictionary in dictionaries {
            guard let cursor = TextCursor(dictionary.cells) else { return nil }
            sources.append(cursor)
        }
        var cells: [Cell] = [.missing]
        var codes = dictionaries.map { [UInt32](repeating: 0, count: $0.cells.count) }
        cells.reserveCapacity(codes.map(\.count).max() ?? 0)
        while true {
            var smallest: Int?
            for (number, source) in sources.enumerated() where !source.isAtEnd {
                if let other = smallest, !source.comesBefore(sources[other]) { continue }
                smallest = number
            }
            guard let smallest else { break }
            let (cell, head) = (sources[smallest].cell, sources[smallest].head)
            for number in sources.indices.dropFirst(smallest)
            where !sources[number].isAtEnd && sources[number].head == head {
                guard number == smallest || sources[number].cell == cell else { continue }
                codes[number][sources[number].code] = UInt32(truncatingIfNeeded: cells.count)
                sources[number].advance()
            }
            cells.append(cell)
        }
        return result(cells, codes)
    }
}

/// Walks over the texts of a sorted dictionary.
private struct TextCursor {
    private let cells: [Cell]
    /// The first bytes of each text: most differ in these, which are quick to compare.
    private let heads: [UInt64]
    private(set) var code = 1

    /// Nil when there is anything but texts, or when they do not ascend.
    init?(_ cells: [Cell]) {
        var heads: [UInt64] = [0]
        heads.reserveCapacity(cells.count)
        for code in cells.indices.dropFirst() {
            guard case .string(let text) = cells[code] else { return nil }
            let head = text.withBytes { bytes in
                var head: UInt64 = 0
                for byte in bytes.prefix(8) { head = head << 8 | UInt64(byte) }
                return head << UInt64(8 * max(0, 8 - bytes.count))
            }
            if code > 1 {
                guard head >= heads[code - 1] else { return nil }
                if head == heads[code - 1], !CellCoding.precedes(cells[code - 1], cells[code]) { return nil }
            }
            heads.append(head)
        }
        self.cells = cells
        self.heads = heads
    }

    var isAtEnd: Bool { code == cells.count }
    var cell: Cell { cells[code] }
    var head: UInt64 { heads[code] }

    mutating func advance() { code += 1 }

    func comesBefore(_ other: TextCursor) -> Bool {
        head != other.head ? head < other.head : CellCoding.precedes(cell, other.cell)
    }
}

/// Gives cells new codes in the order of their first use.
private struct Joining {
    private let dictionaries: [CellDictionary]
    private(set) var cells: [Cell] = [.missing]
    /// Per dictionary and code of it the new code; 0 for cells that are not asked for.
    private(set) var codes: [[UInt32]]
    private var codeOfCell: [Cell: UInt32] = [:]

    init(_ dictionaries: [CellDictionary]) {
        self.dictionaries = dictionaries
        codes = dictionaries.map { Array(repeating: 0, count: $0.cells.count) }
    }

    mutating func add(_ code: UInt32, of number: Int) {
        let code = Int(code)
        guard code != 0, codes[number][code] == 0 else { return }
        let cell = dictionaries[number].cells[code]
        let new = codeOfCell[cell] ?? UInt32(cells.count)
        if new == cells.count {
            codeOfCell[cell] = new
            cells.append(cell)
        }
        codes[number][code] = new
    }
}
