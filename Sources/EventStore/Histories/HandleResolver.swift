import EventModel

/// Collects who had which handle; `leads` decides where handles lead those that nothing else does.
struct HandleResolver: Sendable {
    /// An id that had a handle.
    private struct Carrier: Hashable {
        let id: Text
        let isUser: Bool
    }

    private struct Use: Hashable {
        let carrier: Carrier
        let handle: Handle
    }

    private var uses: [Use: Timestamp] = [:]

    mutating func observe(_ message: Message) {
        guard let id = message.userID ?? message.anonymousID else { return }
        let carrier = Carrier(id: id, isUser: message.userID != nil)
        for handle in message.handles {
            let use = Use(carrier: carrier, handle: handle)
            uses[use] = min(uses[use] ?? message.time, message.time)
        }
    }

    /// Anonymous id -> profile, for those that handles lead elsewhere.
    ///
    /// - Parameter isLoose: whether neither a link nor its text leads an anonymous id to a user.
    func leads(
        _ limits: Identifiers.JoiningLimits, without unmerged: Set<Unmerge>, isLoose: (Text) -> Bool
    ) -> [Text: Text] {
        let counting = counting(limits)
        let users = Dictionary(grouping: counting.filter { $0.key.carrier.isUser }) { $0.key.handle }
        var owners: [Handle: Text] = [:]
        for (handle, uses) in users {
            owners[handle] =
                uses.min { Self.isBefore($0.value, $0.key.carrier.id, $1.value, $1.key.carrier.id) }?
                .key.carrier.id
        }
        // The loose ids of each handle, of those whose first one it is.
        var loose: [Handle: [(id: Text, time: Timestamp)]] = [:]
        let anonymous = Dictionary(grouping: counting.filter { !$0.key.carrier.isUser }) { $0.key.carrier.id }
        for (id, uses) in anonymous where isLoose(id) {
            let own = uses.min {
                ($0.key.handle.kind.order, $0.value, $0.key.handle.key)
                    < ($1.key.handle.kind.order, $1.value, $1.key.handle.key)
            }
            if let own { loose[own.key.handle, default: []].append((id, own.value)) }
        }
        var leads: [Text: Text] = [:]
        for (user, handles) in Dictionary(grouping: owners.keys, by: { owners[$0] ?? "" }) {
            let all = handles.flatMap { loose[$0] ?? [] }
                .filter { !unmerged.contains(Unmerge(anonymous: $0.id, user: user)) }
            for entry in all.sorted(by: { Self.isBefore($0.time, $0.id, $1.time, $1.id) }).prefix(
                limits.joinedByHandles)
            {
                leads[entry.id] = user
            }
        }
        for (handle, entries) in loose where owners[handle] == nil {
            guard let first = entries.min(by: { Self.isBefore($0.time, $0.id, $1.time, $1.id) })?.id else { continue }
            for entry in entries where !unmerged.contains(Unmerge(anonymous: entry.id, user: first)) {
                leads[entry.id] = first
            }
        }
        return leads
    }

    /// The uses within the limits of both the id and the handle.
    private func counting(_ limits: Identifiers.JoiningLimits) -> [Use: Timestamp] {
        struct Kind: Hashable {
            let carrier: Carrier
            let kind: Handle.Kind
        }
        struct Sort: Hashable {
            let handle: Handle
            let isUser: Bool
        }
        var ofCarrier: Set<Use> = []
        for uses in Dictionary(
            grouping: uses, by: { Kind(carrier: $0.key.carrier, kind: $0.key.handle.kind) }
        ).values {
            let sorted = uses.sorted { Self.isBefore($0.value, $0.key.handle.key, $1.value, $1.key.handle.key) }
            ofCarrier.formUnion(sorted.prefix(limits.handlesOfAKind).map(\.key))
        }
        var ofHandle: Set<Use> = []
        for uses in Dictionary(
            grouping: uses, by: { Sort(handle: $0.key.handle, isUser: $0.key.carrier.isUser) }
        ).values {
            let sorted = uses.sorted { Self.isBefore($0.value, $0.key.carrier.id, $1.value, $1.key.carrier.id) }
            ofHandle.formUnion(sorted.prefix(limits.idsOfAHandle).map(\.key))
        }
        return uses.filter { ofCarrier.contains($0.key) && ofHandle.contains($0.key) }
    }

    private static func isBefore(_ time: Timestamp, _ text: Text, _ otherTime: Timestamp, _ other: Text) -> Bool {
        (time, text) < (otherTime, other)
    }
}

extension Handle.Kind {
    /// The kinds in the order in which they decide.
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
