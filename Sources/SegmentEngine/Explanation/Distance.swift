import EventModel
import SegmentLanguage

/// How far a condition that fails is from holding: "1 more order", "161.00 more revenue", "in 3 days".
enum Distance {
    static func count(
        _ count: Int, _ requirement: CountRequirement, of pattern: EventPattern, truth: Truth, now: Int64
    ) -> String? {
        let least: Int
        let most: Int
        switch requirement.bound {
        case .atLeast(let n): (least, most) = (n, .max)
        case .moreThan(let n): (least, most) = (n == .max ? n : n + 1, .max)
        case .atMost(let n): (least, most) = (0, n)
        case .fewerThan(let n): (least, most) = (0, n - 1)
        case .exactly(let n): (least, most) = (n, n)
        case .between(let low, let high): (least, most) = (low, high)
        }
        func noun(_ n: Int) -> String {
            switch requirement.unit {
            case .times: Words.noun(pattern, count: n)
            case .days: "\(n == 1 ? "day" : "days") with \(Words.noun(pattern, count: 2))"
            case .visits: "\(n == 1 ? "visit" : "visits") with \(Words.noun(pattern, count: 2))"
            }
        }
        if least > most { return nil }
        if count < least { return "\(least - count) more \(noun(least - count))" }
        if count > most {
            if truth.until != never { return Words.distance(from: now, to: truth.until) }
            return "\(count - most) \(noun(count - most)) too many"
        }
        return nil
    }

    static func value(
        _ left: Value, _ comparison: Comparison, _ right: Value, of source: SegmentLanguage.Value, truth: Truth,
        _ frame: Frame
    ) -> String? {
        if let a = left.numeric, let b = right.numeric, let difference = b.subtracting(a) {
            return numbers(difference, comparison, subject: Subject.of(source), isMoney: Subject.isMoney(source))
        }
        switch (left, right) {
        case (.time, _), (.duration, _), (_, .time), (_, .duration):
            return truth.until == never ? nil : Words.distance(from: frame.now, to: truth.until)
        default: return nil
        }
    }

    /// - Parameter difference: what is required less what there is.
    private static func numbers(
        _ difference: Decimal128, _ comparison: Comparison, subject: String?, isMoney: Bool
    ) -> String? {
        let amount = isMoney ? money(difference.magnitude) : difference.magnitude.description
        let what = subject.map { " \($0)" } ?? ""
        switch comparison {
        case .greaterOrEqual: return "\(amount) more\(what)"
        case .equal where !difference.isNegative: return "\(amount) more\(what)"
        case .greater: return "more than \(amount) more\(what)"
        case .lessOrEqual, .equal: return "\(amount) less\(what)"
        case .less: return "more than \(amount) less\(what)"
        case .notEqual: return nil
        }
    }

    static func rank(_ value: Value, _ bounds: RankBounds, _ drift: Decimal128, _ metric: Text) -> String? {
        guard let own = value.numeric, let low = bounds.lowest.metric(at: drift).numeric,
            let high = bounds.highest.metric(at: drift).numeric
        else { return nil }
        if own <= low { return low.subtracting(own).map { "\($0) more \(metric)" } }
        return own.subtracting(high).map { "\($0) less \(metric)" }
    }

    /// Two digits after the point, when that is exact.
    private static func money(_ amount: Decimal128) -> String {
        guard let cents = amount.scaled(exponent: -2) else { return amount.description }
        let fraction = cents % 100
        return "\(cents / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}

/// What a value is called where something is missing of it.
enum Subject {
    private static let amounts: Set<Text> = [
        "revenue", "value", "total", "subtotal", "tax", "shipping", "discount", "price", "net_revenue",
    ]

    static func of(_ source: SegmentLanguage.Value) -> String? {
        switch source.kind {
        case .metric(let name): name.string.split(separator: "_").joined(separator: " ")
        case .aggregate(.count, _, let query): Words.noun(query.events, count: 2)
        case .aggregate(.days, _, _): "days"
        case .aggregate(.visits, _, _): "visits"
        case .aggregate(_, let expression, _): expression.flatMap(of)
        case .property(let path): path.parts.last?.string
        case .trait(let parts): parts.last?.string
        case .cart(let field): field == .value ? "cart value" : field.rawValue
        default: nil
        }
    }

    static func isMoney(_ source: SegmentLanguage.Value) -> Bool {
        switch source.kind {
        case .aggregate(let aggregate, let expression, _):
            switch aggregate {
            case .sum, .average, .minimum, .maximum, .median, .first, .last: expression.map(isMoney) ?? false
            default: false
            }
        case .property(let path): path.parts.last.map { amounts.contains($0) } ?? false
        case .metric(let name): amounts.contains(name)
        case .cart(let field): field == .value
        default: false
        }
    }
}
