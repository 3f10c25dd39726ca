package import EventModel

/// A stretch of time that a report is about, from its first instant to the first that no longer belongs to it.
package struct Period: Sendable, Equatable {
    package let from: Timestamp
    package let to: Timestamp

    /// - Parameter to: an earlier one than `from` counts as `from`: the period is empty.
    package init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = max(from, to)
    }

    /// Whole calendar days.
    ///
    /// - Parameter last: belongs to the period.
    package init(_ first: CalendarDay, through last: CalendarDay, in zone: Zone) {
        self.init(from: zone.startOfDay(first), to: zone.startOfDay(last.adding(days: 1)))
    }

    /// The period of the same length that ends where this one begins.
    ///
    /// Whole calendar months have as many months before them, whole days as many days, whatever their hours; any other
    /// stretch is taken in milliseconds.
    package func before(in zone: Zone) -> Period {
        let (first, end) = (zone.day(of: from), zone.day(of: to))
        guard zone.startOfDay(first) == from, zone.startOfDay(end) == to, first < end else {
            return Period(from: from.adding(milliseconds: -max(0, to.milliseconds(since: from))), to: from)
        }
        if first.day == 1, end.day == 1 {
            let months = (end.year - first.year) * 12 + end.month - first.month
            return Period(from: zone.startOfDay(first.startOfMonth(adding: -months)), to: from)
        }
        let days = Int(end.daysSinceEpoch) - Int(first.daysSinceEpoch)
        return Period(from: zone.startOfDay(first.adding(days: -days)), to: from)
    }

    package func contains(_ instant: Timestamp) -> Bool { instant >= from && instant < to }

    @inline(__always)
    func contains(_ time: Int64) -> Bool { time >= from.milliseconds && time < to.milliseconds }
}
