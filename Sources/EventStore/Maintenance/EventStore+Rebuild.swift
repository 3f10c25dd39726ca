package import EventModel
import Synchronization

/// What a rebuild did.
package struct RebuildReport: Hashable, Sendable {
    /// Messages of a part that could not be read any more.
    package struct Loss: Hashable, Sendable {
        package let part: String
        /// The arrival numbers between which they stood, as far as that is known.
        package let arrivals: ClosedRange<UInt64>
        package let messages: Int
    }

    /// Whether the manifest was made anew from the parts; messages that were only in its journal are then gone.
    package var restoredManifest = false
    package var partsBefore = 0
    package var partsAfter = 0
    package var messages = 0
    package var losses: [Loss] = []
}

extension EventStore {
    /// Makes everything that can be derived anew from the originals: columns, directories, keys, the manifest.
    ///
    /// Parts that are damaged are read as far as their originals are whole; their files are kept beside the new ones
    /// under the name `<part>.part.damaged`. A manifest that is damaged or missing is made from the parts. Nothing
    /// that is whole is touched before its replacement is on the disk and named.
    package static func rebuild(
        directory: String, disk: any Disk = PosixDisk(), clock: any Clock = SystemClock(),
        random: any RandomSource = SystemRandom(), options: Options = Options(),
        progress: (Int) -> Void = { _ in }
    ) throws(EventStoreError) -> RebuildReport {
        var report = RebuildReport()
        var options = options
        options.maintenance = .none
        func open() throws(EventStoreError) -> EventStore {
            try EventStore.open(
                directory: directory, mode: .existing, disk: disk, clock: clock, random: random, options: options)
        }
        let store: EventStore
        do throws(EventStoreError) { store = try open() } catch {
            guard error.isDamageOfTheManifest else { throw error }
            try ManifestRestorer(directory: directory, disk: disk, clock: clock, random: random).restore()
            report.restoredManifest = true
            store = try open()
        }
        do throws(EventStoreError) {
            try store.deriveAnew(&report, progress)
        } catch {
            try? store.close()
            throw error
        }
        try store.close()
        return report
    }

    /// Writes all parts anew from their originals and puts them in place of the old ones in one step.
    private func deriveAnew(_ report: inout RebuildReport, _ progress: (Int) -> Void) throws(EventStoreError) {
        let (parts, unreadable) = published.withLock { ($0.parts, $0.unreadable) }
        report.partsBefore = parts.count + unreadable.count
        guard report.partsBefore > 0 else { return }
        let names = writing.withLock { $0.sourceNames }
        var salvaged: [(record: MessageRecord, source: Text)] = []
        var damaged: [StoreID] = []
        for part in parts { try collect(part, names, &salvaged, &damaged, &report) }
        for part in unreadable { try collect(part.record, names, &salvaged, &damaged, &report) }
        salvaged.sort { $0.record.arrival < $1.record.arrival }

        var records: [PartRecord] = []
        var start = 0
        while start < salvaged.count {
            let end = min(start + min(options.bulkMessages, options.rebuildMessages), salvaged.count)
            records.append(
                try stopping { () throws(EventStoreError) in
                    try derive(salvaged[start..<end])
                })
            start = end
            report.messages += records[records.count - 1].totals.messages
            progress(report.messages)
        }
        let inJournal = published.withLock { $0.recentViews.reduce(0) { $0 + $1.count } }
        try asWriter { _ throws(EventStoreError) in
            var changes = StoreChanges()
            changes.replacedParts = parts.map(\.id) + unreadable.map(\.record.id)
            changes.storedCount = report.messages + inJournal
            try publish(records, changes, "name the parts made anew")
        }
        report.partsAfter = records.count
        try putAside(damaged)
        let whole = Set(parts.map(\.id)).subtracting(damaged)
        try remove(whole.map { "\($0)\(PartFormat.fileSuffix)" })
        try compactIfNeeded(minimumParts: 2)
        report.partsAfter = published.withLock { $0.parts.count }
    }

    /// The records of a part that opens; frames that are damaged are lost.
    private func collect(
        _ part: PartFile, _ names: [UInt32: Text], _ salvaged: inout [(record: MessageRecord, source: Text)],
        _ damaged: inout [StoreID], _ report: inout RebuildReport
    ) throws(EventStoreError) {
        if part.digest() != part.footerDigest { damaged.append(part.id) }
        for (number, frame) in part.index.frames.enumerated() {
            do throws(EventStoreError) {
                for record in try part.records(number) {
                    salvaged.append((record, part.index.sources[record.source] ?? names[record.source] ?? ""))
                }
            } catch {
                guard error.isDamageOfAPart else { throw error }
                let arrivals = min(frame.firstArrival, frame.lastArrival)...max(frame.firstArrival, frame.lastArrival)
                report.losses.append(
                    RebuildReport.Loss(part: part.id.description, arrivals: arrivals, messages: frame.messages))
            }
        }
    }

    /// The records of a part that does not open.
    private func collect(
        _ record: PartRecord, _ names: [UInt32: Text], _ salvaged: inout [(record: MessageRecord, source: Text)],
        _ damaged: inout [StoreID], _ report: inout RebuildReport
    ) throws(EventStoreError) {
        damaged.append(record.id)
        var found: [MessageRecord] = []
        let path = PartWriter.path(of: record.id, in: partsDirectory)
        if try onDisk({ () throws(DiskError) in try disk.size(path) }) != nil {
            let map = try onDisk { () throws(DiskError) in try disk.map(path) }
            found = PartSalvage(id: record.id, workspace: workspace).records(map.bytes)
        }
        salvaged.append(contentsOf: found.map { ($0, names[$0.source] ?? "") })
        let missing = record.totals.messages - found.count
        if missing > 0 {
            let (first, last) = (record.totals.firstArrival, record.totals.lastArrival)
            report.losses.append(
                RebuildReport.Loss(
                    part: record.id.description, arrivals: min(first, last)...max(first, last), messages: missing))
        }
    }

    private func derive(
        _ salvaged: ArraySlice<(record: MessageRecord, source: Text)>
    ) throws(EventStoreError) -> PartRecord {
        let decoder = MessageDecoder(settings: settings, options: .stored)
        var staging = IdentityStaging(identities, joinsHandles: settings.joinsHandles)
        var messages: [StoredMessage] = []
        var names: [UInt32: Text] = [:]
        for entry in salvaged {
            let message = try entry.record.decode(decoder, source: entry.source)
            let identifier = try staging.add(message.message)
            names[message.source] = entry.source
            messages.append(message.under(identifier))
        }
        guard staging.changes().identifiers.isEmpty else {
            throw .rowDamaged(table: "identifier", key: "of a message that is stored")
        }
        return try buildPart(messages, sources: names)
    }

    /// Damaged files are evidence: they get another name and stay.
    private func putAside(_ parts: [StoreID]) throws(EventStoreError) {
        try onDisk { () throws(DiskError) in
            for id in parts {
                let path = PartWriter.path(of: id, in: partsDirectory)
                guard try disk.size(path) != nil else { continue }
                try disk.rename(path, to: path + ".damaged")
            }
            if !parts.isEmpty { try disk.syncDirectory(partsDirectory) }
        }
    }
}

extension EventStoreError {
    /// Whether the manifest is damaged or lost, so that it must be made anew.
    fileprivate var isDamageOfTheManifest: Bool {
        switch self {
        case .rowDamaged, .notAStore: true
        case .database(_, let code, _): [11, 26].contains(code & 0xFF)  // SQLITE_CORRUPT, SQLITE_NOTADB
        default: false
        }
    }
}
