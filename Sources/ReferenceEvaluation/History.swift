import EventModel

/// Everything one profile ever sent, in history order.
final class Profile {
    let id: Text
    /// Track, page and screen messages, less the repeated orders; ascending by place.
    let events: [Event]
    /// Identify messages, ascending by place.
    let traitSettings: [(place: Place, traits: JSONObject)]
    /// Consent that messages set, ascending by place.
    let consents: [ConsentSetting]
    /// When the profile's first message (no group or alias) happened; nil if it has none.
    let created: Int64?
    /// The times of its messages, ascending, each once.
    let times: [Int64]

    init(id: Text, messages: [(message: Message, arrival: Int)]) {
        self.id = id
        let rows = messages.filter { $0.message.isPartOfHistory }.sorted { place(of: $0) < place(of: $1) }
        let visible = withoutRepeatedOrders(rows)
        events = visible.filter { $0.message.kind != .identify }.map { Event($0.message, arrival: $0.arrival) }
        traitSettings = rows.filter { $0.message.kind == .identify }.map { (place(of: $0), $0.message.traits) }
        consents = visible.flatMap { consentSettings(of: $0.message, at: place(of: $0)) }
        created = rows.first?.message.time.milliseconds
        times = Set(rows.map { $0.message.time.milliseconds }).sorted()
    }

    /// The trait's value as of `now`: the last one set, null unsetting it; then into objects.
    func trait(_ path: [Text], at now: Int64) -> JSONValue? {
        guard let name = path.first else { return nil }
        for setting in traitSettings.reversed() where setting.place.time <= now {
            guard let value = setting.traits[name] else { continue }
            guard path.count > 1 else { return value == .null ? nil : value }
            guard case .object(let object) = value else { return nil }
            return lookUp(Array(path.dropFirst()), in: object)
        }
        return nil
    }
}

private func place(of row: (message: Message, arrival: Int)) -> Place {
    Place(time: row.message.time.milliseconds, arrival: row.arrival)
}

extension Message {
    fileprivate var isPartOfHistory: Bool {
        switch kind {
        case .track, .page, .screen, .identify: true
        case .group, .alias: false
        }
    }
}

/// Of several `Order Completed` with the same order_id the first in history order counts.
///
/// Whatever instant is looked at, the first of those visible is the first of all, so this is decided once.
private func withoutRepeatedOrders(
    _ rows: [(message: Message, arrival: Int)]
) -> [(message: Message, arrival: Int)] {
    var seen: Set<Text> = []
    return rows.filter { row in
        guard row.message.kind != .identify, row.message.event == "Order Completed",
            let id = ReferenceValue(row.message.properties["order_id"]).identity
        else { return true }
        return seen.insert(id).inserted
    }
}
