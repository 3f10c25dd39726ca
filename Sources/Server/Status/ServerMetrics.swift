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
    }

    private let counts = Locked(Counts())

    func countMessages(_ verdict: Verdict, _ count: Int) {
        if count > 0 { counts.withLock { $0.messages[verdict, default: 0] += count } }
    }

    func countRequest(status: Int) { counts.withLock { $0.requests[status, default: 0] += 1 } }

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
