import EventModel

/// The values of one node for the profiles of a block, filled as they are asked for.
final class ProfileColumn {
    enum Kind: Equatable {
        /// Whole numbers.
        case count
        /// Instants, ms.
        case time
        /// Durations, ms.
        case duration
        /// Decimals: numbers times ten to the exponent.
        case decimal(Int32)
        /// Numbers as estimates, whose values are made when they are needed.
        case estimate
        /// Anything.
        case any
    }

    private(set) var kind: Kind
    /// By profile: 0 not filled, 1 null, 2 a value.
    private(set) var state: [UInt8]
    /// The values, unless the kind is `any`; of profiles without one they are anything.
    private(set) var numbers: [Int64]
    private var values: [Value]
    /// The estimates, if the kind is `estimate`.
    private(set) var estimates: [Estimate]
    private var exact: ((Int32) -> Value)?
    private var isUntouched = true

    init(kind: Kind, count: Int) {
        self.kind = kind
        state = Array(repeating: 0, count: count)
        // Whoever reads a number asks for its state first.
        numbers =
            kind == .any || kind == .estimate
            ? [] : Array(unsafeUninitializedCapacity: count) { $1 = count }
        values = kind == .any ? Array(repeating: .null, count: count) : []
        estimates = kind == .estimate ? Array(repeating: .unknown, count: count) : []
    }

    /// The candidates that are not filled yet; whoever asks fills them.
    func missing(of candidates: [Int32]) -> [Int32] {
        if isUntouched {
            isUntouched = false
            return candidates
        }
        return candidates.filter { state[Int($0)] == 0 }
    }

    func isNull(_ profile: Int32) -> Bool { state[Int(profile)] != 2 }

    func value(_ profile: Int32) -> Value {
        let index = Int(profile)
        guard state[index] == 2 else { return .null }
        switch kind {
        case .estimate: return exact?(profile) ?? .null
        case .any: return values[index]
        case .count, .time, .duration, .decimal: return kind.value(of: numbers[index])
        }
    }

    /// Whether the values are whole numbers, which compare as such.
    var isWhole: Bool { kind != .any && kind != .estimate }

    func setNull(_ profile: Int32) { state[Int(profile)] = 1 }

    /// - Precondition: `isWhole`.
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

    /// Fills many at once with estimates: `estimate` gives that of a profile, nil for null.
    ///
    /// - Parameter exact: the value of a profile that has an estimate; only null if the estimate is unknown.
    /// - Precondition: the kind is `estimate`, and `exact` the same each time.
    func fillEstimates(
        _ profiles: [Int32], exact: @escaping (Int32) -> Value,
        _ estimate: (_ index: Int, _ profile: Int32) -> Estimate?
    ) {
        self.exact = exact
        for (index, profile) in profiles.enumerated() {
            if let estimate = estimate(index, profile) {
                estimates[Int(profile)] = estimate
                state[Int(profile)] = 2
            } else {
                state[Int(profile)] = 1
            }
        }
    }

    /// How to estimate the numbers of this column; nil when it has others.
    var estimating: ((Int32) -> Estimate)? {
        switch kind {
        case .estimate: { self.estimates[Int($0)] }
        case .count: { Estimate(self.numbers[Int($0)], scale: 1) }
        case .decimal(let exponent):
            Estimate.scale(exponent).map { scale in { Estimate(self.numbers[Int($0)], scale: scale) } }
        case .time, .duration, .any: nil
        }
    }

    /// Fills many at once: `number` gives the value of a profile, nil for null.
    ///
    /// - Precondition: `isWhole`.
    @inline(__always)
    func fill(_ profiles: [Int32], _ number: (_ index: Int, _ profile: Int32) -> Int64?) {
        numbers.withUnsafeMutableBufferPointer { numbers in
            state.withUnsafeMutableBufferPointer { state in
                for (index, profile) in profiles.enumerated() {
                    if let number = number(index, profile) {
                        numbers[Int(profile)] = number
                        state[Int(profile)] = 2
                    } else {
                        state[Int(profile)] = 1
                    }
                }
            }
        }
    }

    /// Those whose value is not null and for whom `holds` does.
    ///
    /// - Precondition: `isWhole`.
    @inline(__always)
    func filter(_ profiles: [Int32], _ holds: (Int64) -> Bool) -> [Int32] {
        numbers.withUnsafeBufferPointer { numbers in
            state.withUnsafeBufferPointer { state in
                profiles.filtered { state[Int($0)] == 2 && holds(numbers[Int($0)]) }
            }
        }
    }

    private func becomeAny() {
        values = state.indices.map { value(Int32(truncatingIfNeeded: $0)) }
        kind = .any
        numbers = []
        estimates = []
        exact = nil
    }
}

extension ProfileColumn.Kind {
    /// What a whole number of this kind stands for.
    func value(of number: Int64) -> Value {
        switch self {
        case .count: .number(Decimal128(Int(number)))
        case .time: .time(Timestamp(milliseconds: number))
        case .duration: .duration(milliseconds: Decimal128(Int(number)))
        case .decimal(let exponent): .number(Decimal128(scaled: number, exponent: exponent))
        case .estimate, .any: .null
        }
    }

    /// Whether the values are plain numbers.
    var isNumber: Bool {
        switch self {
        case .count, .decimal, .estimate: true
        case .time, .duration, .any: false
        }
    }

    /// A literal as a number of this kind, with which those of the column compare as the values do; nil when there
    /// is none.
    func bound(of literal: Value) -> Int64? {
        switch (self, literal) {
        case (.count, .number(let number)): number.scaled(exponent: 0)
        case (.decimal(let exponent), .number(let number)): number.scaled(exponent: exponent)
        case (.time, .time(let time)): time.milliseconds
        case (.duration, .duration(let length)): length.scaled(exponent: 0)
        default: nil
        }
    }
}

extension [Int32] {
    /// Those for which `holds` does, without growing step by step.
    @inline(__always)
    func filtered(_ holds: (Int32) -> Bool) -> [Int32] {
        [Int32](unsafeUninitializedCapacity: count) { out, kept in
            kept = 0
            for element in self {
                out[kept] = element
                kept &+= holds(element) ? 1 : 0
            }
        }
    }

    /// Those at whose index `holds` does.
    @inline(__always)
    func filteredByIndex(_ holds: (Int) -> Bool) -> [Int32] {
        [Int32](unsafeUninitializedCapacity: count) { out, kept in
            kept = 0
            for index in indices {
                out[kept] = self[index]
                kept &+= holds(index) ? 1 : 0
            }
        }
    }
}
