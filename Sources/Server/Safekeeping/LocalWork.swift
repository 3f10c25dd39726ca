package import EventModel
import Synchronization

/// What a serving process does for commands on the same machine, since it alone may work on the data directory.
package protocol LocalWork: Sendable {
    /// The names of what it does; each is a path below `/local/v1`.
    var names: [String] { get }

    /// Does something and answers what the command shows.
    ///
    /// - Throws: also what `progress` throws when nobody waits for it any more.
    func perform(
        _ name: String, _ arguments: JSONObject, _ records: ServiceRecords, progress: LocalProgress
    ) async throws -> [UInt8]

    /// Brings up to date what goes by everything that is stored, after an import.
    func imported() async throws

    /// What a command says of an error: `code`, `message`, `details` and `status`, its exit code.
    func failure(of error: any Error) -> JSONValue
}

/// How far some work is, told from any thread.
package final class LocalProgress: Sendable {
    private let tell: @Sendable (_ done: Int, _ total: Int) -> Void
    private let isCancelled: @Sendable () -> Bool

    package init(
        isCancelled: @escaping @Sendable () -> Bool = { false }, tell: @escaping @Sendable (Int, Int) -> Void
    ) {
        self.tell = tell
        self.isCancelled = isCancelled
    }

    /// - Throws: `CancellationError` when nobody waits for the work any more.
    package func report(done: Int, total: Int) throws {
        if isCancelled() { throw CancellationError() }
        tell(done, total)
    }
}

/// An error that the serving process answered, in its own words.
package struct LocalFailure: Error, Sendable {
    package let json: JSONValue
}
