import EventModel

/// Makes a manifest from the parts alone, when `shoal.db` is damaged or gone.
///
/// The new database is written under another name and takes the old one's place only when it is whole; the old one
/// is kept as `shoal.db.damaged`.
struct ManifestRestorer {
    let directory: String
    let disk: any Disk
    let clock: any Clock
    let random: any RandomSource

    private var path: String { "\(directory)/\(EventStore.Layout.database)" }
    private var newPath: String { "\(path).rebuilt" }
    private var partsDirectory: String { "\(directory)/\(EventStore.Layout.parts)" }

    func restore() throws(EventStoreError) {
        let lock = try onDisk(in: directory) { () throws(DiskError) in
            try disk.lock("\(directory)/\(EventStore.Layout.lock)")
        }
        defer { lock.release() }
        let parts = try withoutReplaced(try readParts())
        try removeIfThere([newPath, "\(newPath)-wal"])
        let database = try StoreDatabase(newPath, on: disk)
        _ = try database.prepareWorkspace(random)
        if let workspace = parts.first?.workspace { try database.adoptWorkspace(workspace) }
        var changes = StoreChanges()
        var messages = 0
        for part in parts {
            changes.parts.append(part.record)
            changes.sources.merge(part.index.sources) { mine, _ in mine }
            messages += part.index.totals.messages
        }
        changes.identities = try identities(of: parts)
        // A store without any handle is as if made before there were any.
        try database.put(joinsHandles: changes.identities.links.contains { $0.kind == .handle } || parts.isEmpty)
        changes.counters = Counters(offered: messages, stored: messages)
        try database.commit(changes, "write the manifest anew")
        try database.close()
        try putInPlace()
    }

    private func putInPlace() throws(EventStoreError) {
        try onDisk { () throws(DiskError) in
            try disk.syncDirectory(directory)
            for suffix in ["-wal", ""] where try disk.size(path + suffix) != nil {
                try disk.rename(path + suffix, to: "\(path).damaged\(suffix)")
            }
            try disk.rename(newPath, to: path)
            try disk.syncDirectory(directory)
        }
    }

    private func removeIfThere(_ paths: [String]) throws(EventStoreError) {
        try onDisk { () throws(DiskError) in
            for path in paths where try disk.size(path) != nil { try disk.remove(path) }
        }
    }

    // MARK: - Parts

    /// The parts that open and match their own digest, of one workspace, the largest first.
    private func readParts() throws(EventStoreError) -> [PartFile] {
        let names = try onDisk { () throws(DiskError) in try disk.list(partsDirectory) }
        var parts: [PartFile] = []
        for name in names where name.hasSuffix(PartFormat.fileSuffix) {
            guard let id = StoreID(hexadecimal: name.dropLast(PartFormat.fileSuffix.count)) else { continue }
            do throws(EventStoreError) {
                let part = try PartFile(
                    id, path: "\(partsDirectory)/\(name)", on: disk, workspace: parts.first?.workspace, size: nil)
                if part.digest() == part.footerDigest { parts.append(part) }
            } catch {
                guard error.isDamageOfAPart else { throw error }
            }
        }
        return parts.sorted { $0.index.totals.messages > $1.index.totals.messages }
    }

    /// The parts without those whose messages all stand in a larger one: they were merged, and a crash kept them.
    private func withoutReplaced(_ parts: [PartFile]) throws(EventStoreError) -> [PartFile] {
        var kept: [PartFile] = []
        for part in parts where try !isContained(part, in: kept) { kept.append(part) }
        return kept
    }

    private func isContained(_ part: PartFile, in others: [PartFile]) throws(EventStoreError) -> Bool {
        guard !others.isEmpty else { return false }
        for frame in part.index.frames.indices {
            for key in try part.keys(ofFrame: frame) where try !EventStore.contains(key, others) { return false }
        }
        return true
    }

    // MARK: - Identities

    /// All identifiers the parts name. A number that none of them names belonged to messages that are lost; it gets
    /// an identifier nobody can send, so that it is never given out again.
    private func identities(of parts: [PartFile]) throws(EventStoreError) -> IdentityChanges {
        var known: [ProfileNumber: Identifier] = [:]
        var links: [LinkKey: IdentityLink] = [:]
        for part in parts {
            let evidence = try part.identities()
            for identifier in evidence.identifiers { known[identifier.number] = identifier }
            for link in evidence.links where link.time < links[link.key]?.time ?? .distantFuture {
                links[link.key] = link
            }
        }
        var all = IdentityChanges()
        let numbers = Array(known.keys) + links.keys.flatMap { [$0.anonymous, $0.user] }
        for number in 0..<(numbers.max().map { $0 + 1 } ?? 0) {
            all.identifiers.append(
                known[number]
                    ?? Identifier(number: number, role: .user, text: Text("\u{0}lost identifier \(number)")))
        }
        all.links = links.values.sorted { $0.key < $1.key }
        return all
    }
}

extension PartFile {
    /// What the manifest keeps of the part.
    var record: PartRecord {
        PartRecord(
            id: id, size: size, digest: footerDigest, totals: index.totals,
            firstProfile: index.rowBlocks.first?.firstProfile ?? 0,
            lastProfile: index.rowBlocks.last?.lastProfile ?? 0)
    }
}
