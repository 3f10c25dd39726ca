import EventModel
import EventStore
import Hummingbird
import Membership

/// Whether the server lives, whether it takes messages, and what it has done.
struct StatusRoutes: Sendable {
    let store: EventStore
    let queue: IngestQueue
    let memberships: Memberships
    let metrics: ServerMetrics

    func add(to routes: inout Routes) {
        let health = RouteDescription("Whether the server lives.", access: .anybody, answer: .status)
        routes.get("/health", health) { _, _ in Response(.object(JSONObject([("status", "ok")]))) }
        let ready = RouteDescription("Whether it takes messages.", access: .anybody, answer: .status)
        routes.get("/ready", ready) { _, _ in
            // A store that stopped after a failure of its disk says so here.
            try store.requireWritable()
            return Response(.object(JSONObject([("status", "ready")])))
        }
        let metricsText = RouteDescription(
            "What it has done, in Prometheus' text format.", access: .viewer, answer: nil)
        routes.get("/metrics", metricsText) { request, _ in
            let counters = try store.counters()
            let condition = memberships.condition
            let arrival = Int(clamping: condition.watermark?.arrival ?? 0)
            return Response(
                text: metrics.text([
                    ("shoal_stored_messages", "Messages stored in all.", counters.stored),
                    ("shoal_queued_messages", "Messages that wait for the disk.", queue.depth),
                    ("shoal_segments", "Segments whose members are kept.", condition.segments),
                    ("shoal_membership_changes", "Entries logged since the start.", condition.changes),
                    ("shoal_membership_steps", "Steps of deciding since the start.", condition.steps),
                    (
                        "shoal_membership_step_milliseconds", "Time in these steps.",
                        Int(condition.secondsInSteps * 1_000)
                    ),
                    ("shoal_membership_arrival", "The newest message that memberships reflect.", arrival),
                    (
                        "shoal_memberships_stopped", "1 when deciding stopped after a failure.",
                        condition.failure == nil ? 0 : 1
                    ),
                ]), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}
