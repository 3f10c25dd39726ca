import EventModel
import EventStore
import Server

extension Keeper {
    /// What the commands about identities show: `{"zone", "report"}`.
    func identity(_ name: String, _ arguments: JSONObject) throws -> JSONValue {
        let id = arguments["id"]?.text ?? ""
        let report: JSONValue
        switch Work(rawValue: name) {
        case .identityUnmerge:
            let user = arguments["user"]?.text
            report = try DecisionReport(store.unmerge(id, from: user), id.string, user?.string, isUnmerge: true).json
        case .identityRemerge:
            let user = arguments["user"]?.text
            report = try DecisionReport(store.remerge(id, to: user), id.string, user?.string, isUnmerge: false).json
        case .identityLog:
            report = .object([("decisions", .array(try store.identityLog().map(\.json)))])
        default:
            guard let found = store.identityReport(of: id) else {
                throw CommandError(
                    "unknown-profile", .usage, "nobody has the id \"\(id)\"",
                    advice: "\"shoal members SEGMENT --format ids\" lists ids")
            }
            report = found.json
        }
        return .object([("zone", .text(store.settings.zone.identifier)), ("report", report)])
    }
}

extension Shoal {
    /// Asks about identities, or decides about them, wherever the data directory is worked on; answers what there is to
    /// show, and the zone of its times.
    static func identity(
        _ work: Keeper.Work, _ id: String? = nil, user: String? = nil, at path: String
    ) async throws -> (report: JSONValue, zone: Zone) {
        var arguments: [(String, JSONValue)] = []
        if let id { arguments.append(("id", .text(id))) }
        if let user { arguments.append(("user", .text(user))) }
        let answer = try JSONReader.parse(
            try await keep(work, arguments, at: path, progress: LocalProgress { _, _ in }),
            limits: Limits.JSON(bytes: 1 << 30, values: 1 << 24)
        ).object
        let zone = answer?["zone"]?.text.flatMap { Zone(identifier: $0) } ?? .utc
        return (answer?["report"] ?? .null, zone)
    }
}
