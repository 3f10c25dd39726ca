/// What the disk refused to do.
package struct DiskError: Error, Hashable, Sendable {
    /// What was being done.
    package enum Operation: String, Hashable, Sendable {
        case create, open, read, write, sync, rename, remove, list, truncate, lock, close
        case createDirectory = "make the directory"
        case syncDirectory = "sync the directory"
    }

    /// What kind of refusal it was, as far as it changes what to do next.
    package enum Reason: Hashable, Sendable {
        /// No space or no quota left.
        case full
        case notFound
        case alreadyExists
        case denied
        /// The process or the machine has too many files open.
        case tooManyOpenFiles
        /// Another process holds the lock; its number when it could be read.
        case lockHeld(process: Int32?)
        /// Anything else, an input/output error among them.
        case failed
    }

    package let operation: Operation
    package let path: String
    package let reason: Reason
    /// The system's own words, with its number.
    package let detail: String

    package init(operation: Operation, path: String, reason: Reason, detail: String) {
        self.operation = operation
        self.path = path
        self.reason = reason
        self.detail = detail
    }
}
