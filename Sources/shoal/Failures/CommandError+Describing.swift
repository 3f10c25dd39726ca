import EventModel
import EventStore

extension CommandError {
    /// Any error as the person reads it; the parts of the program make their own words.
    init(describing error: any Error) {
        switch error {
        case let error as CommandError: self = error
        default: self.init("internal", .inputOutput, "\(error)")
        }
    }
}
