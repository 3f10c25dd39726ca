import EventModel
import EventStore
import Hummingbird

/// Whether the server lives, whether it takes messages, and what it has done.
struct StatusRoutes: Sendable {
    let store: EventStore
    let queue: IngestQueue
    let metrics: ServerMetrics
    let authorization: Authorization

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
            "What it has done, in Prometheus' text format.", access: .secretKey, answer: nil)
        routes.get("/metrics", metricsText) { request, _ in
            _ = try authorization.secret(of: request)
            let counters = try store.counters()
            return Response(
                text: metrics.text([
                    ("shoal_stored_messages", "Messages stored in all.", counters.stored),
                    ("shoal_queued_messages", "Messages that wait for the disk.", queue.depth),
                ]), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}
