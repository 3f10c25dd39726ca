import Columns
import EventModel
import EventStore

/// The identities of a column's values as small numbers of their own: two rows have the same key when their values
/// are the same entity.
final class RowKeys {
    /// Of a column with a dictionary: the code of each row.
    let codes: ColumnSlice<UInt32>
    /// Of a column with a dictionary: the key of each code, -1 for values that have none. Empty without one.
    let keyOfCode: [Int32]
    /// Of a column of numbers: these, and which rows have one.
    private let scaled: ColumnSlice<Int64>
    private let present: Bitmap
    /// The keys given so far.
    private var keyOfNumber: [Int64: Int32] = [:]
    private var last: (number: Int64, key: Int32) = (0, -1)

    /// - Parameter column: with a place for every row.
    init(_ column: Column?) {
        switch column?.storage {
        case .dictionary(let codes, let values):
            self.codes = codes
            keyOfCode = Self.keys(of: values)
            scaled = ColumnSlice([])
            present = Bitmap()
        case .decimals(let scaled, _, let present):
            codes = ColumnSlice([])
            keyOfCode = []
            self.scaled = scaled
            self.present = present
        case .sparse, nil:
            codes = ColumnSlice([])
            keyOfCode = []
            scaled = ColumnSlice([])
            present = Bitmap()
        }
    }

    private static func keys(of values: [Cell]) -> [Int32] {
        var keys: [Int32] = []
        keys.reserveCapacity(values.count)
        // Among strings alone, other codes are other identities.
        let isPlain = values.allSatisfy {
            switch $0 {
            case .string, .missing: true
            default: false
            }
        }
        var known: [Text: Int32] = [:]
        for (code, cell) in values.enumerated() {
            if isPlain {
                if case .missing = cell { keys.append(-1) } else { keys.append(Int32(truncatingIfNeeded: code)) }
            } else if let identity = Value(cell).identity {
                let key = known[identity] ?? Int32(truncatingIfNeeded: known.count)
                known[identity] = key
                keys.append(key)
            } else {
                keys.append(-1)
            }
        }
        return keys
    }

    /// Where all keys of a dictionary are below 64: the bit of each code's key, none for values that have no key.
    private(set) lazy var bitOfCode: [UInt64]? = {
        guard !keyOfCode.isEmpty, let largest = keyOfCode.max(), largest < 64 else { return nil }
        return keyOfCode.map { $0 < 0 ? 0 : 1 << UInt64($0) }
    }()

    /// Writes the keys of some rows to their places.
    ///
    /// - Returns: a number that all of them are below.
    func write(_ rows: Range<Int>, to keys: UnsafeMutableBufferPointer<Int32>) -> Int {
        if !keyOfCode.isEmpty {
            codes.withReader { codes in
                keyOfCode.withUnsafeBufferPointer { keyOfCode in
                    for row in rows { keys.initializeElement(at: row, to: keyOfCode[Int(codes[row])]) }
                }
            }
            return keyOfCode.count
        }
        for row in rows { keys.initializeElement(at: row, to: key(row)) }
        return keyOfNumber.count
    }

    /// The key of a row's value; -1 when it has none.
    @inline(__always)
    func key(_ row: Int) -> Int32 {
        if !keyOfCode.isEmpty { return keyOfCode[Int(codes[row])] }
        return present.contains(row) ? key(of: scaled[row]) : -1
    }

    private func key(of number: Int64) -> Int32 {
        if last.number == number, last.key >= 0 { return last.key }
        let key = keyOfNumber[number] ?? Int32(truncatingIfNeeded: keyOfNumber.count)
        keyOfNumber[number] = key
        last = (number, key)
        return key
    }
}

/// What was noted of keys for one owner at a time, without clearing between owners.
struct KeyNotes {
    private var owners: [Int32] = []
    private var notes: [Int32] = []

    /// What was noted of a key for an owner; nil for nothing.
    @inline(__always)
    func note(_ key: Int32, for owner: Int32) -> Int32? {
        Int(key) < owners.count && owners[Int(key)] == owner ? notes[Int(key)] : nil
    }

    @inline(__always)
    mutating func set(_ note: Int32, _ key: Int32, for owner: Int32) {
        if Int(key) >= owners.count {
            let missing = Int(key) + 1 - owners.count + owners.count / 2
            owners.append(contentsOf: repeatElement(-1, count: missing))
            notes.append(contentsOf: repeatElement(0, count: missing))
        }
        owners[Int(key)] = owner
        notes[Int(key)] = note
    }
}
