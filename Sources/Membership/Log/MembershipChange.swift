package import EventModel
package import EventStore

/// Up to where answers about memberships are exact: every message up to `arrival`, and every change that time alone
/// made up to `instant`.
package struct MembershipWatermark: Hashable, Sendable {
    /// The newest message that is reflected, by its place in the order of arrival; 0: none.
    package var arrival: UInt64
    package var instant: Timestamp

    package init(arrival: UInt64, instant: Timestamp) {
        self.arrival = arrival
        self.instant = instant
    }
}

/// An entry of a segment's membership log.
package struct MembershipChange: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case entered
        case left
        /// The log begins, or begins again, with so many members that are not listed one by one.
        case baseline(members: Int)
        /// The segment is no more.
        case removed
    }

    /// Why a profile entered or left.
    package enum Cause: Hashable, Sendable {
        /// A message of the profile; the newest of those decided together.
        case message(id: Text, event: Text)
        /// Time alone.
        case clock
        /// Identifiers were joined or taken apart.
        case identity
        /// A rank's threshold moved.
        case rank
        /// The definition is another, or new.
        case definition
        /// The profile was erased.
        case erasure
    }

    /// Its place among the changes of all segments, from 1, ascending; with gaps.
    package var position: Int64
    package var segment: Text
    /// Its place in the segment's log, from 1, without gaps.
    package var sequence: Int64
    package var kind: Kind
    /// Who; nil for entries about the whole segment, and when the profile was erased since.
    package var profile: ProfileNumber?
    /// Since when it is so.
    package var instant: Timestamp
    package var cause: Cause
    /// The definition's version that was asked.
    package var version: Int
}

/// A definition of a segment as it was from some instant on.
package struct SegmentVersion: Hashable, Sendable {
    /// From 1, ascending.
    package var number: Int
    package var text: Text
    /// When it began to be what answers come from.
    package var since: Timestamp
}
