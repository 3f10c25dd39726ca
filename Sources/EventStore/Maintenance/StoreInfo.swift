package import EventModel
import Synchronization

/// What a store holds and how it is kept, for `shoal info`.
package struct StoreInfo: Hashable, Sendable {
    /// An event name with how often it occurs.
    package struct Event: Hashable, Sendable {
        package let name: Text
        package let rows: Int
    }

    package let directory: String
    package let workspace: String
    package let format: Int
    package let zone: String
    package let baseCurrency: Text?
    package let products: Int
    /// How often the store was restored from a backup.
    package let epoch: Int
    package let sqliteVersion: String
    /// Whether this SQLite has the WAL-reset bug; the store's single connection keeps it from being met.
    package let sqliteHasResetBug: Bool
    package let parts: Int
    /// Bytes of the parts, of them bytes of compressed originals, and of the database with its log.
    package let partBytes: Int
    package let originalBytesStored: Int
    package let databaseBytes: Int
    /// Bytes of the originals as they came in.
    package let originalBytes: Int
    package let messages: Int
    /// Messages that are in the journal and in no part yet.
    package let messagesInJournal: Int
    /// Track, page and screen messages.
    package let events: Int
    package let identifies: Int
    /// Profiles that have rows; 0 when a part is unreadable.
    package let profiles: Int
    package let identifiers: Int
    package let firstTime: Timestamp?
    package let lastTime: Timestamp?
    /// When the newest message was received: the store knows nothing of what came later.
    package let watermark: Timestamp?
    package let counters: Counters
    /// Descending by rows, then by name.
    package let eventNames: [Event]
    package let sources: [Text]
    /// Why the last seal or merge in the background did not come about.
    package let maintenanceFailure: EventStoreError?
    /// Parts that cannot be opened, each with what is wrong.
    package let unreadableParts: [EventStoreError]

    /// Bytes on disk per message beside the compressed originals; nil when nothing is in parts.
    package var bytesPerEventBesideOriginals: Double? {
        let stored = messages - messagesInJournal
        return stored > 0 ? Double(partBytes - originalBytesStored) / Double(stored) : nil
    }

    /// Bytes on disk per message, originals included.
    package var bytesPerEvent: Double? {
        let stored = messages - messagesInJournal
        return stored > 0 ? Double(partBytes) / Double(stored) : nil
    }
}

extension EventStore {
    /// Looks at everything the store knows about itself; reads the run directories of all parts.
    package func info() throws(EventStoreError) -> StoreInfo {
        let snapshot = try snapshot()
        let parts = snapshot.assembler.parts
        let recent = snapshot.assembler.recent.flatMap { $0.all }
        var totals = parts.reduce(PartTotals()) { $0.adding($1.index.totals) }
        var rowsOfEvent: [Text: Int] = [:]
        var identifies = 0
        for part in parts {
            identifies += part.index.events.first?.rows ?? 0
            for (code, event) in part.index.events.enumerated().dropFirst() where event.rows > 0 {
                rowsOfEvent[part.index.names[code], default: 0] += event.rows
            }
        }
        for stored in recent {
            totals.messages += 1
            totals.originalBytes += stored.message.original.count
            totals.lastReceived = max(totals.lastReceived, stored.message.receivedAt.milliseconds)
            guard stored.hasRow else { continue }
            totals.rows += 1
            totals.firstTime = min(totals.firstTime, stored.message.time.milliseconds)
            totals.lastTime = max(totals.lastTime, stored.message.time.milliseconds)
            if stored.message.kind == .identify {
                identifies += 1
            } else {
                rowsOfEvent[stored.message.event, default: 0] += 1
            }
        }
        let version = try database.version
        let settings = snapshot.settings
        return StoreInfo(
            directory: directory, workspace: workspace.description, format: Int(StoreDatabase.format),
            zone: settings.zone.identifier, baseCurrency: settings.baseCurrency, products: settings.catalogue.count,
            epoch: try epoch(), sqliteVersion: version, sqliteHasResetBug: SQLiteVersion(version)?.hasResetBug ?? true,
            parts: parts.count, partBytes: parts.reduce(0) { $0 + $1.size },
            originalBytesStored: parts.reduce(0) { $0 + $1.index.frames.reduce(0) { $0 + $1.place.length } },
            databaseBytes: try databaseBytes(), originalBytes: totals.originalBytes, messages: totals.messages,
            messagesInJournal: recent.count, events: totals.rows - identifies, identifies: identifies,
            profiles: snapshot.assembler.unreadable.isEmpty ? try snapshot.countProfiles() : 0,
            identifiers: snapshot.profileCount,
            firstTime: totals.rows > 0 ? Timestamp(milliseconds: totals.firstTime) : nil,
            lastTime: totals.rows > 0 ? Timestamp(milliseconds: totals.lastTime) : nil,
            watermark: totals.messages > 0 ? Timestamp(milliseconds: totals.lastReceived) : nil,
            counters: try counters(),
            eventNames: rowsOfEvent.map { StoreInfo.Event(name: $0.key, rows: $0.value) }
                .sorted { ($1.rows, $0.name) < ($0.rows, $1.name) },
            sources: Set(snapshot.sourceNames.values).sorted(),
            maintenanceFailure: maintenanceFailure.withLock { $0 },
            unreadableParts: snapshot.assembler.unreadable.map(\.error))
    }

    private func databaseBytes() throws(EventStoreError) -> Int {
        try onDisk { () throws(DiskError) in
            let path = "\(directory)/\(Layout.database)"
            return try (disk.size(path) ?? 0) + (disk.size(path + "-wal") ?? 0)
        }
    }
}

extension Snapshot {
    /// How many profiles have rows.
    package func countProfiles() throws(EventStoreError) -> Int {
        var count = 0
        for index in 0..<blockCount { count += try readBlock(index, projection: .nothing).profileCount }
        return count
    }
}

/// A version of SQLite, as far as it matters here.
struct SQLiteVersion: Comparable {
    let major: Int
    let minor: Int
    let patch: Int

    init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    init?(_ text: String) {
        let numbers = text.split(separator: ".").map { Int($0) }
        guard numbers.count >= 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else {
            return nil
        }
        self.init(major, minor, patch)
    }

    /// 3.7.0 to 3.51.2 without the versions it was fixed in beside: 3.44.6 and 3.50.7 (sqlite.org/wal.html).
    var hasResetBug: Bool {
        if self < SQLiteVersion(3, 7, 0) || self >= SQLiteVersion(3, 51, 3) { return false }
        if minor == 44 { return patch < 6 }
        if minor == 50 { return patch < 7 }
        return true
    }

    static func < (left: SQLiteVersion, right: SQLiteVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}
