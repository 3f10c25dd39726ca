package import EventModel

extension Value {
    /// As people read it; nil for null.
    package func spoken(in zone: Zone) -> String? {
        switch self {
        case .null: nil
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): groupedDecimal("\(number)")
        case .string(let text): text.string
        case .time(let time): spokenInstant(time, in: zone)
        case .duration(let milliseconds):
            milliseconds.floorToInt().map { spokenDuration(milliseconds: Int64($0)) } ?? "\(milliseconds) ms"
        case .day(let day, _): spokenDay(day)
        case .list(let elements): elements.compactMap { $0.spoken(in: zone) }.joined(separator: ", ")
        case .object: "{…}"
        }
    }
}
