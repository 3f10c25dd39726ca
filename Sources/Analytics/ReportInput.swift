package import Columns
package import EventModel
package import EventStore
import SegmentEngine
import Synchronization

/// What a report is made from: a snapshot of histories, seen at an instant, by some of the profiles.
package struct ReportInput: Sendable {
    package let source: any HistorySource
    /// Nothing later is visible.
    package let now: Timestamp
    /// Only these profiles, by their numbers; nil: all.
    package let members: Bitmap?
    let workers: Int
    let progress: (@Sendable (Double) -> Void)?

    /// - Parameters:
    ///   - workers: how many blocks are decoded and looked at at once.
    ///   - progress: called now and then, from any thread, with the share of the work that is done, 0...1.
    package init(
        _ source: any HistorySource, at now: Timestamp, among members: Bitmap? = nil, workers: Int = 2,
        progress: (@Sendable (Double) -> Void)? = nil
    ) {
        self.source = source
        self.now = now
        self.members = members
        self.workers = max(workers, 1)
        self.progress = progress
    }

    var settings: WorkspaceSettings { source.settings }

    /// Shows each block to one of the workers, which gathers what it finds.
    ///
    /// - Returns: what each worker gathered, in no particular order.
    /// - Throws: what the source throws, and `CancellationError`, looked at once per block.
    @concurrent
    func gather<Gathered: Sendable>(
        _ rows: EventRows, into empty: Gathered,
        _ look: @escaping @Sendable (inout Gathered, EventRows.Reader) -> Void
    ) async throws -> [Gathered] {
        let count = source.blockCount
        let counter = BlockCounter()
        return try await withThrowingTaskGroup(of: Gathered.self) { group in
            for _ in 0..<min(workers, count) {
                group.addTask {
                    var gathered = empty
                    while true {
                        let index = counter.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard index < count else { return gathered }
                        try Task.checkCancellation()
                        let block = try source.block(index, projection: rows.projection)
                        look(&gathered, rows.reader(of: block, at: now, among: members))
                        let finished = counter.done.wrappingAdd(1, ordering: .relaxed).newValue
                        progress?(Double(finished) / Double(count))
                    }
                }
            }
            var all: [Gathered] = []
            for try await gathered in group { all.append(gathered) }
            return all
        }
    }
}

/// Which block is next, and how many are done; shared by the workers.
private final class BlockCounter: Sendable {
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
}
