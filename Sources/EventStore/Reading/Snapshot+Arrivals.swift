package import EventModel

/// What came in after an arrival, and whom it concerns.
package struct Arrived: Sendable {
    /// The messages of each profile in the order of arrival; those that stand in a part already are not listed.
    package var messages: [ProfileNumber: [StoredMessage]] = [:]
    /// Everybody who has a message in a part that may have come in, which `messages` lacks.
    package var profilesInParts: Set<ProfileNumber> = []
    /// Everybody whose history may have changed by a message.
    package var profiles: Set<ProfileNumber> = []
    /// The latest time at which one of the messages was received; nil when none came in.
    package var received: Timestamp?
}

extension Snapshot {
    /// The newest message in it; 0 when there is none.
    package var arrival: UInt64 {
        let recent = assembler.recent.compactMap { $0.count > 0 ? $0.messages[$0.count - 1].arrival : nil }
        let parts = assembler.parts.map(\.index.totals).filter { $0.messages > 0 }.map(\.lastArrival)
        return (recent + parts).max() ?? 0
    }

    /// What came in after a message.
    ///
    /// Complexity: that of what came in, as long as it is in no part yet; else the arrivals of the parts that hold
    /// some of it are read, and a profile may be named that nothing happened to.
    package func arrived(after arrival: UInt64) throws(EventStoreError) -> Arrived {
        var arrived = Arrived()
        for view in assembler.recent {
            var (lower, upper) = (0, view.count)
            while lower < upper {
                let middle = (lower + upper) / 2
                if view.messages[middle].arrival <= arrival { lower = middle + 1 } else { upper = middle }
            }
            for position in lower..<view.count { note(view.messages[position], in: &arrived) }
        }
        for part in assembler.parts where part.index.totals.messages > 0 && part.index.totals.lastArrival > arrival {
            try note(part, after: arrival, in: &arrived)
        }
        arrived.profiles.formUnion(arrived.profilesInParts)
        return arrived
    }

    private func note(_ stored: StoredMessage, in arrived: inout Arrived) {
        arrived.received = max(arrived.received ?? .distantPast, stored.message.receivedAt)
        guard let identifier = stored.identifier else { return }
        let profile = assembler.identity.profile(of: identifier)
        arrived.profiles.insert(profile)
        arrived.messages[profile, default: []].append(stored)
    }

    private func note(_ part: PartFile, after arrival: UInt64, in arrived: inout Arrived) throws(EventStoreError) {
        let identity = assembler.identity
        arrived.received = max(
            arrived.received ?? .distantPast, Timestamp(milliseconds: part.index.totals.lastReceived))
        for message in part.index.rowless where message.arrival > arrival {
            arrived.profilesInParts.insert(identity.profile(of: message.identifier))
        }
        let isWhole = part.index.totals.firstArrival > arrival
        for block in part.index.rowBlocks.indices {
            let directory = try part.directory(block)
            let arrivals = isWhole ? [] : try part.arrivals(block)
            for (position, cluster) in directory.profiles.enumerated() {
                let rows = directory.rows(of: position)
                guard isWhole || rows.joined().contains(where: { arrivals[$0] > arrival }) else { continue }
                arrived.profilesInParts.insert(identity.profile(of: cluster))
            }
            for moved in try part.movedRows(block) {
                arrived.profilesInParts.insert(identity.profile(of: moved.identifier))
            }
        }
    }

    // MARK: - Identities

    /// How often identifiers were led elsewhere since the store was opened.
    package var identityTurns: Int { assembler.identity.turns.count }

    /// The profiles that lost or won an identifier after so many turns.
    package func profilesTurned(after turns: Int) -> Set<ProfileNumber> {
        var profiles: Set<ProfileNumber> = []
        for index in min(turns, identityTurns)..<identityTurns {
            let turn = assembler.identity.turns[index]
            profiles.insert(turn.before)
            profiles.insert(turn.after)
        }
        return profiles
    }

    /// The profile that each identifier leads to, by its number.
    package var leaders: [ProfileNumber] {
        (0..<assembler.identity.count).map { assembler.identity.profile(of: ProfileNumber($0)) }
    }

    /// Whether an identifier was erased: nobody is called by it any more.
    package func isErased(_ identifier: ProfileNumber) -> Bool { assembler.identity.isErased(identifier) }

    /// Whether a profile is a known user.
    package func isUser(_ profile: ProfileNumber) -> Bool { assembler.identity.role(of: profile) == .user }

    /// Whether the number is that of a profile: others lead to one.
    package func isProfile(_ number: ProfileNumber) -> Bool {
        Int(number) < assembler.identity.count && assembler.identity.profile(of: number) == number
    }
}
