internal import EventModel

/// The kinds of value that something can have, as far as its definition tells.
struct ValueKinds: OptionSet, Hashable, Sendable {
    let rawValue: Int

    static let number = ValueKinds(rawValue: 1)
    static let string = ValueKinds(rawValue: 2)
    static let bool = ValueKinds(rawValue: 4)
    static let time = ValueKinds(rawValue: 8)
    static let day = ValueKinds(rawValue: 16)
    static let duration = ValueKinds(rawValue: 32)
    static let list = ValueKinds(rawValue: 64)
    static let consent = ValueKinds(rawValue: 128)

    /// Properties, traits and what comes from them.
    static let unknown = ValueKinds(rawValue: 255)

    /// A string literal may be the text of a number, a boolean, a time or a consent state.
    static func literal(_ text: Text) -> ValueKinds {
        var kinds: ValueKinds = .string
        if Decimal128(jsonNumber: text) != nil { kinds.insert(.number) }
        if text == "true" || text == "false" { kinds.insert(.bool) }
        if Timestamp(iso8601: text, zone: .utc) != nil { kinds.formUnion([.time, .day]) }
        if ConsentState(rawValue: text.string) != nil { kinds.insert(.consent) }
        return kinds
    }

    /// Whether a comparison between the two can ever be true.
    func canCompare(with other: ValueKinds) -> Bool {
        let left = subtracting(.list)
        let right = other.subtracting(.list)
        if !left.isDisjoint(with: right) { return true }
        return (left.contains(.day) && right.contains(.time)) || (left.contains(.time) && right.contains(.day))
    }

    /// What arithmetic makes of the two; empty when it can make nothing. Days count as their first instants.
    func combined(_ operation: ArithmeticOperator, with other: ValueKinds) -> ValueKinds {
        let left = contains(.day) ? union(.time) : self
        let right = other.contains(.day) ? other.union(.time) : other
        var result: ValueKinds = []
        func when(_ first: ValueKinds, _ second: ValueKinds, _ made: ValueKinds) {
            if left.contains(first), right.contains(second) { result.formUnion(made) }
        }
        when(.number, .number, .number)
        switch operation {
        case .add:
            when(.duration, .duration, .duration)
            when(.time, .duration, .time)
            when(.duration, .time, .time)
        case .subtract:
            when(.duration, .duration, .duration)
            when(.time, .duration, .time)
            when(.time, .time, .duration)
        case .multiply:
            when(.duration, .number, .duration)
            when(.number, .duration, .duration)
        case .divide:
            when(.duration, .number, .duration)
            when(.duration, .duration, .number)
        }
        return result
    }

    /// The kinds in words, for messages.
    var described: String {
        let names: [(ValueKinds, String)] = [
            (.string, "a string"), (.number, "a number"), (.bool, "true or false"), (.time, "a time"), (.day, "a day"),
            (.duration, "a length of time"), (.list, "a list"), (.consent, "a consent state"),
        ]
        return names.first { contains($0.0) }?.1 ?? "nothing"
    }
}
