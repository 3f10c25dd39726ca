import EventModel

/// The values of one node for the profiles of a block, filled as they are asked for.
final class ProfileColumn {
    enum Kind: Equatable {
        /// Whole numbers.
        case count
        /// Instants, ms.
        case time
        /// Decimals: numbers times ten to the exponent.
        case decimal(Int32)
        /// Anything.
        case any
    }

    private(set) var kind: Kind
    /// By profile: 0 not filled, 1 null, 2 a value.
    private(set) var state: [UInt8]
    /// The values, unless the kind is `any`.
    private(set) var numbers: [Int64]
    private var values: [Value]

    init(kind: Kind, count: Int) {
        self.kind = kind
        state = Array(repeating: 0, count: count)
        numbers = kind == .any ? [] : Array(repeating: 0, count: count)
        values = kind == .any ? Array(repeating: .null, count: count) : []
    }

    /// The candidates that are not filled yet.
    func missing(of candidates: [Int32]) -> [Int32] {
        var index = 0
        while index < candidates.count, state[Int(candidates[index])] != 0 { index += 1 }
        if index == candidates.count { return [] }
        if index == 0, !state.contains(where: { $0 != 0 }) { return candidates }
        return candidates.filter { state[Int($0)] == 0 }
    }

    func isNull(_ profile: Int32) -> Bool { state[Int(profile)] != 2 }

    func value(_ profile: Int32) -> Value {
        let index = Int(profile)
        guard state[index] == 2 else { return .null }
        switch kind {
        case .count: return .number(Decimal128(Int(numbers[index])))
        case .time: return .time(Timestamp(milliseconds: numbers[index]))
        case .decimal(let exponent): return .number(Decimal128(scaled: numbers[index], exponent: exponent))
        case .any: return values[index]
        }
    }

    func setNull(_ profile: Int32) { state[Int(profile)] = 1 }

    /// - Precondition: the kind is not `any`.
    func set(_ number: Int64, _ profile: Int32) {
        numbers[Int(profile)] = number
        state[Int(profile)] = 2
    }

    /// Any value; makes the column one of any values if it is not.
    func set(_ value: Value, _ profile: Int32) {
        if kind != .any { becomeAny() }
        values[Int(profile)] = value
        state[Int(profile)] = value.isNull ? 1 : 2
    }

    private func becomeAny() {
        values = state.indices.map { value(Int32(truncatingIfNeeded: $0)) }
        kind = .any
        numbers = []
    }
}

extension ProfileColumn.Kind {
    /// A literal as a number of this kind, with which those of the column compare as the values do; nil when there
    /// is none.
    func bound(of literal: Value) -> Int64? {
        switch (self, literal) {
        case (.count, .number(let number)): number.scaled(exponent: 0)
        case (.decimal(let exponent), .number(let number)): number.scaled(exponent: exponent)
        case (.time, .time(let time)): time.milliseconds
        default: nil
        }
    }
}
