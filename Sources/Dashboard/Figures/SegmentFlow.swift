package import EventModel
import EventStore
package import Membership

/// Who entered and left segments lately, and why, added up from the log of memberships.
package struct SegmentFlow: Sendable {
    /// One segment's comings and goings.
    package struct Tally: Sendable {
        /// By the number of the day in the workspace's zone (days since 1970).
        package var entered: [Int: Int] = [:]
        package var left: [Int: Int] = [:]
        /// By cause, as it is shown.
        package var causesOfEntering: [String: Int] = [:]
        package var causesOfLeaving: [String: Int] = [:]
        /// When the log begins to list its members one by one.
        package var since: Timestamp?
        /// By profile, on the days that count as lately.
        fileprivate var turns: [ProfileNumber: Int] = [:]

        /// Profiles that came and went again and again within the last week.
        package var flapping: Int { turns.values.count { $0 >= SegmentFlow.turnsOfFlapping } }
    }

    /// So many entries of one profile in one segment within a week are too many to mean something.
    fileprivate static let turnsOfFlapping = 4
    /// So far back the log is looked at.
    package static let days = 30
    private static let daysOfFlapping = 7

    package private(set) var segments: [Text: Tally] = [:]
    /// The first day that is complete.
    package let firstDay: CalendarDay
    private let zone: Zone
    private let flappingSince: Timestamp
    private let start: Timestamp
    /// Up to which entry it goes.
    package private(set) var position: Int64 = 0

    /// Empty, for the days up to an instant.
    package init(upTo now: Timestamp, in zone: Zone, from position: Int64) {
        self.zone = zone
        self.position = position
        firstDay = zone.day(of: now).adding(days: -(Self.days - 1))
        start = zone.startOfDay(firstDay)
        flappingSince = now.adding(milliseconds: -Int64(Self.daysOfFlapping) * Timestamp.millisecondsPerDay)
    }

    package mutating func add(_ changes: [MembershipChange]) {
        for change in changes {
            position = max(position, change.position)
            var tally = segments[change.segment, default: Tally()]
            switch change.kind {
            case .baseline: tally.since = change.instant
            case .removed: tally = Tally()
            case .entered, .left:
                guard change.instant >= start else { continue }
                let day = Int(zone.day(of: change.instant).daysSinceEpoch)
                let cause = change.cause.words
                if change.kind == .entered {
                    tally.entered[day, default: 0] += 1
                    tally.causesOfEntering[cause, default: 0] += 1
                } else {
                    tally.left[day, default: 0] += 1
                    tally.causesOfLeaving[cause, default: 0] += 1
                }
                if let profile = change.profile, change.instant >= flappingSince, change.isOfItself {
                    tally.turns[profile, default: 0] += 1
                }
            }
            segments[change.segment] = tally
        }
    }
}

extension MembershipChange {
    /// Whether shoppers or time made it, not a person who changed a definition.
    fileprivate var isOfItself: Bool {
        switch cause {
        case .message, .clock, .rank: true
        case .identity, .definition, .erasure: false
        }
    }
}

extension MembershipChange.Cause {
    /// As people read it.
    package var words: String {
        switch self {
        case .message(_, let event): event.isEmpty ? "a message" : event.string
        case .clock: "time alone"
        case .identity: "ids were joined or taken apart"
        case .rank: "a rank moved"
        case .definition: "the definition changed"
        case .erasure: "erased"
        }
    }
}
