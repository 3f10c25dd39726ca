import Connectors
import EventModel
import EventStore
import Server

extension CommandError {
    /// Any error as the person reads it; each part of the program makes its own words.
    init(describing error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as EventStoreError: self.init(error.code, exitCode: error.exitCode, error.message)
        case let error as ImportError: self.init(error.code, exitCode: error.exitCode, "\(error)")
        case let error as ServiceError: self.init(error.code, exitCode: error.exitCode, error.description)
        case is CancellationError: self.init("interrupted", .inputOutput, "interrupted before there was an answer")
        default: self.init("internal", .inputOutput, "\(error)", advice: "please report this")
        }
    }

    private init(_ code: String, exitCode: Int32, _ description: String) {
        let suffix = " [\(code)]"
        let message = description.hasSuffix(suffix) ? String(description.dropLast(suffix.count)) : description
        self.init(code, ExitStatus(rawValue: exitCode) ?? .inputOutput, message)
    }
}
