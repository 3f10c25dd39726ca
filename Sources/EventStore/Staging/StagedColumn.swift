package import EventModel

/// The cells of one path in the order of arrival.
///
/// Numbers stay whole numbers of one scale as long as they can; everything else is a code into a dictionary of cells
/// in their stored form.
package struct StagedColumn: Sendable {
    enum Values: Sendable {
        /// Numbers as multiples of 10^exponent.
        case scaled([Int64], exponent: Int32)
        case coded([UInt32], ByteDictionary)
    }

    /// How many cells there are.
    private(set) var count = 0
    /// The rows that have a cell, unless these are the first `count` of them.
    private var listed: [UInt32] = []
    /// Whether the first `count` rows have a cell and no other.
    private(set) var isDense = true
    private var scaled: [Int64] = []
    private var exponent: Int32 = 0
    private var codes: [UInt32] = []
    private var dictionary = ByteDictionary()
    private var isScaled = true

    package init() {}

    /// The rows, or items, that have a cell; ascending.
    var rows: [UInt32] { isDense ? Array(0..<UInt32(count)) : listed }

    /// Texts by their codes, one a row; rows with `TableCells.noText` have none.
    init(codes: [UInt32], _ dictionary: ByteDictionary) {
        self.dictionary = dictionary
        isScaled = false
        guard codes.contains(TableCells.noText) else {
            self.codes = codes
            count = codes.count
            return
        }
        for (row, code) in codes.enumerated() where code != TableCells.noText {
            note(row)
            self.codes.append(code)
        }
    }

    /// Numbers of one scale, one a row.
    init(dense numbers: [Int64], exponent: Int32) {
        scaled = numbers
        count = numbers.count
        self.exponent = exponent
    }

    /// Notes that a row has a cell.
    @inline(__always)
    private mutating func note(_ row: Int) {
        if isDense {
            if row == count {
                count &+= 1
                return
            }
            listed = Array(0..<UInt32(count))
            isDense = false
        }
        listed.append(UInt32(truncatingIfNeeded: row))
        count &+= 1
    }

    /// Makes room for so many cells.
    package mutating func reserve(_ count: Int) {
        if isScaled { scaled.reserveCapacity(count) } else { codes.reserveCapacity(count) }
        if !isDense { listed.reserveCapacity(count) }
    }

    /// About how much memory it takes.
    var byteCount: Int {
        listed.capacity * 4 + scaled.capacity * 8 + codes.capacity * 4 + dictionary.byteCount
    }

    var values: Values { isScaled ? .scaled(scaled, exponent: exponent) : .coded(codes, dictionary) }

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
        if isScaled, let wide = Self.widened(value, by: Int(-exponent) - places) {
            scaled.append(wide)
        } else {
            append(Decimal128(scaled: value, exponent: Int32(-places)))
        }
        note(row)
    }

    private static func widened(_ value: Int64, by places: Int) -> Int64? {
        if places == 0 { return value }
        guard places > 0 else { return nil }
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
    /// - Parameters:
    ///   - newRows: per row of the other column its row here, `UInt32.max` for one that is left out; nil: `first` and
    ///     those after it.
    mutating func append(_ other: StagedColumn, rows newRows: [UInt32]?, at first: Int) {
        guard let newRows else {
            append(other, cells: 0..<other.count)
            if isDense, other.isDense, first == count {
                count += other.count
            } else {
                for row in other.rows { note(first + Int(row)) }
            }
            return
        }
        let rows = other.rows
        let kept = rows.indices.filter { newRows[Int(rows[$0])] != .max }
        append(other, cells: kept)
        for cell in kept { note(Int(newRows[Int(rows[cell])])) }
    }

    /// The cells of both columns, which have no row in common.
    func merged(with other: StagedColumn) -> StagedColumn {
        var merged = StagedColumn()
        let (left, right) = (rows, other.rows)
        var (mine, its) = (0, 0)
        while mine < left.count || its < right.count {
            let isMine = its == right.count || (mine < left.count && left[mine] < right[its])
            merged.append(isMine ? self : other, cells: CollectionOfOne(isMine ? mine : its))
            merged.note(Int(isMine ? left[mine] : right[its]))
            if isMine { mine += 1 } else { its += 1 }
        }
        return merged
    }

    private mutating func append(_ other: StagedColumn, cells: some Collection<Int>) {
        if other.isScaled {
            if isScaled, exponent == other.exponent, cells.count == other.scaled.count {
                scaled.append(contentsOf: other.scaled)
                return
            }
            for cell in cells { append(number: other.scaled[cell], other.exponent) }
            return
        }
        if isScaled { code() }
        let codeOfOther = dictionary.codes(of: other.dictionary)
        codeOfOther.withUnsafeBufferPointer { known in
            codes.append(contentsOf: cells.lazy.map { known[Int(other.codes[$0])] })
        }
    }

    private mutating func append(number: Int64, _ from: Int32) {
        if isScaled, let wide = Self.widened(number, by: Int(from) - Int(exponent)) {
            scaled.append(wide)
        } else {
            append(Decimal128(scaled: number, exponent: from))
        }
    }

    private static var nothing: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

    private mutating func append(_ tag: UInt8, _ bytes: UnsafeBufferPointer<UInt8>) {
        if isScaled { code() }
        codes.append(dictionary.code(tag: tag, bytes))
    }

    private mutating func append(_ number: Decimal128) {
        guard isScaled else { return append(cell: number) }
        if let value = number.scaled(exponent: exponent) ?? rescaled(for: number) {
            scaled.append(value)
        } else {
            code()
            append(cell: number)
        }
    }

    /// The number in a finer scale, to which all others have gone too; nil when one does not fit.
    private mutating func rescaled(for number: Decimal128) -> Int64? {
        let finer = number.exponent
        guard finer < exponent, finer >= Self.smallestExponent, let value = number.scaled(exponent: finer) else {
            return nil
        }
        var factor: Int64 = 1
        for _ in finer..<exponent { factor *= 10 }
        var changed: [Int64] = []
        changed.reserveCapacity(scaled.capacity)
        for old in scaled {
            let (product, overflow) = old.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            changed.append(product)
        }
        scaled = changed
        exponent = finer
        return value
    }

    private mutating func append(cell number: Decimal128) {
        let bytes = CellCoding.encode(.number(number))
        let code = bytes.withUnsafeBufferPointer { bytes in
            dictionary.code(tag: CellCoding.Tag.number, UnsafeBufferPointer(rebasing: bytes.dropFirst()))
        }
        codes.append(code)
    }

    /// Goes from numbers to cells.
    private mutating func code() {
        isScaled = false
        let numbers = scaled
        scaled = []
        codes.reserveCapacity(numbers.capacity)
        for number in numbers { append(cell: Decimal128(scaled: number, exponent: exponent)) }
    }
}
