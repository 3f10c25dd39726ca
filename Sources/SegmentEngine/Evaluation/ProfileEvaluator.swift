import Columns
import EventModel
import EventStore

/// Evaluates a plan's nodes for one profile after another; one per thread.
///
/// Keeps what does not depend on the instant (visits, the cart's states; row times of the profile at hand), and a
/// pool of frames for what does.
final class ProfileEvaluator {
    let plan: Plan
    let settings: WorkspaceSettings
    let comparing: Comparing
    let arithmetic: Arithmetic
    let ranks: RankTables

    private(set) var binding: BlockBinding
    /// The profile's index in the block.
    private(set) var profile = 0
    private var free: [Frame] = []
    private var sweeps: [Int64: BlockSweep] = [:]

    // By profile: sweeps come back to a profile for each node that asks.
    private var visitsOfProfiles: [Int: Visits] = [:]
    private var cartsOfProfiles: [Int: CartHistory] = [:]
    private var rowTimesOfProfile: [Int64]?
    private var dayMemo = DayMemo()
    private var zones: [Text: Zone?] = [:]

    init(plan: Plan, block: HistoryBlock, ranks: RankTables) {
        self.plan = plan
        self.settings = plan.settings
        self.ranks = ranks
        comparing = Comparing(zone: plan.settings.zone)
        arithmetic = Arithmetic(zone: plan.settings.zone)
        binding = BlockBinding(block: block, plan: plan)
    }

    var block: HistoryBlock { binding.block }
    var profileID: Text { block.profileID(profile) }

    /// All profiles of the block at an instant.
    func sweep(at instant: Int64) -> BlockSweep {
        if let known = sweeps[instant] { return known }
        let sweep = BlockSweep(self, now: instant)
        sweeps[instant] = sweep
        return sweep
    }

    /// Turns to a profile of the block.
    func begin(profile: Int) {
        self.profile = profile
        rowTimesOfProfile = nil
    }

    // MARK: - Frames

    /// Lends a frame at an instant; give it back with `release`.
    func frame(at now: Int64, wantsValidity: Bool, group: GroupContext? = nil, root: Frame? = nil) -> Frame {
        let frame = free.popLast() ?? Frame(evaluator: self)
        frame.reset(now: now, wantsValidity: wantsValidity, group: group, root: root)
        return frame
    }

    func release(_ frame: Frame) { free.append(frame) }

    // MARK: - The profile's rows

    /// The time of the profile's first message, ms.
    var created: Int64 { block.firstTimes[profile] }

    /// Times of all rows, ascending.
    var rowTimes: [Int64] {
        if let known = rowTimesOfProfile { return known }
        let times = block.runs(of: profile).flatMap { binding.times[$0.rows] }.sorted()
        rowTimesOfProfile = times
        return times
    }

    /// The first instant after `now` at which a row becomes visible, or the profile begins to exist.
    func nextRowTime(after now: Int64) -> Int64 {
        guard block.lastTimes[profile] > now else { return never }
        let times = rowTimes
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= now { low = middle + 1 } else { high = middle }
        }
        let next = low < times.count ? times[low] : never
        return created > now ? min(next, created) : next
    }

    /// Calls `body` with the rows of each name that a pattern matches, as far as the frame sees them.
    @inline(__always)
    func forEachRun(of pattern: Pattern, _ frame: Frame, _ body: (RowRun) -> Void) {
        for code in binding.codes(of: pattern) {
            let run = visibleRun(code, frame)
            if run.count > 0 { body(run) }
        }
    }

    /// The visible rows of one name code.
    func visibleRun(_ code: UInt32, _ frame: Frame) -> RowRun {
        if let group = frame.group {
            let rows = group.rows(code)
            return RowRun(
                chosen: rows, count: RowRun(chosen: rows, count: rows.count).visibleCount(at: frame.now, binding.times))
        }
        let rows = block.run(profile: profile, name: code)
        guard !rows.isEmpty else { return RowRun(rows: rows) }
        if code == binding.orderCode, binding.hasRepeatedOrders,
            rows.contains(where: { binding.repeatedOrders.contains($0) })
        {
            let kept = rows.filter { !binding.repeatedOrders.contains($0) }.map { UInt32($0) }
            return RowRun(
                chosen: kept, count: RowRun(chosen: kept, count: kept.count).visibleCount(at: frame.now, binding.times))
        }
        let count = RowRun(rows: rows).visibleCount(at: frame.now, binding.times)
        return RowRun(rows: rows.lowerBound..<rows.lowerBound + count)
    }

    func position(of row: Int) -> Position {
        Position(time: binding.times[row], arrival: needsArrivals ? binding.arrivals[row] : 1)
    }

    /// Whether arrivals decide anything: not in the history of one profile in which no two rows have the same time.
    /// They lie among those of a whole stored block, so a single profile does better without them.
    private lazy var needsArrivals: Bool = {
        guard block.profileCount == 1 else { return true }
        let times = block.times.sorted()
        return times.indices.dropFirst().contains { times[$0] == times[$0 - 1] }
    }()

    // MARK: - What does not depend on the instant

    var visits: Visits {
        if let known = visitsOfProfiles[profile] { return known }
        let visits = Visits(of: self)
        visitsOfProfiles[profile] = visits
        return visits
    }

    var cart: CartHistory {
        if let known = cartsOfProfiles[profile] { return known }
        let cart = CartHistory(of: self)
        cartsOfProfiles[profile] = cart
        return cart
    }

    /// A zone by its IANA name, remembered; nil when there is none.
    func zone(named name: Text) -> Zone? {
        if let known = zones[name] { return known }
        let zone = Zone(identifier: name)
        zones[name] = .some(zone)
        return zone
    }

    /// The calendar day of an instant in the workspace zone.
    func day(of time: Int64) -> CalendarDay { dayMemo.day(of: time, in: settings.zone) }
}

/// Remembers the last day asked for; rows of one run often share it.
struct DayMemo {
    private var start: Int64 = 0
    private var end: Int64 = 0
    private var day = CalendarDay(daysSinceEpoch: 0)

    mutating func day(of time: Int64, in zone: Zone) -> CalendarDay {
        if start <= time, time < end { return day }
        let instant = Timestamp(milliseconds: time)
        day = zone.day(of: instant)
        // Only where the clocks do not change: there the day is a plain stretch of time.
        let span = zone.offsetSpan(at: instant)
        let midnight = Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay
        start = max(midnight.subtractingSaturating(span.offset), span.start)
        end = min(midnight.subtractingSaturating(span.offset).addingSaturating(Timestamp.millisecondsPerDay), span.end)
        return day
    }
}
