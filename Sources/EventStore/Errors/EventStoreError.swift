package import Columns

/// Everything that can go wrong in the event store. Cases carry facts; the words are in `EventStoreError+Words.swift`.
package enum EventStoreError: Error, Hashable, Sendable {
    /// The directory holds no store, and none was to be made.
    case noStore(directory: String)
    /// Something other than a store is in the way of making one.
    case notAStore(path: String)
    /// Another process owns the directory.
    case locked(directory: String, process: Int32?)
    /// Written by a newer program; nothing was touched.
    case newerFormat(path: String, found: Int, supported: Int)
    /// An older program wrote it, in a format that is not read any more.
    case olderFormat(path: String, found: Int, supported: Int)
    /// The disk is full or the quota used up; what was acknowledged is safe.
    case diskFull(DiskError)
    /// The disk failed or refused. After one of these in writing, the store takes no more writes.
    case disk(DiskError)
    /// SQLite failed while doing `operation`; `code` is its extended result code.
    case database(operation: String, code: Int, detail: String)
    /// The database answered, but a setting that durability rests on does not hold.
    case unsafeDatabase(setting: String, expected: String, found: String)
    /// A row of the database does not match its checksum.
    case rowDamaged(table: String, key: String)
    /// A block of a part does not match its checksum, or what it says about itself is wrong.
    case partDamaged(part: String, block: Int?, offset: Int, damage: PartDamage)
    /// The manifest names a part whose file is not there.
    case partMissing(part: String, path: String)
    /// A stored message can no longer be decoded.
    case messageUnreadable(arrival: UInt64, code: String)
    /// The store stopped after an earlier failure of the disk and must be opened again.
    case stopped(cause: String)
    /// The store was closed.
    case closed
    /// All numbers for profiles are used up.
    case tooManyProfiles
    /// A message is larger than the store can keep.
    case messageTooLarge(bytes: Int, limit: Int)
    /// The log of erasures or its key cannot be read.
    case erasuresDamaged(path: String)
    /// A log of erasures is of another store.
    case erasuresForeign
}

/// What is wrong with a block or a part.
package enum PartDamage: Hashable, Sendable {
    /// The file is not as long as the manifest or its footer says.
    case length(expected: Int, found: Int)
    case badMagic
    case checksum(expected: UInt32, found: UInt32)
    /// The digest of the whole file differs from that in the footer or in the manifest.
    case digest
    /// The block belongs to another place, part or workspace.
    case misplaced(what: String)
    /// The checksum holds, but the contents contradict themselves.
    case contents(ColumnError)
    case inconsistent(what: String)
}
