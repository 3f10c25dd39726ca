import EventModel

/// The metric of a ranked profile, as it counts in the rank.
struct RankValue: Hashable, Comparable, Sendable {
    enum Kind: UInt8, Sendable {
        case number, time, duration
    }

    /// A metric has one kind.
    var kind: Kind
    /// Of times and durations in ms, without what the clock alone has added.
    var value: Decimal128

    /// Nil when the metric is not ranked: only numbers, times and durations are.
    ///
    /// - Parameter drift: what the metric has gained by the clock alone, ms, the same for every profile.
    init?(_ value: Value, drift: Decimal128) {
        switch value {
        case .number(let number):
            kind = .number
            self.value = number
        case .time(let time):
            guard let still = Decimal128(Int(time.milliseconds)).subtracting(drift) else { return nil }
            kind = .time
            self.value = still
        case .duration(let length):
            guard let still = length.subtracting(drift) else { return nil }
            kind = .duration
            self.value = still
        default: return nil
        }
    }

    /// The metric that it stands for.
    func metric(at drift: Decimal128) -> Value {
        switch kind {
        case .number: .number(value)
        case .time: value.adding(drift)?.asInt().map { .time(Timestamp(milliseconds: Int64($0))) } ?? .null
        case .duration: value.adding(drift).map { .duration(milliseconds: $0) } ?? .null
        }
    }

    static func < (left: RankValue, right: RankValue) -> Bool {
        left.kind != right.kind ? left.kind.rawValue < right.kind.rawValue : left.value < right.value
    }
}

/// A profile's place in a rank: smallest metric first, and of equal ones the largest id.
///
/// That is the reverse of "metric descending, ties by id ascending", in which the top is counted.
struct RankKey: Hashable, Comparable, Sendable {
    var value: RankValue
    var id: Text

    init(_ value: RankValue, id: Text) {
        self.value = value
        self.id = id
    }

    /// Nil when the metric is not ranked.
    ///
    /// - Parameter drift: see `RankValue`.
    init?(_ value: Value, drift: Decimal128, id: @autoclosure () -> Text) {
        guard let value = RankValue(value, drift: drift) else { return nil }
        self.init(value, id: id())
    }

    /// The metric that it stands for.
    func metric(at drift: Decimal128) -> Value { value.metric(at: drift) }

    static func < (left: RankKey, right: RankKey) -> Bool {
        left.value != right.value ? left.value < right.value : right.id < left.id
    }
}

/// The stretch of a rank that is the band: from the lowest to the highest member.
struct RankBounds: Hashable, Sendable {
    var lowest: RankKey
    var highest: RankKey

    func contains(_ key: RankKey) -> Bool { lowest <= key && key <= highest }
}
