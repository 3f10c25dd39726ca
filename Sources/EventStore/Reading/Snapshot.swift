package import EventModel

/// Everything stored at one moment: parts, recent messages and identities of one version.
///
/// Holding it keeps the files it reads alive; writers, merges and removals do not touch it. Its blocks may be decoded
/// on several threads at once. Damage in a part is thrown by the call that meets it, before any row of the block.
package final class Snapshot: HistorySource {
    package let settings: WorkspaceSettings
    let assembler: HistoryAssembler
    /// Names of the sources of recent messages.
    let sourceNames: [UInt32: Text]
    private let table: IdentityTable
    /// What a pass over all profiles needs, made when one begins: reading single profiles does without.
    private let layout: Deferred<Layout>

    private struct Layout: Sendable {
        var ranges: [Range<ProfileNumber>]
        /// Ascending by profile, then arrival.
        var recentByProfile: [(profile: ProfileNumber, stored: StoredMessage)]
    }

    init(
        _ assembler: HistoryAssembler, table: IdentityTable, sourceNames: [UInt32: Text], settings: WorkspaceSettings
    ) {
        self.assembler = assembler
        self.table = table
        self.sourceNames = sourceNames
        self.settings = settings
        layout = Deferred { Self.layout(of: assembler) }
    }

    private static func layout(of assembler: HistoryAssembler) -> Layout {
        let identity = assembler.identity
        var byProfile: [(profile: ProfileNumber, stored: StoredMessage)] = []
        for view in assembler.recent {
            for position in 0..<view.count {
                let stored = view.messages[position]
                guard stored.hasRow, let identifier = stored.identifier else { continue }
                byProfile.append((identity.profile(of: identifier), stored))
            }
        }
        byProfile.sort { ($0.profile, $0.stored.arrival) < ($1.profile, $1.stored.arrival) }
        return Layout(ranges: assembler.plan(recent: counts(byProfile)), recentByProfile: byProfile)
    }

    private static func counts(
        _ byProfile: [(profile: ProfileNumber, stored: StoredMessage)]
    ) -> [(profile: ProfileNumber, rows: Int)] {
        var counts: [(profile: ProfileNumber, rows: Int)] = []
        for entry in byProfile {
            if counts.last?.profile == entry.profile {
                counts[counts.count - 1].rows += 1
            } else {
                counts.append((entry.profile, 1))
            }
        }
        return counts
    }

    // MARK: - HistorySource

    package var profileCount: Int { assembler.identity.count }

    package var blockCount: Int { layout.value.ranges.count }

    package func profileID(of profile: ProfileNumber) -> Text { assembler.identity.text(of: profile) }

    package func block(_ index: Int, projection: Projection) throws -> HistoryBlock {
        try readBlock(index, projection: projection)
    }

    /// The same with its error typed.
    package func readBlock(_ index: Int, projection: Projection) throws(EventStoreError) -> HistoryBlock {
        let range = layout.value.ranges[index]
        let entries = recentMessages(in: range)
        return try assembler.block(range, recent: entries, projection: projection) ?? .empty
    }

    private func recentMessages(in range: Range<ProfileNumber>) -> [StoredMessage] {
        let recentByProfile = layout.value.recentByProfile
        func position(_ profile: ProfileNumber) -> Int {
            var (lower, upper) = (0, recentByProfile.count)
            while lower < upper {
                let middle = (lower + upper) / 2
                if recentByProfile[middle].profile < profile { lower = middle + 1 } else { upper = middle }
            }
            return lower
        }
        return recentByProfile[position(range.lowerBound)..<position(range.upperBound)].map(\.stored)
    }

    package func history(of profile: ProfileNumber, projection: Projection) throws -> HistoryBlock? {
        try assembler.histories(of: [profile], projection: projection)
    }

    /// The histories of some profiles in one block; nil when none of them has rows.
    ///
    /// - Parameter profiles: ascending. Whoever is no profile, or has no rows, is left out.
    package func histories(
        of profiles: [ProfileNumber], projection: Projection
    ) throws(EventStoreError) -> HistoryBlock? {
        try assembler.histories(of: profiles, projection: projection)
    }

    package func profileNumber(for id: Text) -> ProfileNumber? {
        identifiedNumber(for: id).flatMap { hasRows($0) ? $0 : nil }
    }

    /// The profile that an id leads to and its history, read once; nil when there is none.
    package func identified(
        _ id: Text, projection: Projection
    ) throws -> (profile: ProfileNumber, history: HistoryBlock)? {
        guard let profile = identifiedNumber(for: id), let block = try history(of: profile, projection: projection)
        else { return nil }
        return (profile, block)
    }

    /// The profile that an id leads to, whether it has rows or not.
    private func identifiedNumber(for id: Text) -> ProfileNumber? {
        let identity = assembler.identity
        if let user = table.number(of: id, .user), Int(user) < identity.count { return user }
        guard let anonymous = table.number(of: id, .anonymous), Int(anonymous) < identity.count else { return nil }
        return identity.profile(of: anonymous)
    }

    private func hasRows(_ profile: ProfileNumber) -> Bool {
        // Damage is for the caller that reads the rows; here the profile is there as far as anybody can tell.
        do throws(EventStoreError) {
            return try assembler.histories(of: [profile], projection: .nothing) != nil
        } catch {
            return true
        }
    }
}

extension HistoryBlock {
    /// A block without profiles.
    static let empty = HistoryBlock(
        profileNumbers: [], profileIDs: [], firstTimes: [], lastTimes: [], eventNames: ["$identify"],
        sections: [], times: [], arrivals: [], flags: [], itemOffsets: [0], columns: [:])
}
