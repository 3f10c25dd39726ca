/// A time zone of the IANA data, such as `Europe/Berlin`.
///
/// Its clock changes from 1900 to 2100 are in a table built once per process and zone; other years are asked of
/// Foundation. Copies are cheap.
package struct Zone: Sendable {
    package let identifier: String
    let table: ZoneTable

    /// Nil when there is no zone of that name; `+02:00` and `GMT+2` are no names.
    package init?(identifier: String) {
        guard let table = ZoneTable.named(identifier) else { return nil }
        self.identifier = identifier
        self.table = table
    }

    package init?(identifier: Text) {
        self.init(identifier: identifier.string)
    }

    private init(table: ZoneTable) {
        self.identifier = "UTC"
        self.table = table
    }

    package static let utc = Zone(table: .utc)

    /// How far the clocks are ahead of UTC; negative in the west.
    package func offsetMilliseconds(at instant: Timestamp) -> Int64 {
        table.span(at: instant.milliseconds).offset
    }

    /// The stretch of time around an instant in which the offset stays the same, for scans that ask often.
    package func offsetSpan(at instant: Timestamp) -> OffsetSpan {
        table.span(at: instant.milliseconds)
    }

    /// A constant offset from `start` up to before `end`, all in milliseconds.
    package struct OffsetSpan: Hashable, Sendable {
        package let start: Int64
        package let end: Int64
        package let offset: Int64
    }
}

extension Zone: Hashable {
    package static func == (left: Zone, right: Zone) -> Bool { Text(left.identifier) == Text(right.identifier) }
    package func hash(into hasher: inout Hasher) { hasher.combine(Text(identifier)) }
}

extension Zone: CustomStringConvertible {
    package var description: String { identifier }
}

// MARK: - From instants to clocks

extension Zone {
    package struct Components: Hashable, Sendable {
        package let day: CalendarDay
        /// 0...23
        package let hour: Int
        package let minute: Int
        package let second: Int
        package let millisecond: Int
    }

    /// What calendar and clock of the zone show.
    package func components(of instant: Timestamp) -> Components {
        let (day, millisecond) = local(instant)
        return Components(
            day: day, hour: millisecond / 3_600_000, minute: millisecond / 60_000 % 60,
            second: millisecond / 1_000 % 60, millisecond: millisecond % 1_000)
    }

    package func day(of instant: Timestamp) -> CalendarDay { local(instant).day }

    /// 0...23
    package func hour(of instant: Timestamp) -> Int { local(instant).millisecond / 3_600_000 }

    private func local(_ instant: Timestamp) -> (day: CalendarDay, millisecond: Int) {
        Timestamp.split(instant.adding(milliseconds: offsetMilliseconds(at: instant)).milliseconds)
    }
}

// MARK: - From clocks to instants

extension Zone {
    /// The first instant whose local day is `day`; of a day that was skipped, the first instant after it.
    package func startOfDay(_ day: CalendarDay) -> Timestamp {
        resolve(localMilliseconds(day, 0)) { gap in gap.end }
    }

    /// The instant at which the clocks show that time; the first of two, and in a gap as much later as the gap is
    /// long (as if the clocks had not been changed yet).
    ///
    /// - Parameter millisecondOfDay: 0...86,400,000.
    package func timestamp(_ day: CalendarDay, millisecondOfDay: Int) -> Timestamp {
        let local = localMilliseconds(day, Int64(millisecondOfDay))
        return resolve(local) { before in local - before.offset }
    }

    package func timestamp(day: CalendarDay, millisecondOfDay: Int) -> Timestamp {
        timestamp(day, millisecondOfDay: millisecondOfDay)
    }

    /// First instants of the periods that hold a day; weeks start on Monday.
    package func startOfWeek(_ day: CalendarDay) -> Timestamp { startOfDay(day.startOfWeek) }
    package func startOfMonth(_ day: CalendarDay) -> Timestamp { startOfDay(day.startOfMonth) }
    package func startOfYear(_ day: CalendarDay) -> Timestamp { startOfDay(day.startOfYear) }

    private func localMilliseconds(_ day: CalendarDay, _ millisecond: Int64) -> Int64 {
        Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay + millisecond
    }

    /// The first instant that the clocks show as `local`; in a gap what `inGap` makes of the span before it.
    private func resolve(_ local: Int64, inGap: (OffsetSpan) -> Int64) -> Timestamp {
        // No offset is further than a day from UTC, so the span that holds the instant is among these.
        let limit = local + 2 * Timestamp.millisecondsPerDay
        var span = table.span(at: local - 2 * Timestamp.millisecondsPerDay)
        while true {
            if local - span.offset < span.end {
                // Either inside the span or before its start, which is a gap that the span before has handed on.
                return Timestamp(milliseconds: local - span.offset)
            }
            guard span.end < limit else { return Timestamp(milliseconds: local - span.offset) }
            let next = table.span(at: span.end)
            if local - next.offset < next.start {
                return Timestamp(milliseconds: inGap(span))
            }
            span = next
        }
    }
}
