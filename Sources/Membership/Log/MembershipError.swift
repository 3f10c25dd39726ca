package import EventModel

/// Why memberships are not kept, or cannot be read.
package enum MembershipError: Error, CustomStringConvertible {
    /// SQLite does not keep what durability rests on.
    case unsafeDatabase
    case newerFormat
    /// SQLite cannot read `memberships.db`.
    case damaged(path: String, detail: String)
    case noSegment(Text)
    /// The segment's members are being found for the first time.
    case building(Text)
    /// Something failed that leaves the state in doubt; nothing is decided until the next start.
    case stopped(cause: String)

    package var code: String {
        switch self {
        case .unsafeDatabase: "unsafe-database"
        case .newerFormat: "newer-format"
        case .damaged: "memberships-database-damaged"
        case .noSegment: "unknown-segment"
        case .building: "segment-building"
        case .stopped: "memberships-stopped"
        }
    }

    package var description: String {
        switch self {
        case .unsafeDatabase: "memberships.db does not take synchronous = FULL [\(code)]"
        case .newerFormat: "memberships.db was written by a newer program; use that one [\(code)]"
        case .damaged(let path, let detail):
            "\(path) is damaged (\(detail)); delete it: who is in which segment is found anew from the events at the next "
                + "start, and the logs of changes begin anew [\(code)]"
        case .noSegment(let name): "there is no segment \(name) [\(code)]"
        case .building(let name): "the members of \(name) are being found for the first time; ask again soon [\(code)]"
        case .stopped(let cause): "memberships are not kept any more: \(cause); start the server again [\(code)]"
        }
    }
}
