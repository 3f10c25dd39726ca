import Connectors
import EventModel
import EventStore
import Server

extension CommandError {
    /// Any error as the person reads it; each part of the program makes its own words.
    init(describing error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case EventStoreError.locked(let directory, let process): self.init(locked: directory, by: process)
        case let error as EventStoreError: self.init(error.code, exitCode: error.exitCode, error.message)
        case let error as BackupError: self.init(error.code, exitCode: error.exitCode, error.message)
        case let error as ImportError: self.init(error.code, exitCode: error.exitCode, "\(error)")
        case let error as ServiceError: self.init(error.code, exitCode: error.exitCode, error.description)
        case let error as LocalFailure: self.init(answered: error.json)
        case is CancellationError: self.init("interrupted", .inputOutput, "interrupted before there was an answer")
        default: self.init("internal", .inputOutput, "\(error)", advice: "please report this")
        }
    }

    /// Somebody else works on a data directory; mostly a server.
    private init(locked directory: String, by process: Int32?) {
        guard let server = ServingFile(in: directory), server.process == process else {
            let error = EventStoreError.locked(directory: directory, process: process)
            self.init(error.code, exitCode: error.exitCode, error.message)
            return
        }
        self.init(
            "store-served", .cantCreate,
            "the data directory is served by process \(server.process), at \(server.host) port \(server.port)",
            at: directory,
            advice:
                "\"shoal backup\", \"erase\", \"export-profile\" and \"identity\" work meanwhile; for anything else stop "
                + "the server, or restore a backup and ask that")
    }

    /// What the serving process said, as if this one had met it.
    private init(answered json: JSONValue) {
        let details = json.object?["details"]?.object
        let status = json.object?["status"]?.decimal?.asInt().flatMap {
            ExitStatus(rawValue: Int32(truncatingIfNeeded: $0))
        }
        self.init(
            json.object?["code"]?.text?.string ?? "internal", status ?? .unavailable,
            json.object?["message"]?.text?.string ?? "the server gave no reason", at: details?["at"]?.text?.string,
            advice: details?["next"]?.text?.string)
    }

    private init(_ code: String, exitCode: Int32, _ description: String) {
        let suffix = " [\(code)]"
        let message = description.hasSuffix(suffix) ? String(description.dropLast(suffix.count)) : description
        self.init(code, ExitStatus(rawValue: exitCode) ?? .inputOutput, message)
    }
}
