import EventModel
import SegmentLanguage

/// When a profile's membership of a segment changed, from its first message up to some instant.
struct Timeline {
    struct Change: Hashable {
        let instant: Int64
        /// Member from this instant on; before, it was the other way round.
        let isMember: Bool
    }

    /// Ascending; the first one is an entering.
    var changes: [Change] = []
    /// Where the last look was taken; nil before the first one.
    var lastLook: Int64?
    /// All changes up to here are known.
    var end = Int64.min
}

extension World {
    /// The changes at or before `end`.
    ///
    /// Goes from one instant at which the answer may change to the next and looks there.
    func changes(of segment: Text, for profile: Profile, through end: Int64) -> [Timeline.Change] {
        let key = Question(name: segment, profile: profile.id, instant: 0)
        var timeline = timelines[key] ?? Timeline()
        if timeline.end < end {
            extend(&timeline, of: segment, for: profile, through: end)
            timelines[key] = timeline
        }
        return timeline.changes.filter { $0.instant <= end }
    }

    private func extend(_ timeline: inout Timeline, of segment: Text, for profile: Profile, through end: Int64) {
        timeline.end = end
        var next =
            timeline.lastLook.map { membership(of: profile, in: segment, at: $0).watch.next(upTo: end) }
            ?? profile.created
        while let look = next, look <= end {
            let answer = membership(of: profile, in: segment, at: look)
            if answer.value != (timeline.changes.last?.isMember ?? false) {
                timeline.changes.append(Timeline.Change(instant: look, isMember: answer.value))
            }
            timeline.lastLook = look
            next = answer.watch.next(upTo: end)
        }
    }
}

extension Scope {
    /// Member at every instant of [now - D, now].
    func hasBeenMember(of segment: Text, for length: Int64) -> Bool {
        guard world.isMember(profile, of: segment, at: now, watch: watch),
            let entry = world.changes(of: segment, for: profile, through: now).last(where: \.isMember)
        else { return false }
        watch.note(entry.instant, plus: length)
        return entry.instant <= shift(now, by: -length)
    }

    /// Whether the profile became a member, or ceased to be one, at an instant in the window.
    func changed(_ segment: Text, to isMember: Bool, _ window: Window?) -> Bool {
        _ = world.isMember(profile, of: segment, at: now, watch: watch)
        let span = window.map { self.span(of: $0) }
        let changes = world.changes(of: segment, for: profile, through: now).filter { $0.isMember == isMember }
        return changes.contains { change in
            if let window { watchLeaving(of: change.instant, window) }
            return span?.contains(instant: change.instant) ?? true
        }
    }
}
