package import EventModel

/// Histories of messages held in memory: for evaluating a file in one go, for tests and previews.
///
/// Resolves identities, drops messages whose id came before, and builds blocks on request.
package final class MemoryHistorySource: HistorySource {
    private static let profilesPerBlock = 1_024

    package let settings: WorkspaceSettings
    /// Messages left out because a message with the same id arrived before.
    package let duplicateCount: Int

    private let identities: ResolvedIdentities
    private let profileIDs: [Text]
    private let numberOfID: [Text: ProfileNumber]
    private let messages: [Message]
    /// Indices of `messages` per profile, in order of arrival.
    private let messagesOfProfile: [[Int]]

    /// - Parameters:
    ///   - messages: in order of arrival.
    ///   - unmerged: pairs of ids whose links do not count.
    package init(messages: [Message], settings: WorkspaceSettings, unmerged: Set<Unmerge> = []) {
        self.settings = settings
        var seen: Set<Text> = []
        let kept = messages.filter { seen.insert($0.messageID).inserted }
        var resolver = IdentityResolver(joinsHandles: settings.joinsHandles)
        for message in kept { resolver.observe(message) }
        let identities = resolver.resolved(without: unmerged)

        var ids: [Text] = []
        var numbers: [Text: ProfileNumber] = [:]
        var indices: [[Int]] = []
        for (index, message) in kept.enumerated() where message.kind != .group && message.kind != .alias {
            guard let id = identities.profileID(of: message) else { continue }
            if let number = numbers[id] {
                indices[Int(number)].append(index)
            } else {
                numbers[id] = ProfileNumber(ids.count)
                ids.append(id)
                indices.append([index])
            }
        }
        self.duplicateCount = messages.count - kept.count
        self.messages = kept
        self.identities = identities
        self.profileIDs = ids
        self.numberOfID = numbers
        self.messagesOfProfile = indices
    }

    package var profileCount: Int { profileIDs.count }

    package var blockCount: Int { (profileCount + Self.profilesPerBlock - 1) / Self.profilesPerBlock }

    package func block(_ index: Int, projection: Projection) -> HistoryBlock {
        let start = index * Self.profilesPerBlock
        return block(of: start..<min(start + Self.profilesPerBlock, profileCount), projection: projection)
    }

    package func history(of profile: ProfileNumber, projection: Projection) -> HistoryBlock? {
        guard Int(profile) < profileCount else { return nil }
        return block(of: Int(profile)..<Int(profile) + 1, projection: projection)
    }

    package func profileID(of profile: ProfileNumber) -> Text { profileIDs[Int(profile)] }

    package func profileNumber(for id: Text) -> ProfileNumber? {
        numberOfID[id] ?? numberOfID[identities.profileID(for: id)]
    }

    private func block(of profiles: Range<Int>, projection: Projection) -> HistoryBlock {
        var builder = HistoryBlockBuilder(projection: projection)
        for profile in profiles {
            for index in messagesOfProfile[profile] {
                builder.add(
                    messages[index], profile: ProfileNumber(profile), id: profileIDs[profile], arrival: UInt64(index))
            }
        }
        return builder.finish()
    }
}
