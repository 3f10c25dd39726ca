import Columns
import EventModel
import EventStore

/// Evaluates a plan's nodes for one profile after another; one per thread.
///
/// Keeps what does not depend on the instant (visits, the cart's states; row times of the profile at hand), and a
/// pool of frames for what does. It can turn to another block, and then keeps its memory.
final class ProfileEvaluator {
    let plan: Plan
    let settings: WorkspaceSettings
    let comparing: Comparing
    let arithmetic: Arithmetic
    var ranks: RankTables

    let binding: BlockBinding
    /// The profile's index in the block.
    private(set) var profile = 0
    private var free: [Frame] = []
    private var sweeps: [Int64: BlockSweep] = [:]

    // By profile: sweeps come back to a profile for each node that asks.
    private var visitsOfProfiles: [Int: Visits] = [:]
    private var cartsOfProfiles: [Int: CartHistory] = [:]
    /// Of the profile of a block that has a single one.
    private var visitsOfOnly: Visits?
    private var rowTimesOfProfile: [Int64]?
    private var askedForNextRow = 0
    private var knownID: Text?
    /// By name code, when the block has a single profile.
    private var runsOfOnly: [Range<Int>] = []
    /// The same runs by section.
    private var runsBySection: [(name: UInt32, rows: Range<Int>)] = []
    private var arrivalsDecide: Bool?
    /// For counting distinct keys; who asks takes an owner of its own.
    var keyNotes = KeyNotes()
    private var keyNotesOwner: Int32 = 0
    /// For counting in groups; empty when nobody does.
    var foundInGroups: [GroupCounts.Found] = []
    /// For collecting instants; empty when nobody does.
    var instants: [Int64] = []
    private var dayMemo = DayMemo()
    private var zones: [Text: Zone?] = [:]

    init(plan: Plan, block: HistoryBlock, ranks: RankTables) {
        self.plan = plan
        self.settings = plan.settings
        self.ranks = ranks
        comparing = Comparing(zone: plan.settings.zone)
        arithmetic = Arithmetic(zone: plan.settings.zone)
        binding = BlockBinding(block: block, plan: plan)
        noteRuns()
    }

    /// Turns to another block and to the first profile in it.
    func turn(to block: HistoryBlock) {
        binding.turn(to: block)
        if !sweeps.isEmpty { sweeps = [:] }
        visitsOfOnly = nil
        if !visitsOfProfiles.isEmpty { visitsOfProfiles.removeAll(keepingCapacity: true) }
        if !cartsOfProfiles.isEmpty { cartsOfProfiles.removeAll(keepingCapacity: true) }
        arrivalsDecide = nil
        noteRuns()
        begin(profile: 0)
    }

    private func noteRuns() {
        runsBySection.removeAll(keepingCapacity: true)
        guard block.profileCount == 1 else {
            runsOfOnly = []
            return
        }
        let names = block.eventNames.count
        if runsOfOnly.count == names {
            for index in runsOfOnly.indices { runsOfOnly[index] = 0..<0 }
        } else {
            runsOfOnly = Array(repeating: 0..<0, count: names)
        }
        block.sections.withUnsafeBufferPointer { sections in
            for place in sections.indices {
                let (name, rows) = (sections[place].name, sections[place].rows)
                runsOfOnly[Int(name)] = rows
                runsBySection.append((name, rows))
            }
        }
    }

    /// Calls `body` with the rows of the profile at hand under each name it has some of, whenever they become visible.
    @inline(__always)
    private func forEachRun(_ body: (_ name: UInt32, _ rows: Range<Int>) -> Void) {
        if !runsOfOnly.isEmpty {
            for (name, rows) in runsBySection { body(name, rows) }
            return
        }
        block.sections.withUnsafeBufferPointer { sections in
            for place in sections.indices {
                let rows = sections[place].rows(of: Int32(truncatingIfNeeded: profile))
                if !rows.isEmpty { body(sections[place].name, rows) }
            }
        }
    }

    var block: HistoryBlock { binding.block }

    var profileID: Text {
        if let knownID { return knownID }
        let id = block.profileID(profile)
        knownID = id
        return id
    }

    /// An owner for `keyNotes` that nobody had before.
    func nextOwner() -> Int32 {
        if keyNotesOwner == .max {
            keyNotes = KeyNotes()
            keyNotesOwner = 0
        }
        keyNotesOwner += 1
        return keyNotesOwner
    }

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
        askedForNextRow = 0
        knownID = nil
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
    private var rowTimes: [Int64] {
        if let known = rowTimesOfProfile { return known }
        let times = block.runs(of: profile).flatMap { binding.times[$0.rows] }.sorted()
        rowTimesOfProfile = times
        return times
    }

    /// The first instant after `now` at which a row becomes visible, or the profile begins to exist.
    func nextRowTime(after now: Int64) -> Int64 {
        guard block.lastTimes[profile] > now else { return never }
        askedForNextRow += 1
        // Walks along the clock ask often enough to have the times sorted.
        let next = askedForNextRow > 4 ? nextOfSorted(after: now) : nextOfRuns(after: now)
        return created > now ? min(next, created) : next
    }

    private func nextOfSorted(after now: Int64) -> Int64 {
        let times = rowTimes
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= now { low = middle + 1 } else { high = middle }
        }
        return low < times.count ? times[low] : never
    }

    private func nextOfRuns(after now: Int64) -> Int64 {
        let times = binding.times
        var next = never
        forEachRun { _, rows in
            let visible = RowRun(rows: rows).visibleCount(at: now, times)
            if visible < rows.count { next = min(next, times[rows.lowerBound + visible]) }
        }
        return next
    }

    /// The time of the newest row visible at `now` (`Int64.min` without any), and what `nextRowTime` says.
    ///
    /// - Parameters:
    ///   - start: an earlier instant.
    ///   - body: called with each name and those of its rows that became visible after `start`.
    @inline(__always)
    func rowTimes(
        around now: Int64, since start: Int64 = .max, _ body: (_ name: UInt32, _ rows: Range<Int>) -> Void = { _, _ in }
    ) -> (newest: Int64, next: Int64) {
        let times = binding.times
        var newest = Int64.min
        var next = created > now ? created : never
        forEachRun { name, rows in
            let end = rows.lowerBound + RowRun(rows: rows).visibleCount(at: now, times)
            if end < rows.upperBound { next = min(next, times[end]) }
            if end == rows.lowerBound { return }
            let last = times[end - 1]
            newest = max(newest, last)
            if last > start {
                let known = RowRun(rows: rows.lowerBound..<end).visibleCount(at: start, times)
                body(name, (rows.lowerBound + known)..<end)
            }
        }
        return (newest, next)
    }

    /// The first instant after `now` at which a row becomes visible that can change a condition, or the profile begins
    /// to exist.
    func nextRowTime(after now: Int64, concerning condition: ConditionNode) -> Int64 {
        guard let codes = binding.codes(concerning: condition) else { return nextRowTime(after: now) }
        let times = binding.times
        var next = created > now ? created : never
        if block.lastTimes[profile] <= now { return next }
        for code in codes {
            let rows = rows(of: code)
            let visible = RowRun(rows: rows).visibleCount(at: now, times)
            if visible < rows.count { next = min(next, times[rows.lowerBound + visible]) }
        }
        return next
    }

    /// All rows of a name code, whenever they become visible.
    @inline(__always)
    func rows(of code: UInt32) -> Range<Int> {
        runsOfOnly.isEmpty ? block.run(profile: profile, name: code) : runsOfOnly[Int(code)]
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
            return rows.prefix(rows.visibleCount(at: frame.now, binding.times))
        }
        let rows = rows(of: code)
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

    @inline(__always)
    func position(of row: Int) -> Position {
        Position(time: binding.times[row], arrival: needsArrivals ? binding.arrivals[row] : 1)
    }

    /// Whether one row comes before another in history order; looks arrivals up only when it must.
    @inline(__always)
    func isBefore(_ left: Int, _ right: Int) -> Bool {
        let times = binding.times
        let (first, second) = (times[left], times[right])
        return first != second ? first < second : binding.arrivals[left] < binding.arrivals[right]
    }

    /// Whether arrivals decide anything: not in the history of one profile in which no two rows have the same time.
    /// They lie among those of a whole stored block, so a single profile does better without them.
    private var needsArrivals: Bool {
        if let arrivalsDecide { return arrivalsDecide }
        let decide = block.profileCount != 1 || hasEqualTimes
        arrivalsDecide = decide
        return decide
    }

    private var hasEqualTimes: Bool {
        var times = instants
        instants = []
        defer {
            times.removeAll(keepingCapacity: true)
            instants = times
        }
        times.append(contentsOf: binding.times)
        times.sort()
        for index in times.indices.dropFirst() where times[index] == times[index - 1] { return true }
        return false
    }

    // MARK: - What does not depend on the instant

    var visits: Visits {
        let isOnly = !runsOfOnly.isEmpty
        if let known = isOnly ? visitsOfOnly : visitsOfProfiles[profile] { return known }
        let visits = Visits(of: self)
        if isOnly { visitsOfOnly = visits } else { visitsOfProfiles[profile] = visits }
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
