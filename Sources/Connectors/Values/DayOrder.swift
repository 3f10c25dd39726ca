/// In which order a date in digits has its day, month and year.
package enum DayOrder: String, Hashable, Sendable, CaseIterable {
    /// 31/12/2025.
    case dayMonthYear = "dmy"
    /// 12/31/2025.
    case monthDayYear = "mdy"
    /// 2025/12/31.
    case yearMonthDay = "ymd"
}

/// What the dates of a column say about the order of day and month.
package struct DayOrderEvidence: Hashable, Sendable {
    /// Dates that can only be day first, only be month first, or could be both.
    package private(set) var dayFirst = 0
    package private(set) var monthFirst = 0
    package private(set) var undecided = 0

    package init() {}

    /// Looks at one cell; cells without a date in digits say nothing.
    package mutating func look(at text: String) {
        guard let date = LooseTime(text)?.date, case .digits(let first, let second, _, let separator) = date else {
            return
        }
        guard first.width < 3 else { return }
        if first.value > 12, second.value <= 12 {
            dayFirst += 1
        } else if second.value > 12, first.value <= 12 {
            monthFirst += 1
        } else if first.value <= 12, first.value == second.value {
            // The third of March is the same either way.
        } else if separator == UInt8(ascii: ".") {
            dayFirst += 1
        } else {
            undecided += 1
        }
    }

    package enum Verdict: Hashable, Sendable {
        /// There is no date that would need to be decided.
        case notNeeded
        case decided(DayOrder)
        case ambiguous
        /// Some dates can only be one, others only the other.
        case contradictory
    }

    package var verdict: Verdict {
        switch (dayFirst > 0, monthFirst > 0) {
        case (true, true): .contradictory
        case (true, false): .decided(.dayMonthYear)
        case (false, true): .decided(.monthDayYear)
        case (false, false): undecided > 0 ? .ambiguous : .notNeeded
        }
    }
}
