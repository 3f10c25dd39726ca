import EventModel

/// A profile's place in a rank: smallest metric first, and of equal ones the largest id.
///
/// That is the reverse of "metric descending, ties by id ascending", in which the top is counted.
struct RankKey: Hashable, Comparable, Sendable {
    /// Numbers, times and durations do not mix; a metric has one kind.
    var kind: UInt8
    var value: Decimal128
    var id: Text

    /// Nil when the metric is not ranked: only numbers, times and durations are.
    ///
    /// - Parameter drift: what the metric has gained by the clock alone, ms, the same for every profile.
    init?(_ value: Value, drift: Decimal128, id: Text) {
        switch value {
        case .number(let number):
            kind = 0
            self.value = number
        case .time(let time):
            guard let still = Decimal128(Int(time.milliseconds)).subtracting(drift) else { return nil }
            kind = 1
            self.value = still
        case .duration(let length):
            guard let still = length.subtracting(drift) else { return nil }
            kind = 2
            self.value = still
        default: return nil
        }
        self.id = id
    }

    /// The metric that this place stands for.
    func value(at drift: Decimal128) -> Value {
        switch kind {
        case 0: .number(value)
        case 1: value.adding(drift)?.asInt().map { .time(Timestamp(milliseconds: Int64($0))) } ?? .null
        default: value.adding(drift).map { .duration(milliseconds: $0) } ?? .null
        }
    }

    static func < (left: RankKey, right: RankKey) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        if left.value != right.value { return left.value < right.value }
        return right.id < left.id
    }
}

/// The stretch of a rank that is the band: from the lowest to the highest member.
struct RankBounds: Hashable, Sendable {
    var lowest: RankKey
    var highest: RankKey

    func contains(_ key: RankKey) -> Bool { lowest <= key && key <= highest }
}
