import EventModel
import EventStore
import Membership

/// The log of memberships as webhooks read it: who entered and who left.
struct MembershipFeed: ChangeFeed {
    private let memberships: Memberships
    private let store: EventStore

    init(_ memberships: Memberships, _ store: EventStore) {
        self.memberships = memberships
        self.store = store
    }

    func changes(
        after position: Int64, segments: Set<Text>?, limit: Int
    ) throws -> (changes: [(position: Int64, body: JSONValue)], searchedTo: Int64) {
        let read = try memberships.changes(after: position, limit: limit)
        let snapshot = try store.snapshot()
        // Of an erased profile there is nobody to name, so nothing to tell.
        let wanted = read.filter { change in
            change.profile.map { !snapshot.isErased($0) } == true && segments?.contains(change.segment) != false
        }
        let bodies = wanted.map { change in (position: change.position, body: Self.body(change, snapshot)) }
        return (bodies, try read.last?.position ?? max(position, end()))
    }

    func end() throws -> Int64 { try memberships.lastPosition() }

    private static func body(_ change: MembershipChange, _ snapshot: Snapshot) -> JSONValue {
        .object([
            ("type", .text(change.kind == .entered ? "segment.entered" : "segment.left")),
            ("timestamp", .time(change.instant)), ("data", change.json(snapshot)),
        ])
    }
}
