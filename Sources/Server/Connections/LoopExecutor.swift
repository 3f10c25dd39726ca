import Dispatch
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// Runs tasks on the event loop of a connection.
///
/// What a sender asks is read, decided and answered on one thread then; handing it to another and back costs more than
/// most answers take. Whatever takes long goes to `Background`, so that a loop is soon back at its other connections.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// A channel whose requests are handled on its own event loop.
struct LoopChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base

    /// The system holds no more than about twice as many bytes of answers for a client that does not read them. Left to itself it
    /// holds millions, and ten thousand such clients take all memory that connections have together.
    private static var unreadBytes: Int { 128 << 10 }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.setOption(.socketOption(.so_sndbuf), value: Self.unreadBytes).flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// The threads for what takes long, or waits for the disk.
enum Background {
    private static let executor = QueueExecutor()

    static func run<Answer: Sendable>(_ body: () async throws -> Answer) async rethrows -> Answer {
        try await withTaskExecutorPreference(executor) {
            // A function that stays where its caller is would stay on the loop: the preference counts from the next wait on.
            await withCheckedContinuation { continuation in executor.queue.async { continuation.resume() } }
            return try await body()
        }
    }
}

/// Runs tasks on a queue with as many threads as there is work, when some of them wait.
private final class QueueExecutor: TaskExecutor {
    let queue = DispatchQueue(label: "shoal.background", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

extension ShoalServer {
    /// Asks for more event loops than there are cores, so that one that is busy for a moment holds up few connections.
    ///
    /// Has to be called before anything of the process uses a loop; called again, it does nothing.
    package static func prepareLoops() { suggestLoops }
}

private let suggestLoops: Void = {
    NIOSingletons.groupLoopCountSuggestion = 4 * System.coreCount
}()
