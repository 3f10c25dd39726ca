import EventModel
import SegmentLanguage

/// Counts, values and times as people read them.
enum Words {
    static func count(_ count: Int, _ unit: CountRequirement.Unit) -> String {
        switch unit {
        case .times: "\(count) \(count == 1 ? "time" : "times")"
        case .days: "\(count) \(count == 1 ? "day" : "days")"
        case .visits: "\(count) \(count == 1 ? "visit" : "visits")"
        }
    }

    static func count(_ count: Int, _ pattern: EventPattern) -> String { "\(count) \(noun(pattern, count: count))" }

    static func requirement(_ requirement: CountRequirement) -> String {
        func unit(_ n: Int) -> String { count(n, requirement.unit) }
        switch requirement.bound {
        case .atLeast(let n): return "at least \(unit(n))"
        case .atMost(let n): return "at most \(unit(n))"
        case .exactly(let n): return "exactly \(unit(n))"
        case .moreThan(let n): return "more than \(unit(n))"
        case .fewerThan(let n): return "fewer than \(unit(n))"
        case .between(let low, let high): return "between \(low) and \(unit(high))"
        }
    }

    /// What the events of a pattern are called: orders and visits by their own words, others by name.
    static func noun(_ pattern: EventPattern, count: Int) -> String {
        switch pattern {
        case .named(EventName.orderCompleted): count == 1 ? "order" : "orders"
        case .visit: count == 1 ? "visit" : "visits"
        case .anyEvent: count == 1 ? "event" : "events"
        default: self.pattern(pattern)
        }
    }

    static func pattern(_ pattern: EventPattern) -> String {
        func quoted(_ text: Text) -> String { JSONWriter.text(of: .string(text)) }
        switch pattern {
        case .named(let name): return quoted(name)
        case .anyOf(let names): return "any of (\(names.map(quoted).joined(separator: ", ")))"
        case .anyEvent: return "any event"
        case .like(let pattern): return "events like \(quoted(pattern))"
        case .visit: return "visit"
        }
    }

    static func value(_ value: Value) -> String {
        switch value {
        case .null: "nothing"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.description
        case .string(let text): JSONWriter.text(of: .string(text))
        case .time(let time): time.iso8601
        case .duration(let milliseconds): length(milliseconds)
        case .day(let day, _): day.iso8601
        case .list(let elements): "(\(elements.map(self.value).joined(separator: ", ")))"
        case .object: "an object"
        }
    }

    static func time(_ milliseconds: Int64) -> String { Timestamp(milliseconds: milliseconds).iso8601 }

    /// "in 3 days": from now to a later instant.
    static func distance(from now: Int64, to later: Int64) -> String {
        "in \(length(Decimal128(Int(max(later.subtractingSaturating(now), 0)))))"
    }

    /// A length of time in its largest unit, rounded up to a tenth of it.
    static func length(_ milliseconds: Decimal128) -> String {
        let units: [(size: Int, one: String, many: String)] = [
            (86_400_000, "day", "days"), (3_600_000, "hour", "hours"), (60_000, "minute", "minutes"),
            (1_000, "second", "seconds"),
        ]
        let unit = units.first { milliseconds.magnitude >= Decimal128($0.size) } ?? (1_000, "second", "seconds")
        let isMilliseconds = milliseconds.magnitude < 1_000
        guard !isMilliseconds,
            let tenfold = milliseconds.magnitude.multiplied(by: 10)?.divided(by: Decimal128(unit.size)),
            let floor = tenfold.floorToInt()
        else { return "\(milliseconds) ms" }
        let tenths = Decimal128(floor) < tenfold ? floor + 1 : floor
        let sign = milliseconds.isNegative ? "-" : ""
        let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return "\(sign)\(text) \(tenths == 10 ? unit.one : unit.many)"
    }
}
