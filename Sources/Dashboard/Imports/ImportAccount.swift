package import EventModel

/// What is known of a file that somebody sent: who, when, and what became of it.
package struct ImportAccount: Sendable {
    package enum State: String, Sendable {
        /// It was looked at, and nothing was stored yet.
        case waiting
        case running
        case complete
        /// Somebody stopped it; what came before is stored.
        case interrupted
        /// The file broke off, or could not be stored to its end.
        case failed
        /// The server ended amid it.
        case broken

        package var isOver: Bool { self != .waiting && self != .running }

        var tag: HTML {
            switch self {
            case .waiting: Pieces.tag("waiting", "warn")
            case .running: Pieces.tag("running", "accent")
            case .complete: Pieces.tag("complete", "good")
            case .interrupted: Pieces.tag("stopped", "warn")
            case .failed: Pieces.tag("failed", "bad")
            case .broken: Pieces.tag("broken off", "bad")
            }
        }
    }

    package let id: Int64
    package let name: String
    package let bytes: Int
    /// An e-mail address, or the name of a key.
    package let actor: String
    package let uploaded: Timestamp
    package let started: Timestamp?
    package let ended: Timestamp?
    package let state: State
    /// `ImportSummary.json`, and `problem` where something went wrong.
    package let result: JSONObject

    package init(
        id: Int64, name: String, bytes: Int, actor: String, uploaded: Timestamp, started: Timestamp?, ended: Timestamp?,
        state: State, result: JSONObject
    ) {
        self.id = id
        self.name = name
        self.bytes = bytes
        self.actor = actor
        self.uploaded = uploaded
        self.started = started
        self.ended = ended
        self.state = state
        self.result = result
    }

    var path: String { "/data/import/\(id)" }

    package func count(_ name: String) -> Int { result[Text(name)]?.decimal?.asInt() ?? 0 }

    /// Counts by name, the most first.
    func counts(_ name: String) -> [(name: String, count: Int)] {
        guard case .object(let object)? = result[Text(name)] else { return [] }
        return object.members.map { ($0.key.string, $0.value.decimal?.asInt() ?? 0) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    package var rejected: Int { counts("rejected").reduce(0) { $0 + $1.count } }

    /// What went wrong, in words.
    var problem: String? { result["problem"]?.object?["message"]?.text?.string }

    /// For programs.
    package var json: JSONValue {
        .object([
            ("id", .count(Int(id))), ("name", .text(name)), ("bytes", .count(bytes)), ("by", .text(actor)),
            ("uploaded", .time(uploaded)), ("started", started.map { .time($0) }),
            ("ended", ended.map { .time($0) }), ("state", .text(state.rawValue)),
            ("result", result.members.isEmpty ? nil : .object(result)),
        ])
    }
}
