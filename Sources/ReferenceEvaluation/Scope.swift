import EventModel
import SegmentLanguage

/// Where something is evaluated: one profile at one instant, the events that are shown there and, in a filter, the
/// event and the item that it speaks of.
struct Scope {
    let world: World
    let profile: Profile
    let now: Int64
    let watch: Watch
    /// All events visible as of `now`, in history order.
    let history: [Event]
    /// All visits, formed from `history`.
    let allVisits: [Event]
    /// Those of them that are shown: all, or in a group fewer and with fewer items.
    var events: [Event]
    var visits: [Event]
    var event: Event?
    var item: JSONObject?

    init(world: World, profile: Profile, now: Int64, watch: Watch) {
        self.world = world
        self.profile = profile
        self.now = now
        self.watch = watch
        history = profile.events.filter { $0.time <= now }
        allVisits = ReferenceEvaluation.visits(in: history)
        events = history
        visits = allVisits
    }

    /// The same place at another instant, as if no message came in between. What it depends on is not watched.
    private init(_ scope: Scope, now: Int64) {
        world = scope.world
        profile = scope.profile
        self.now = now
        watch = Watch(now: now)
        history = scope.history
        allVisits = scope.allVisits
        events = scope.events
        visits = scope.visits
        event = scope.event
        item = scope.item
    }

    func at(_ instant: Int64) -> Scope { Scope(self, now: instant) }

    func speaking(of event: Event, item: JSONObject? = nil) -> Scope {
        var scope = self
        scope.event = event
        scope.item = item
        return scope
    }

    var zone: Zone { world.settings.zone }

    /// The zone that the profile's trait `timezone` names, else the workspace's.
    var localZone: Zone {
        guard case .string(let name) = profile.trait(["timezone"], at: now), let zone = Zone(identifier: name) else {
            return self.zone
        }
        return zone
    }
}
