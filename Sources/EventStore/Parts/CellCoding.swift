import Columns
import EventModel

/// Cells as the byte strings of a dictionary: a tag and what belongs to it.
///
/// ```
/// 0 null · 1 false · 2 true · 3 number · 4 string · 5 list · 6 object
/// number: sign (1), exponent (4), coefficient (16) · string: UTF-8 · list: JSON
/// ```
enum CellCoding {
    enum Tag {
        static let null: UInt8 = 0
        static let no: UInt8 = 1
        static let yes: UInt8 = 2
        static let number: UInt8 = 3
        static let string: UInt8 = 4
        static let list: UInt8 = 5
        static let object: UInt8 = 6
    }

    /// The bytes of a cell other than `.missing`.
    static func encode(_ cell: Cell) -> [UInt8] {
        switch cell {
        case .missing, .null: return [Tag.null]
        case .bool(let flag): return [flag ? Tag.yes : Tag.no]
        case .object: return [Tag.object]
        case .number(let number):
            var bytes: [UInt8] = [Tag.number, number.isNegative ? 1 : 0]
            bytes.appendLittleEndian(number.exponent)
            bytes.appendLittleEndian(number.coefficient)
            return bytes
        case .string(let text):
            var bytes: [UInt8] = [Tag.string]
            bytes.append(contentsOf: text.utf8)
            return bytes
        case .list(let elements):
            var bytes: [UInt8] = [Tag.list]
            JSONWriter.append(.array(elements), to: &bytes)
            return bytes
        }
    }

    /// The cell of a byte string; nil when it is none.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> Cell? {
        guard let tag = bytes.first else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        switch tag {
        case Tag.null: return rest.isEmpty ? .null : nil
        case Tag.no: return rest.isEmpty ? .bool(false) : nil
        case Tag.yes: return rest.isEmpty ? .bool(true) : nil
        case Tag.object: return rest.isEmpty ? .object : nil
        case Tag.number: return decodeNumber(rest).map { .number($0) }
        case Tag.string: return Text(utf8: rest).map { .string($0) }
        case Tag.list:
            guard case .array(let elements)? = try? JSONReader.parse(Array(rest)) else { return nil }
            return .list(elements)
        default: return nil
        }
    }

    private static func decodeNumber(_ bytes: UnsafeRawBufferPointer) -> Decimal128? {
        var reader = ByteReader(bytes)
        guard let sign = try? reader.readUInt8(), sign <= 1,
            let exponent = try? reader.readInt32(), let coefficient = try? reader.readUInt128(),
            reader.remaining == 0
        else { return nil }
        return Decimal128(coefficient: coefficient, exponent: Int(exponent), negative: sign == 1)
    }

    /// An order in which equal kinds stand together and the smallest and largest value of a kind at its ends.
    static func precedes(_ left: Cell, _ right: Cell) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.string(let left), .string(let right)): left < right
        default: rank(left) < rank(right)
        }
    }

    private static func rank(_ cell: Cell) -> Int {
        switch cell {
        case .missing: 0
        case .null: 1
        case .bool(false): 2
        case .bool(true): 3
        case .number: 4
        case .string: 5
        case .list: 6
        case .object: 7
        }
    }
}
