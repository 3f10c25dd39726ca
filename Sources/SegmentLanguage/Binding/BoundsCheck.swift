internal import EventModel

/// Finds bounds that are wrong (errors) and bounds that nothing can meet (warnings).
struct BoundsCheck: Check {
    let map: SourceMap
    let zone: Zone
    var diagnostics: [Diagnostic] = []

    init(map: SourceMap, zone: Zone) {
        self.map = map
        self.zone = zone
    }

    // MARK: - Windows

    mutating func visit(_ window: Window, of node: SourceRange, _ scope: WalkScope) {
        let range = map.range(of: .window, in: node)
        switch window {
        case .fromAgo(let from, let to):
            guard from.milliseconds <= (to?.milliseconds ?? 0) else { return }
            let swapped = to.map { "from \(Phrases.duration($0)) ago to \(Phrases.duration(from)) ago" }
            report(
                .boundsInReverse, "the window ends before it begins: the longer time ago comes first", at: range,
                suggestion: from.milliseconds == to?.milliseconds ? nil : swapped)
        case .from(let from, let to):
            guard from.instant(in: zone) >= to.instant(in: zone) else { return }
            let swapped = "from \(to.text) to \(from.text)"
            report(
                .boundsInReverse, "the window ends before it begins: the earlier date comes first", at: range,
                suggestion: from.instant(in: zone) == to.instant(in: zone) ? nil : swapped)
        default: break
        }
    }

    // MARK: - Conditions

    mutating func visit(_ condition: Condition, _ scope: WalkScope) {
        switch condition.kind {
        case .did(let query, let count?): check(count, at: map.range(of: .count, in: query.range))
        case .sequence(_, let count?, _): check(count, at: map.range(of: .count, in: condition.range))
        case .didInPeriods(let query, let needed, let total, let unit):
            checkPeriods(needed, total, unit, at: map.range(of: .count, in: query.range))
        case .forGroups(.atLeast(let count), _, _) where count < 0:
            report(.invalidCount, "a count is not negative", at: condition.range)
        case .between(_, let low, let high): checkBetween(low, high)
        case .rank(_, let band, _): check(band, at: map.range(of: .band, in: condition.range))
        case .compare(_, let comparison, _, ignoringCase: true) where comparison != .equal && comparison != .notEqual:
            report(
                .misplacedPart, "`ignoring case` goes with =, !=, in, contains, starts with, ends with and matches",
                at: condition.range)
        case .text(_, .matches, let pattern, let ignoringCase): checkPattern(pattern, ignoringCase: ignoringCase)
        default: break
        }
    }

    private mutating func check(_ count: CountRequirement, at range: SourceRange) {
        switch count.bound {
        case .atLeast(let n), .atMost(let n), .exactly(let n), .moreThan(let n), .fewerThan(let n):
            if n < 0 { report(.invalidCount, "a count is not negative", at: range) }
            if count.bound == .fewerThan(0) {
                report(.impossibleBounds, "nothing happens fewer than 0 times", at: range)
            }
        case .between(let low, let high):
            if low < 0 || high < 0 {
                report(.invalidCount, "a count is not negative", at: range)
            } else if low > high {
                report(.impossibleBounds, "no number is at least \(low) and at most \(high)", at: range)
            }
        }
    }

    private mutating func checkPeriods(_ needed: Int, _ total: Int, _ unit: PeriodUnit, at range: SourceRange) {
        guard needed >= 0, total >= 0 else {
            report(.invalidCount, "a count is not negative", at: range)
            return
        }
        let (span, overflow) = Int64(total).multipliedReportingOverflow(by: unit.milliseconds)
        if overflow || span > DurationLiteral.longestMilliseconds {
            report(.invalidDuration, "the periods reach back more than 100,000 years", at: range)
        } else if needed > total {
            report(.impossibleBounds, "of \(total) \(unit.rawValue) never \(needed) contain an event", at: range)
        }
    }

    private mutating func checkBetween(_ low: Value, _ high: Value) {
        guard let lower = size(of: low), let upper = size(of: high), lower.unit == upper.unit,
            lower.amount > upper.amount
        else { return }
        report(
            .impossibleBounds, "nothing lies between the two: the lower bound comes first",
            at: low.range.joined(with: high.range))
    }

    /// Literals whose order is certain.
    private func size(of value: Value) -> (amount: Decimal128, unit: Int)? {
        switch value.kind {
        case .number(let number): (number, 0)
        case .percent(let number): number.divided(by: 100).map { ($0, 0) }
        case .weekday(let weekday): (Decimal128(weekday.rawValue), 0)
        case .duration(let duration): (Decimal128(Int(duration.milliseconds)), 1)
        case .time(let time): (Decimal128(Int(time.instant(in: zone).milliseconds)), 2)
        case .ago(let duration): (Decimal128(-Int(duration.milliseconds)), 3)
        case .now: (0, 3)
        case .fromNow(let duration): (Decimal128(Int(duration.milliseconds)), 3)
        default: nil
        }
    }

    private mutating func check(_ band: RankBand, at range: SourceRange) {
        switch band {
        case .quintile(let k):
            guard !(1...5).contains(k) else { return }
            report(.quintileOutOfRange, "quintiles are 1 to 5, 5 the highest", at: range)
        case .top(let percent), .bottom(let percent):
            if percent.isNegative {
                report(.percentOutOfRange, "a percentage is not negative", at: range)
            } else if percent == 0 {
                report(.impossiblePercent, "0% of the population is nobody", at: range)
            } else if percent > 100 {
                report(.impossiblePercent, "more than 100% of the population is everybody", at: range)
            }
        }
    }

    // MARK: - Regular expressions

    private mutating func checkPattern(_ pattern: Value, ignoringCase: Bool) {
        guard case .string(let text) = pattern.kind else {
            report(.invalidPattern, "`matches` takes a regular expression in quotes", at: pattern.range)
            return
        }
        guard text.string.unicodeScalars.count <= LanguageLimits.patternScalars else {
            report(
                .patternTooLong, "a regular expression has at most \(LanguageLimits.patternScalars) characters",
                at: pattern.range)
            return
        }
        do {
            _ = try Regex2(pattern: text, ignoringCase: ignoringCase)
        } catch {
            report(.invalidPattern, "not a regular expression: \(error.message)", at: pattern.range)
        }
    }
}
