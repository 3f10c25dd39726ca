package import EventModel

/// Which of `.` and `,` stands before the fraction; the other one groups thousands.
package enum DecimalMark: String, Hashable, Sendable, CaseIterable {
    case point, comma

    var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
}

/// Reads amounts and quantities, exactly: `1,234.50`, `1.234,50 €`, `US$ 12`, `(3.00)`, `1'000`, `-5`,
/// `1.5e3`.
package struct NumberReader: Hashable, Sendable {
    package let mark: DecimalMark

    package init(mark: DecimalMark = .point) { self.mark = mark }

    /// Nil when the cell is no number in these forms, or has more than 34 significant digits.
    package func number(_ cell: ArraySlice<UInt8>) -> Decimal128? {
        plain(cell) ?? scientific(cell) ?? decorated(cell)
    }

    /// A number with an exponent, as programs write very large and very small ones: `1.5e3`.
    ///
    /// What is below 10^-9 this way is what binary arithmetic leaves of zero (`8.881784e-16`), and is read as 0.
    private func scientific(_ cell: ArraySlice<UInt8>) -> Decimal128? {
        guard cell.contains(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }),
            let number = Decimal128(jsonNumber: cell)
        else { return nil }
        return number.magnitude < Self.residue ? 0 : number
    }

    private static let residue = Decimal128(scaled: 1, exponent: -9)

    /// Digits with at most a sign and a decimal mark, 18 digits at most: nearly every cell there is.
    private func plain(_ cell: ArraySlice<UInt8>) -> Decimal128? {
        var isNegative = false
        var value: Int64 = 0
        var digits = 0
        var fraction: Int32 = -1
        for (position, byte) in cell.enumerated() {
            if byte >= 0x30, byte <= 0x39 {
                guard digits < 18 else { return nil }
                value = value * 10 + Int64(byte - 0x30)
                digits += 1
                if fraction >= 0 { fraction += 1 }
            } else if byte == mark.byte, fraction < 0, digits > 0 {
                fraction = 0
            } else if byte == UInt8(ascii: "-"), position == 0 {
                isNegative = true
            } else {
                return nil
            }
        }
        guard digits > 0, fraction != 0 else { return nil }
        return Decimal128(scaled: isNegative ? -value : value, exponent: -max(0, fraction))
    }

    private func decorated(_ cell: ArraySlice<UInt8>) -> Decimal128? {
        guard cell.count <= 80 else { return nil }
        var scalars = Array(trimmed(String(decoding: cell, as: UTF8.self)).unicodeScalars)
        var isNegative = false
        if scalars.first == "(", scalars.last == ")" {
            isNegative = true
            scalars = Array(scalars.dropFirst().dropLast())
        }
        guard let sign = Self.takeDecorations(&scalars) else { return nil }
        if sign { isNegative.toggle() }
        guard let digits = ungrouped(scalars), !digits.isEmpty else { return nil }
        return Decimal128(jsonNumber: (isNegative ? [UInt8(ascii: "-")] : []) + digits)
    }

    /// Removes currency signs, currency codes and a sign from both ends; true for a minus, nil for two signs.
    private static func takeDecorations(_ scalars: inout [Unicode.Scalar]) -> Bool? {
        var signs = 0
        var isNegative = false
        func isDecoration(_ scalar: Unicode.Scalar) -> Bool {
            if scalar == "-" || scalar == "\u{2212}" {
                signs += 1
                isNegative = true
                return true
            }
            if scalar == "+" {
                signs += 1
                return true
            }
            return scalar.properties.generalCategory == .currencySymbol || scalar.properties.isAlphabetic
                || scalar.properties.isWhitespace
        }
        while let first = scalars.first, isDecoration(first) { scalars.removeFirst() }
        while let last = scalars.last, isDecoration(last) { scalars.removeLast() }
        return signs > 1 ? nil : isNegative
    }

    /// The digits as JSON has them, groups of thousands joined; nil when the groups are no groups.
    private func ungrouped(_ scalars: [Unicode.Scalar]) -> [UInt8]? {
        let decimal = Unicode.Scalar(mark.byte)
        let parts = scalars.split(separator: decimal, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        var groups: [[UInt8]] = [[]]
        var grouping: Unicode.Scalar?
        for scalar in whole {
            if (0x30...0x39).contains(scalar.value) {
                groups[groups.count - 1].append(UInt8(scalar.value))
            } else if scalar != decimal, Self.groupings.contains(scalar), grouping == nil || grouping == scalar {
                grouping = scalar
                groups.append([])
            } else {
                return nil
            }
        }
        if groups.count > 1 {
            // Western groups of three; Indian ones of two before the last three.
            guard let first = groups.first, (1...3).contains(first.count), groups.last?.count == 3,
                groups.dropFirst().dropLast().allSatisfy({ $0.count == 2 || $0.count == 3 })
            else { return nil }
        }
        var digits = Array(groups.joined().drop { $0 == 0x30 })
        if digits.isEmpty { digits = [0x30] }
        guard whole.isEmpty == false || parts.count == 2 else { return nil }
        if parts.count == 2 {
            let fraction = parts[1]
            guard fraction.allSatisfy({ (0x30...0x39).contains($0.value) }) else { return nil }
            if fraction.isEmpty { return whole.isEmpty ? nil : digits }
            digits.append(UInt8(ascii: "."))
            digits.append(contentsOf: fraction.map { UInt8($0.value) })
        }
        return digits
    }

    private static let groupings: Set<Unicode.Scalar> = [
        ".", ",", "'", "\u{2019}", " ", "\u{A0}", "\u{202F}", "\u{2009}", "_",
    ]
}

/// What the amounts of a file say about its decimal mark.
package struct DecimalMarkEvidence: Hashable, Sendable {
    package private(set) var point = 0
    package private(set) var comma = 0

    package init() {}

    /// Looks at one cell. A single mark before exactly three digits says nothing: it may group thousands.
    package mutating func look(at text: String) {
        let marks = text.utf8.filter { $0 == 0x2E || $0 == 0x2C }
        guard let last = marks.last, text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return }
        let behind = text.utf8.reversed().drop { !(0x30...0x39).contains($0) && $0 != 0x2E && $0 != 0x2C }
            .prefix { (0x30...0x39).contains($0) }.count
        let isOnlyKind = marks.allSatisfy { $0 == last }
        if isOnlyKind, marks.count > 1 {
            // `1.234.567`: the mark groups, so the other one is the decimal mark.
            if last == 0x2E { comma += 1 } else { point += 1 }
        } else if !isOnlyKind || behind != 3 {
            if last == 0x2E { point += 1 } else { comma += 1 }
        }
    }

    /// The mark most cells speak for; a point when none does.
    package var mark: DecimalMark { comma > point ? .comma : .point }
}
