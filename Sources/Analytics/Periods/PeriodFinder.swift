import EventModel

/// Finds the calendar periods of the instants that a worker meets.
struct PeriodFinder: Sendable {
    private let unit: CalendarUnit
    private let zone: Zone
    private var table: PeriodTable?
    private var clock: PeriodClock

    init(_ unit: CalendarUnit, in zone: Zone) {
        self.unit = unit
        self.zone = zone
        clock = PeriodClock(unit, in: zone)
    }

    /// The number of the period of any instant.
    mutating func number(at time: Int64) -> Int { clock.number(at: time) }

    /// A table for the instants of a stretch of time, kept for the next; nil when the stretch is too long for one, or
    /// clocks were changed inside a quarter of an hour in it.
    mutating func table(from first: Int64, through last: Int64) -> PeriodTable? {
        if let table, table.covers(first), table.covers(last) { return table }
        let made = PeriodTable(
            from: min(first, table?.start ?? first), through: max(last, table?.last ?? last),
            PeriodClock(unit, in: zone))
        if let made { table = made }
        return made
    }
}

/// The period of each quarter of an hour in a stretch of time: the calendar changes on none but their ends.
struct PeriodTable: Sendable {
    /// The number of the first period.
    let base: Int
    /// How many periods there are from the first to the last.
    let count: Int
    /// The first instant.
    let start: Int64
    /// By quarter, less `base`.
    private let numbers: [UInt16]

    static let quarter: Int64 = 900_000
    /// Thirty years.
    private static let mostQuarters = 1 << 20

    /// - Parameter clock: finds the numbers.
    init?(from first: Int64, through last: Int64, _ clock: PeriodClock) {
        var clock = clock
        let length = last.subtractingReportingOverflow(first)
        guard !length.overflow, length.partialValue >= 0,
            length.partialValue < Int64(Self.mostQuarters) * Self.quarter - Self.quarter
        else { return nil }
        let start = first - (first % Self.quarter + Self.quarter) % Self.quarter
        let quarters = Int((last - start) / Self.quarter) + 1
        var all: [Int] = []
        all.reserveCapacity(quarters)
        for quarter in 0..<quarters {
            let begin = start + Int64(quarter) * Self.quarter
            let number = clock.number(at: begin)
            guard clock.number(at: begin + Self.quarter - 1) == number else { return nil }
            all.append(number)
        }
        // Where clocks go back over midnight, a later quarter may lie in an earlier period.
        guard let least = all.min(), let most = all.max(), most - least <= Int(UInt16.max) else { return nil }
        base = least
        count = most - least + 1
        self.start = start
        numbers = all.map { UInt16($0 - least) }
    }

    /// The last instant.
    var last: Int64 { start + Int64(numbers.count) * Self.quarter - 1 }

    func covers(_ time: Int64) -> Bool { time >= start && time <= last }

    /// Lends what tells the places of instants.
    func withPlaces<Result>(_ body: (Places) -> Result) -> Result {
        numbers.withUnsafeBufferPointer { body(Places(start: start, numbers: $0)) }
    }

    /// Tells the place of an instant's period. Must not leave `withPlaces`.
    struct Places {
        let start: Int64
        let numbers: UnsafeBufferPointer<UInt16>

        /// From 0 to before the table's `count`; of an instant that it does not cover that of its first period.
        @inline(__always)
        func place(of time: Int64) -> Int {
            let quarter = UInt64(bitPattern: time &- start) / UInt64(PeriodTable.quarter)
            return quarter < UInt64(numbers.count) ? Int(numbers[Int(truncatingIfNeeded: quarter)]) : 0
        }
    }
}
