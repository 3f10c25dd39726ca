import EventModel

/// A part that the manifest names and that cannot be opened.
struct UnreadablePart: Sendable {
    let record: PartRecord
    let error: EventStoreError
}

/// Puts histories together from parts and recent messages under the identities of one version.
///
/// A profile's rows stand in every part that has a cluster of its own number, in clusters of identifiers that were
/// linked to it since, and among the recent messages. Links that changed after a part was written are rare; rows that
/// stand under a profile they no longer belong to ("strays") are taken out one by one.
struct HistoryAssembler: Sendable {
    /// Links of a part that no longer hold.
    struct Strays: Sendable {
        /// Per cluster, the identifiers whose rows in it belong elsewhere.
        var leaving: [ProfileNumber: Set<ProfileNumber>] = [:]
        /// Per profile, the clusters in which rows of it stand, and under which identifier.
        var arriving: [ProfileNumber: [MovedIdentifier]] = [:]

        init(of part: PartFile, _ identity: IdentityView) {
            for moved in part.index.moved {
                let profile = identity.profile(of: moved.identifier)
                guard profile != identity.profile(of: moved.profile) else { continue }
                leaving[moved.profile, default: []].insert(moved.identifier)
                arriving[profile, default: []].append(moved)
            }
        }
    }

    let parts: [PartFile]
    let unreadable: [UnreadablePart]
    /// Messages that are in no part yet, in the order of arrival.
    let recent: [MemtableView]
    let identity: IdentityView
    private let strays: [Strays]
    private let unions = Unions()

    /// - Parameter strays: those of the same parts and identities, when they are known.
    init(
        parts: [PartFile], unreadable: [UnreadablePart] = [], recent: [MemtableView], identity: IdentityView,
        strays: [Strays]? = nil
    ) {
        self.parts = parts
        self.unreadable = unreadable
        self.recent = recent
        self.identity = identity
        self.strays = strays ?? parts.map { Strays(of: $0, identity) }
    }

    // MARK: - Blocks

    /// The histories of the profiles in a range; nil when none has rows.
    func block(
        _ range: Range<ProfileNumber>, recent entries: [StoredMessage] = [], projection: Projection
    ) throws(EventStoreError) -> HistoryBlock? {
        try block(range, within: range, recent: entries, projection)
    }

    /// The histories of some profiles, whose numbers ascend; nil when none has rows. Whoever is no profile is left out.
    ///
    /// Complexity: that of the blocks of rows they stand in, so a hundred at once cost far less than one after another.
    func histories(of profiles: [ProfileNumber], projection: Projection) throws(EventStoreError) -> HistoryBlock? {
        let profiles = profiles.filter { Int($0) < identity.count && identity.profile(of: $0) == $0 }
        guard let first = profiles.first, let last = profiles.last else { return nil }
        var entries: [StoredMessage] = []
        for view in recent {
            for profile in profiles {
                entries.append(contentsOf: view.messages(of: profile))
                for follower in identity.followers(of: profile) {
                    entries.append(contentsOf: view.messages(of: follower))
                }
            }
        }
        return try block(profiles, within: first..<(last + 1), recent: entries, projection)
    }

    /// - Parameters:
    ///   - profiles: ascending, not empty.
    ///   - range: from the first of them to the last.
    private func block(
        _ profiles: some RandomAccessCollection<ProfileNumber>, within range: Range<ProfileNumber>,
        recent entries: [StoredMessage], _ projection: Projection
    ) throws(EventStoreError) -> HistoryBlock? {
        try refuseUnreadable(profiles)
        var pieces: [HistoryBlock] = []
        for number in parts.indices {
            pieces.append(contentsOf: try directPieces(number, profiles, within: range, projection))
            guard mayScatter(in: number) else { continue }
            for profile in profiles where isScattered(profile, in: number) {
                pieces.append(contentsOf: try scatteredPieces(number, profile, projection))
            }
        }
        if let piece = recentPiece(entries, projection) { pieces.append(piece) }
        return join(pieces)
    }

    /// Rows that may be missing are an error, not a shorter history.
    private func refuseUnreadable(_ profiles: some Collection<ProfileNumber>) throws(EventStoreError) {
        for part in unreadable {
            let range = part.record.firstProfile...part.record.lastProfile
            for profile in profiles
            where range.contains(profile) || identity.followers(of: profile).contains(where: { range.contains($0) }) {
                throw part.error
            }
        }
    }

    private func join(_ pieces: [HistoryBlock]) -> HistoryBlock? {
        let pieces = pieces.filter { $0.profileCount > 0 }
        guard pieces.count > 1 else { return pieces.first }
        return HistoryBlockMerger(pieces, ids: .lookUp { [identity] in identity.text(of: $0) }, unions: unions).merged()
    }

    private func recentPiece(_ entries: [StoredMessage], _ projection: Projection) -> HistoryBlock? {
        guard !entries.isEmpty else { return nil }
        var builder = HistoryBlockBuilder(projection: projection)
        for stored in entries {
            guard stored.hasRow, let identifier = stored.identifier else { continue }
            let profile = identity.profile(of: identifier)
            builder.add(stored, profile: profile, id: identity.text(of: profile))
        }
        return builder.finish()
    }

    /// The clusters of profiles that stand under their own profile still, as they are.
    private func directPieces(
        _ number: Int, _ profiles: some RandomAccessCollection<ProfileNumber>, within range: Range<ProfileNumber>,
        _ projection: Projection
    ) throws(EventStoreError) -> [HistoryBlock] {
        let part = parts[number]
        let isWhole = profiles.count == range.count
        var pieces: [HistoryBlock] = []
        var rest = profiles[...]
        for block in part.rowBlocks(overlapping: range) {
            let span = part.index.rowBlocks[block]
            rest = rest.drop { $0 < span.firstProfile }
            let own = rest.prefix { $0 <= span.lastProfile }
            guard !own.isEmpty else { continue }
            let directory = try part.directory(block)
            var positions =
                isWhole
                ? Array(
                    directory.firstPosition(from: range.lowerBound)..<directory.firstPosition(from: range.upperBound))
                : own.compactMap { directory.position(of: $0) }
            if mayScatter(in: number) {
                positions = positions.filter { position in
                    let cluster = directory.profiles[position]
                    return identity.profile(of: cluster) == cluster && strays[number].leaving[cluster] == nil
                }
            }
            guard !positions.isEmpty else { continue }
            pieces.append(
                try part.rows(
                    block, directory, positions: positions, projection: projection,
                    ids: .lookUp { [identity] in identity.text(of: $0) }))
        }
        return pieces
    }

    // MARK: - Scattered profiles

    /// Whether any profile at all may be.
    private func mayScatter(in number: Int) -> Bool {
        identity.hasFollowers || !strays[number].leaving.isEmpty || !strays[number].arriving.isEmpty
    }

    private func isScattered(_ profile: ProfileNumber, in number: Int) -> Bool {
        !identity.followers(of: profile).isEmpty || strays[number].leaving[profile] != nil
            || strays[number].arriving[profile] != nil
    }

    /// The rows of a profile that `directPieces` leaves out.
    private func scatteredPieces(
        _ number: Int, _ profile: ProfileNumber, _ projection: Projection
    ) throws(EventStoreError) -> [HistoryBlock] {
        let part = parts[number]
        let strays = strays[number]
        var pieces: [HistoryBlock] = []
        if let leaving = strays.leaving[profile], identity.profile(of: profile) == profile {
            let piece = try cluster(part, profile, as: profile, projection) { !leaving.contains($0) }
            if let piece { pieces.append(piece) }
        }
        for follower in identity.followers(of: profile) where !part.hasMoved(follower, to: profile) {
            let leaving = strays.leaving[follower] ?? []
            let piece = try cluster(
                part, follower, as: profile, projection, keeping: leaving.isEmpty ? nil : { !leaving.contains($0) })
            if let piece { pieces.append(piece) }
        }
        for moved in strays.arriving[profile] ?? [] {
            let piece = try cluster(part, moved.profile, as: profile, projection) { $0 == moved.identifier }
            if let piece { pieces.append(piece) }
        }
        return pieces
    }

    /// One cluster of a part under another profile; with `keeping`, only the rows of identifiers it accepts.
    private func cluster(
        _ part: PartFile, _ cluster: ProfileNumber, as profile: ProfileNumber, _ projection: Projection,
        keeping: ((ProfileNumber) -> Bool)? = nil
    ) throws(EventStoreError) -> HistoryBlock? {
        for block in part.rowBlocks(overlapping: cluster..<(cluster + 1)) {
            let directory = try part.directory(block)
            guard let position = directory.position(of: cluster) else { continue }
            func read(_ projection: Projection) throws(EventStoreError) -> HistoryBlock {
                try part.rows(
                    block, directory, positions: [position], projection: projection, numbers: [profile],
                    ids: .lookUp { [identity] in identity.text(of: $0) })
            }
            guard let keeping else { return try read(projection) }
            let identifiers = try part.identifiersOfMovedRows(block, directory, position)
            func isKept(_ arrival: UInt64) -> Bool { keeping(identifiers[arrival] ?? cluster) }
            // The span of the rows that stay is that of all their events, wanted or not.
            let span = try read(Projection(events: nil, paths: [], traits: true)).keeping(isKept, span: nil)
            guard span.rowCount > 0, let first = span.firstTimes.first, let last = span.lastTimes.first else {
                return nil
            }
            return try read(projection).keeping(isKept, span: (first, last))
        }
        return nil
    }

    /// The identifiers of a block's rows that do not stand under their own number, by arrival.
    func identifiersOfMovedRows(in block: HistoryBlock) throws(EventStoreError) -> [UInt64: ProfileNumber] {
        guard let first = block.profileNumbers.first, let last = block.profileNumbers.last else { return [:] }
        var all: [UInt64: ProfileNumber] = [:]
        for (number, part) in parts.enumerated() {
            func note(_ cluster: ProfileNumber) throws(EventStoreError) {
                for (arrival, identifier) in try part.identifiersOfRows(of: cluster) {
                    let profile = identity.profile(of: identifier)
                    if identifier != profile, (first...last).contains(profile) { all[arrival] = identifier }
                }
            }
            if !part.index.moved.isEmpty {
                for block in part.rowBlocks(overlapping: first..<(last + 1)) {
                    for (arrival, identifier) in try part.identifiersOfMovedRows(block) { all[arrival] = identifier }
                }
            }
            for profile in block.profileNumbers where isScattered(profile, in: number) {
                for follower in identity.followers(of: profile) where !part.hasMoved(follower, to: profile) {
                    try note(follower)
                }
                for moved in strays[number].arriving[profile] ?? [] { try note(moved.profile) }
            }
        }
        return all
    }
}
