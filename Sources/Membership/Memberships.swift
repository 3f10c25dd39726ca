import Columns
import Dispatch
package import EventModel
package import EventStore
import GRDB
import SegmentEngine
import SegmentLanguage
import Synchronization

/// Keeps who is in which segment, exact to the instant, and logs every change once.
///
/// ```
/// let memberships = try Memberships(store, directory: store.directory)
/// try await memberships.adopt(program)      // evaluates what is new, then goes on from message to message
/// memberships.start()                       // and by the clock
/// store.append(…); memberships.poke()
/// ```
/// How it works and what survives a kill: `docs/decisions/0011-memberships.md`. Methods may be called from any thread;
/// those that decide do so one after another on a queue of their own.
package final class Memberships: Sendable {
    let store: EventStore
    let clock: any Clock
    let database: MembershipDatabase
    /// Nil until definitions were adopted.
    let tracking: Locked<Tracking?>
    let published = Locked(Published())
    private let onFailure: @Sendable (String) -> Void
    /// A thread of its own: deciding takes a while, and writing waits for the disk.
    let queue = DispatchQueue(label: "shoal.memberships")
    /// Adoptions and passes over ranks come one after another.
    let turnstile = Turnstile()
    let schedule = Locked(Schedule())
    /// Which state is being saved step by step, if any is.
    let saving = Locked<UInt64>(0)

    /// What readers see; changed in one step.
    struct Published: Sendable {
        var watermark: MembershipWatermark?
        /// When somebody is due next, ms: before it, time alone changes nothing.
        var nextDue = Int64.max
        var definitions: TrackedSegments?
        var members: [Text: Bitmap] = [:]
        var sequences: [Text: Int64] = [:]
        var recent = RecentChanges()
        var versions: [Text: Int] = [:]
        var ranks: RankThresholds?
        /// Why nothing is decided any more.
        var failure: String?
        var mayGoOn = false
        /// Segments that are being evaluated for the first time, and how far that is, 0...1.
        var building: [Text] = []
        var progress = 0.0
        /// How many entries were logged since the start, and how long the last steps took, s.
        var changes = 0
        var steps = 0
        var secondsInSteps = 0.0
    }

    /// Whose turn it is when.
    struct Schedule {
        var isRunning = false
        var isPoked = false
        var timer: UInt64 = 0
        var isStarted = false
        var isClosed = false
        var lastSave = DispatchTime.now()
        var listeners: [UInt64: @Sendable () -> Void] = [:]
        var nextListener: UInt64 = 0
    }

    /// - Parameters:
    ///   - store: open; it stays the caller's to close, after this.
    ///   - onFailure: called once with the cause when the disk is in doubt; nothing is decided from then on.
    /// - Throws: `MembershipError.damaged` when `memberships.db` is not whole.
    package init(
        _ store: EventStore, directory: String, clock: any Clock = SystemClock(),
        onFailure: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.store = store
        self.onFailure = onFailure
        self.clock = clock
        let path = "\(directory)/\(MembershipFile.name)"
        database = try MembershipDatabase(path: path)
        if let problem = try database.problems().first { throw MembershipError.damaged(path: path, detail: problem) }
        tracking = Locked(nil)
    }

    // MARK: - Going on

    /// Decides from now on by itself: after each `poke`, and when answers run out.
    package func start() {
        schedule.withLock { $0.isStarted = true }
        poke()
    }

    /// Says that messages came in. Returns at once.
    package func poke() {
        let mustRun = schedule.withLock { schedule in
            schedule.isPoked = true
            guard schedule.isStarted, !schedule.isClosed, !schedule.isRunning else { return false }
            schedule.isRunning = true
            return true
        }
        if mustRun { queue.async { self.runSteps() } }
    }

    /// Decides everything that came in and everything that is due; returns when the changes are on the disk.
    package func catchUp() async throws {
        _ = try await onQueue { try self.step() }
    }

    private func runSteps() {
        while schedule.withLock({ schedule in
            defer { schedule.isPoked = false }
            if !schedule.isPoked || schedule.isClosed { schedule.isRunning = false }
            return schedule.isRunning
        }) {
            do {
                try step()
                try saveNowAndThen()
            } catch {
                // The failure is published; readers tell of it.
                return
            }
        }
        wakeInTime()
    }

    /// Sees to it that a step runs when somebody is due next.
    private func wakeInTime() {
        let next = tracking.withLock { $0?.due.next() }
        guard let next else { return }
        // Looked at again within a minute, should the clock of the machine be set.
        let wait = min(max(next - clock.now().milliseconds, 0), 60_000)
        let ticket = schedule.withLock { schedule in
            schedule.timer += 1
            return schedule.timer
        }
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(wait))) { [weak self] in
            guard let self, self.schedule.withLock({ $0.timer == ticket }) else { return }
            self.poke()
        }
    }

    /// One step over the newest view of the store. On the queue.
    @discardableResult
    func step() throws -> Snapshot? {
        try working { tracking in
            let began = DispatchTime.now()
            let snapshot = try store.snapshot()
            var step = Step(tracking, snapshot)
            try step.run(now: clock.now())
            try commit(step.changes, tracking)
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) / 1e9
            published.withLock { published in
                published.steps += 1
                published.secondsInSteps += seconds
            }
            return snapshot
        }
    }

    /// Writes changes and the mark in one transaction, then shows them.
    func commit(
        _ changes: [ChangeRow], _ tracking: Tracking, also write: ((Database) throws -> Void)? = nil
    ) throws {
        var positions: [Int64] = []
        if !changes.isEmpty || write != nil {
            tracking.position = try database.write { database in
                var position = tracking.position
                positions.removeAll(keepingCapacity: true)
                let statement = try database.cachedStatement(sql: ChangeRow.insertion)
                for change in changes {
                    try change.insert(statement)
                    position = database.lastInsertedRowID
                    positions.append(position)
                }
                try database.cachedStatement(
                    sql: "INSERT OR REPLACE INTO mark (id, arrival, instant) VALUES (1, ?, ?)"
                ).execute(
                    arguments: [Int64(clamping: tracking.mark.arrival), tracking.mark.instant.milliseconds])
                try write?(database)
                return position
            }
        }
        show(tracking, changes, positions)
        if !changes.isEmpty { tellListeners() }
    }

    private func show(_ tracking: Tracking, _ changes: [ChangeRow], _ positions: [Int64]) {
        let changed = Set(changes.map(\.segment))
        let names = Dictionary(
            uniqueKeysWithValues: tracking.segments.lazy.filter { changed.contains($0.id) }.map { ($0.id, $0.name) })
        let nextDue = tracking.due.next() ?? DueProfiles.never
        published.withLock { published in
            published.watermark = tracking.mark
            published.nextDue = nextDue
            published.changes += changes.count
            for segment in tracking.segments where changed.contains(segment.id) {
                published.members[segment.name] = segment.members
                published.sequences[segment.name] = segment.sequence
            }
            for (change, position) in zip(changes, positions) {
                if let name = names[change.segment] { published.recent.add(change.entry(of: name, at: position)) }
            }
        }
    }

    /// Shows everything anew, after definitions changed.
    func showAll(_ tracking: Tracking) {
        let nextDue = tracking.due.next() ?? DueProfiles.never
        published.withLock { published in
            published.watermark = tracking.mark
            published.nextDue = nextDue
            published.definitions = tracking.definitions
            published.recent.removeAll()
            published.ranks = tracking.session.ranks
            published.members = Dictionary(uniqueKeysWithValues: tracking.segments.map { ($0.name, $0.members) })
            published.sequences = Dictionary(uniqueKeysWithValues: tracking.segments.map { ($0.name, $0.sequence) })
            published.versions = Dictionary(uniqueKeysWithValues: tracking.segments.map { ($0.name, $0.version) })
        }
    }

    // MARK: - Queue and failure

    /// Works on what is tracked, if anything is.
    ///
    /// A failure leaves what is in memory in doubt, so it is given up: `adopt` takes up again what is on the disk, unless
    /// the disk itself is in doubt.
    func working<Value>(_ body: (Tracking) throws -> Value) throws -> Value? {
        if let cause = published.withLock({ $0.failure }) { throw MembershipError.stopped(cause: cause) }
        do {
            return try tracking.withLock { tracking -> Value? in
                guard let tracking else { return nil }
                return try body(tracking)
            }
        } catch {
            tracking.withLock { $0 = nil }
            let isDiskInDoubt = (error as? DatabaseError).map { $0.resultCode != .SQLITE_FULL } ?? false
            published.withLock { published in
                published.failure = "\(error)"
                published.mayGoOn = !isDiskInDoubt
            }
            if isDiskInDoubt { onFailure("\(error)") }
            throw MembershipError.stopped(cause: "\(error)")
        }
    }

    /// Whether a failure is over that only needs what is on the disk to be taken up again; then `adopt` does so.
    package func mayGoOnAfterFailure() -> Bool {
        published.withLock { published in
            guard published.failure != nil, published.mayGoOn else { return false }
            published.failure = nil
            return true
        }
    }

    /// Runs something on the queue, without holding a thread of the shared pool.
    func onQueue<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    // MARK: - Listeners

    /// Calls `body` after each transaction that logged changes, from the queue; for as long as `cancel` was not called.
    package func listen(_ body: @escaping @Sendable () -> Void) -> UInt64 {
        schedule.withLock { schedule in
            schedule.nextListener += 1
            schedule.listeners[schedule.nextListener] = body
            return schedule.nextListener
        }
    }

    package func cancel(_ listener: UInt64) {
        schedule.withLock { $0.listeners[listener] = nil }
    }

    private func tellListeners() {
        let listeners = schedule.withLock { Array($0.listeners.values) }
        for listener in listeners { listener() }
    }

    // MARK: - The end

    /// Whether this call is the one that closes.
    private func beginClosing() -> Bool {
        schedule.withLock { schedule in
            defer { schedule.isClosed = true }
            return !schedule.isClosed
        }
    }

    /// Decides what came in, saves the state and closes the database; once.
    package func close() {
        guard beginClosing() else { return }
        queue.sync {
            if published.withLock({ $0.failure }) == nil { try? save() }
            try? database.close()
        }
    }

    /// Gives everything up as a kill would; for tests.
    package func abandon() {
        guard beginClosing() else { return }
        queue.sync { try? database.close() }
    }
}
