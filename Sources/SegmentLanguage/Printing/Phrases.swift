internal import EventModel

/// Small pieces of canonical text that never break over lines.
enum Phrases {
    /// `7 days`, `1 day`
    static func duration(_ duration: DurationLiteral) -> String {
        "\(duration.amount) \(unit(duration.unit.rawValue, isOne: duration.amount == 1))"
    }

    /// A unit whose plural ends with s.
    static func unit(_ plural: String, isOne: Bool) -> String {
        isOne ? String(plural.dropLast()) : plural
    }

    /// `in at least 2 of last 3 weeks`
    static func periods(_ needed: Int, of total: Int, _ unit: PeriodUnit) -> String {
        "in at least \(needed) of last \(total) \(self.unit(unit.rawValue, isOne: total == 1))"
    }

    /// `at least 2 times`, `on at least 2 days`, `in at least 2 visits`
    static func count(_ count: CountRequirement) -> String {
        let prefix =
            switch count.unit {
            case .times: ""
            case .days: "on "
            case .visits: "in "
            }
        let (bound, last): (String, Int) =
            switch count.bound {
            case .atLeast(let n): ("at least", n)
            case .atMost(let n): ("at most", n)
            case .exactly(let n): ("exactly", n)
            case .moreThan(let n): ("more than", n)
            case .fewerThan(let n): ("fewer than", n)
            case .between(let low, let high): ("between \(low) and", high)
            }
        return "\(prefix)\(bound) \(last) \(unit(count.unit.rawValue, isOne: last == 1))"
    }

    /// Windows without events.
    static func window(_ window: Window) -> String {
        switch window {
        case .inLast(let length): "in last \(duration(length))"
        case .fromAgo(let from, let to):
            "from \(duration(from)) ago to " + (to.map { "\(duration($0)) ago" } ?? "now")
        case .beforeAgo(let length): "before \(duration(length)) ago"
        case .from(let from, let to): "from \(from.text) to \(to.text)"
        case .before(let time): "before \(time.text)"
        case .onOrAfter(let time): "on or after \(time.text)"
        case .calendar(let period): period.rawValue
        case .since, .beforeEvent, .withinAfter: ""
        }
    }

    static func anniversary(_ window: AnniversaryWindow) -> String {
        switch window {
        case .today: "today"
        case .inNext(let length): "in next \(duration(length))"
        case .inLast(let length): "in last \(duration(length))"
        }
    }

    static func band(_ band: RankBand) -> String {
        switch band {
        case .top(let percent): "top \(percent)%"
        case .bottom(let percent): "bottom \(percent)%"
        case .quintile(let k): "quintile \(k)"
        }
    }

    static func timeField(_ field: TimeField, local: Bool) -> String {
        (local ? "local_" : "") + field.rawValue
    }

    /// Values without values inside.
    static func simple(_ value: Value) -> String {
        switch value.kind {
        case .number(let number): "\(number)"
        case .percent(let number): "\(number)%"
        case .string(let text): StringLiteral.text(text)
        case .bool(let bool): bool ? "true" : "false"
        case .duration(let length): duration(length)
        case .time(let time): time.text.string
        case .weekday(let weekday): "\(weekday)"
        case .consentState(let state): state.rawValue
        case .now: "now"
        case .ago(let length): "\(duration(length)) ago"
        case .fromNow(let length): "\(duration(length)) from now"
        case .trait(let parts): PathText.trait(parts)
        case .profileCreated: "profile.created"
        case .cart(let field): "cart.\(field.rawValue)"
        case .metric(let name): name.string
        case .consent(let purpose): "consent.\(PathText.part(purpose))"
        case .bucket(let salt): "bucket(\(StringLiteral.text(salt)))"
        case .eventField(let field, let local): timeField(field, local: local)
        case .eventTime: "time"
        case .property(let path): PathText.text(path)
        case .aggregate, .timeFunction, .arithmetic, .negated: ""
        }
    }
}
