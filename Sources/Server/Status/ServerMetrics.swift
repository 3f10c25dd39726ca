import EventModel
import Synchronization

/// Counts what the server does, for `/metrics`.
final class ServerMetrics: Sendable {
    enum Verdict: String, CaseIterable, Sendable {
        case accepted, duplicate, rejected
    }

    private struct Counts {
        var messages: [Verdict: Int] = [:]
        var requests: [Int: Int] = [:]
        var limited: [RateLimits.Bound: Int] = [:]
        var closed: [ConnectionTimes.Reason: Int] = [:]
    }

    private let counts = Locked(Counts())

    func countMessages(_ verdict: Verdict, _ count: Int) {
        if count > 0 { counts.withLock { $0.messages[verdict, default: 0] += count } }
    }

    func countRequest(status: Int) { counts.withLock { $0.requests[status, default: 0] += 1 } }

    func countClosed(_ reason: ConnectionTimes.Reason) { counts.withLock { $0.closed[reason, default: 0] += 1 } }

    func countRateLimited(_ bound: RateLimits.Bound) { counts.withLock { $0.limited[bound, default: 0] += 1 } }

    /// The counts in Prometheus' text format, version 0.0.4.
    ///
    /// - Parameter gauges: what else to show, with a word of help each.
    func text(_ gauges: [(name: String, help: String, value: Int)]) -> String {
        let counts = counts.withLock { $0 }
        var lines: [String] = []
        lines += head("shoal_messages_total", "Messages by what became of them since the start.", "counter")
        for verdict in Verdict.allCases {
            lines.append("shoal_messages_total{verdict=\"\(verdict.rawValue)\"} \(counts.messages[verdict] ?? 0)")
        }
        lines += head("shoal_http_requests_total", "Requests by the status of their answer since the start.", "counter")
        for (status, count) in counts.requests.sorted(by: { $0.key < $1.key }) {
            lines.append("shoal_http_requests_total{status=\"\(status)\"} \(count)")
        }
        lines += head("shoal_rate_limited_total", "Requests refused by the limit they met since the start.", "counter")
        for bound in RateLimits.Bound.allCases {
            lines.append("shoal_rate_limited_total{limit=\"\(bound.rawValue)\"} \(counts.limited[bound] ?? 0)")
        }
        lines += head(
            "shoal_connections_closed_total", "Connections closed for being slow, by what was waited for.", "counter")
        for reason in ConnectionTimes.Reason.allCases {
            lines.append("shoal_connections_closed_total{waiting=\"\(reason.rawValue)\"} \(counts.closed[reason] ?? 0)")
        }
        for (name, help, value) in gauges {
            lines += head(name, help, "gauge")
            lines.append("\(name) \(value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func head(_ name: String, _ help: String, _ type: String) -> [String] {
        ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
    }
}
