package import EventModel

/// The cells of one path in the order of arrival.
///
/// Numbers stay whole numbers of one scale as long as they can, of 32 bits if they fit; everything else is a code into a
/// dictionary of cells in their stored form.
package struct StagedColumn: Sendable {
    enum Values: Sendable {
        /// Numbers as multiples of 10^exponent.
        case narrow(StagedArray<Int32>, exponent: Int32)
        case wide(StagedArray<Int64>, exponent: Int32)
        case coded(StagedCodes, ByteDictionary)
    }

    /// How many cells there are.
    private(set) var count = 0
    /// The rows that have a cell, unless these are the first `count` of them.
    private(set) var listed = StagedArray<UInt32>()
    /// Whether the first `count` rows have a cell and no other.
    private(set) var isDense = true
    private enum Form { case narrow, wide, coded }
    private var form = Form.narrow
    private var small = StagedArray<Int32>()
    private var large = StagedArray<Int64>()
    private var exponent: Int32 = 0
    private var codes = StagedCodes()
    private var dictionary = ByteDictionary()

    package init() {}

    var values: Values {
        switch form {
        case .narrow: .narrow(small, exponent: exponent)
        case .wide: .wide(large, exponent: exponent)
        case .coded: .coded(codes, dictionary)
        }
    }

    /// The rows, or items, that have a cell; ascending.
    var rows: [UInt32] { isDense ? Array(0..<UInt32(count)) : listed.elements }

    /// Notes that a row has a cell.
    @inline(__always)
    private mutating func note(_ row: Int) {
        if isDense {
            if row == count {
                count &+= 1
                return
            }
            list()
        }
        listed.append(UInt32(truncatingIfNeeded: row))
        count &+= 1
    }

    /// Goes from the first rows to a list of rows.
    private mutating func list() {
        listed = StagedArray(0..<UInt32(count))
        isDense = false
    }

    /// About how much memory it takes.
    var byteCount: Int {
        listed.byteCount + small.byteCount + large.byteCount + codes.byteCount + dictionary.byteCount
    }

    /// Scales below this are kept as cells, as everywhere in parts.
    private static let smallestExponent: Int32 = -12

    /// Whether a row can be appended: a path that two keys lead to has one cell, the first.
    @inline(__always)
    private func takes(_ row: Int) -> Bool {
        isDense ? row >= count : listed.last.map { Int($0) < row } ?? true
    }

    /// Appends a value other than a missing one; `row` is larger than every one before.
    package mutating func append(_ value: JSONValue, at row: Int) {
        guard takes(row) else { return }
        switch value {
        case .number(let number): append(number)
        case .string(let text): text.withBytes { append(CellCoding.Tag.string, $0) }
        case .null: append(CellCoding.Tag.null, Self.nothing)
        case .bool(let flag): append(flag ? CellCoding.Tag.yes : CellCoding.Tag.no, Self.nothing)
        case .object: append(CellCoding.Tag.object, Self.nothing)
        case .array(let elements):
            var json: [UInt8] = []
            JSONWriter.append(.array(elements), to: &json)
            json.withUnsafeBufferPointer { append(CellCoding.Tag.list, $0) }
        }
        note(row)
    }

    /// Appends a text, which is UTF-8.
    @inline(__always)
    package mutating func append(string bytes: UnsafeBufferPointer<UInt8>, at row: Int) {
        guard takes(row) else { return }
        append(CellCoding.Tag.string, bytes)
        note(row)
    }

    /// Appends `value` × 10^-`places`.
    @inline(__always)
    package mutating func append(scaled value: Int64, places: Int, at row: Int) {
        guard takes(row) else { return }
        append(number: value, Int32(truncatingIfNeeded: -places))
        note(row)
    }

    /// The codes of texts, which are UTF-8; numbers go over to cells.
    ///
    /// - Parameter numbers: as in `ByteDictionary`.
    mutating func codes(
        count: Int, numbers: [UInt32]?, _ text: (Int) -> UnsafeBufferPointer<UInt8>
    ) -> [UInt32] {
        if form != .coded { code() }
        return dictionary.codes(tag: CellCoding.Tag.string, count: count, numbers: numbers, text)
    }

    /// Appends texts of the rows from `first` on.
    ///
    /// - Parameters:
    ///   - cells: per row its cell.
    ///   - known: per cell its code here, `TableCells.noText` for none.
    ///   - hasAll: whether every row has a text.
    mutating func append(
        codes cells: UnsafeBufferPointer<UInt32>, _ known: UnsafeBufferPointer<UInt32>, hasAll: Bool, at first: Int
    ) {
        if hasAll, isDense, first == count {
            codes.append(cells, known, below: dictionary.count)
            count += cells.count
            return
        }
        if isDense { list() }
        let before = listed.count
        codes.append(cells, known, below: dictionary.count, listing: &listed, from: first)
        count += listed.count - before
    }

    /// A number as it stands here; nil when it needs another scale or more bits.
    func fitting(_ number: Int64, places: Int8) -> Int32? {
        guard form == .narrow else { return nil }
        return Self.widened(number, by: -Int(places) - Int(exponent)).flatMap { Int32(exactly: $0) }
    }

    /// Appends numbers of the rows from `first` on.
    ///
    /// - Parameters:
    ///   - cells: per row its cell.
    ///   - numbers: per cell its number, as `fitting` gave it.
    ///   - isNumber: per cell whether there is one.
    mutating func append(
        numbers cells: UnsafeBufferPointer<UInt32>, _ numbers: UnsafeBufferPointer<Int32>, at first: Int,
        where isNumber: (Int) -> Bool
    ) {
        let before = small.count
        small.append(count: cells.count) { target in
            for row in cells.indices { target[row] = numbers[Int(cells[row])] }
        }
        if isDense, first == count, cells.allSatisfy({ isNumber(Int($0)) }) {
            count += cells.count
            return
        }
        if isDense { list() }
        let rows = listed.count
        var kept = 0
        listed.append(count: cells.count) { listed in
            small.withUnsafeMutableBufferPointer { small in
                for row in cells.indices {
                    small[before &+ kept] = small[before &+ row]
                    listed[kept] = UInt32(truncatingIfNeeded: first &+ row)
                    kept &+= isNumber(Int(cells[row])) ? 1 : 0
                }
            }
        }
        small.removeLast(cells.count - kept)
        listed.removeLast(listed.count - rows - kept)
        count += kept
    }

    private static func widened(_ value: Int64, by places: Int) -> Int64? {
        if places == 0 { return value }
        guard places > 0, places <= 18 else { return value == 0 && places > 0 ? 0 : nil }
        var wide = value
        for _ in 0..<places {
            let (product, overflow) = wide.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            wide = product
        }
        return wide
    }

    /// Appends the cells of another column.
    ///
    /// - Parameter first: the row that row 0 of the other column becomes.
    mutating func append(_ other: StagedColumn, at first: Int) {
        appendCells(of: other, nil)
        if isDense, other.isDense, first == count {
            count += other.count
        } else {
            for row in other.rows { note(first + Int(row)) }
        }
    }

    /// The cells of both columns, which have no row in common.
    func merged(with other: StagedColumn) -> StagedColumn {
        var merged = StagedColumn()
        let (left, right) = (rows, other.rows)
        var (mine, its) = (0, 0)
        while mine < left.count || its < right.count {
            let isMine = its == right.count || (mine < left.count && left[mine] < right[its])
            merged.appendCells(of: isMine ? self : other, isMine ? mine : its)
            merged.note(Int(isMine ? left[mine] : right[its]))
            if isMine { mine += 1 } else { its += 1 }
        }
        return merged
    }

    /// Appends a cell of another column, or all of them.
    private mutating func appendCells(of other: StagedColumn, _ cell: Int?) {
        let cells = cell.map { $0..<($0 + 1) } ?? 0..<other.count
        switch other.form {
        case .narrow:
            for cell in cells { append(number: Int64(other.small[cell]), other.exponent) }
        case .wide:
            for cell in cells { append(number: other.large[cell], other.exponent) }
        case .coded:
            if form != .coded { code() }
            if cells.count == 1 {
                let string = other.dictionary[other.codes[cells.lowerBound]]
                string.dropFirst().withUnsafeBufferPointer { append(string.first ?? 0, $0) }
            } else {
                let codeOfOther = dictionary.codes(of: other.dictionary)
                for cell in cells { codes.append(codeOfOther[Int(other.codes[cell])]) }
            }
        }
    }

    private static var nothing: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

    private mutating func append(_ tag: UInt8, _ bytes: UnsafeBufferPointer<UInt8>) {
        if form != .coded { code() }
        codes.append(dictionary.code(tag: tag, bytes))
    }

    // MARK: - Numbers

    /// Appends `number` × 10^`from`.
    @inline(__always)
    private mutating func append(number: Int64, _ from: Int32) {
        if form == .narrow, let wide = Self.widened(number, by: Int(from) - Int(exponent)),
            let value = Int32(exactly: wide)
        {
            small.append(value)
        } else if form == .wide, let value = Self.widened(number, by: Int(from) - Int(exponent)) {
            large.append(value)
        } else {
            append(Decimal128(scaled: number, exponent: from))
        }
    }

    private mutating func append(_ number: Decimal128) {
        guard form != .coded else { return append(cell: number) }
        guard let value = number.scaled(exponent: exponent) ?? rescaled(for: number) else {
            code()
            return append(cell: number)
        }
        if form == .narrow, let value = Int32(exactly: value) { return small.append(value) }
        widen()
        large.append(value)
    }

    private mutating func widen() {
        guard form == .narrow else { return }
        let numbers = small
        large.append(count: numbers.count) { target in
            for index in 0..<numbers.count { target[index] = Int64(numbers[index]) }
        }
        small = StagedArray()
        form = .wide
    }

    /// The number in a finer scale, to which all others have gone too; nil when one does not fit.
    private mutating func rescaled(for number: Decimal128) -> Int64? {
        let finer = number.exponent
        guard finer < exponent, finer >= Self.smallestExponent, let value = number.scaled(exponent: finer) else {
            return nil
        }
        var factor: Int64 = 1
        for _ in finer..<exponent { factor *= 10 }
        let factor32 = Int32(exactly: factor)
        if form == .narrow, let factor32, Self.allFit(small, times: factor32) {
            small.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] *= factor32 } }
        } else {
            widen()
            guard Self.allFit(large, times: factor) else { return nil }
            large.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] *= factor } }
        }
        exponent = finer
        return value
    }

    private static func allFit<Number: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ numbers: StagedArray<Number>, times factor: Number
    ) -> Bool {
        numbers.withUnsafeBufferPointer { $0.allSatisfy { !$0.multipliedReportingOverflow(by: factor).overflow } }
    }

    private mutating func append(cell number: Decimal128) {
        let bytes = CellCoding.encode(.number(number))
        bytes.dropFirst().withUnsafeBufferPointer { append(CellCoding.Tag.number, $0) }
    }

    /// Goes from numbers to cells.
    private mutating func code() {
        widen()
        form = .coded
        let numbers = large
        large = StagedArray()
        for number in numbers.elements { append(cell: Decimal128(scaled: number, exponent: exponent)) }
    }
}
