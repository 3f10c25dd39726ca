/// The words for each error: what happened, where, what to do next.
extension EventStoreError {
    /// Stable, for programs; listed in `docs/errors.md`.
    package var code: String {
        switch self {
        case .noStore: "store-missing"
        case .notAStore: "not-a-store"
        case .locked: "store-locked"
        case .newerFormat: "store-newer-format"
        case .olderFormat: "store-older-format"
        case .diskFull: "disk-full"
        case .disk(let error): error.reason == .denied ? "disk-denied" : "disk-io"
        case .database: "database-failed"
        case .unsafeDatabase: "database-unsafe"
        case .rowDamaged: "manifest-damaged"
        case .partDamaged: "part-damaged"
        case .partMissing: "part-missing"
        case .messageUnreadable: "message-unreadable"
        case .stopped: "store-stopped"
        case .closed: "store-closed"
        case .tooManyProfiles: "too-many-profiles"
        case .messageTooLarge: "message-too-large"
        case .erasuresDamaged: "erasures-damaged"
        case .erasuresForeign: "erasures-foreign"
        }
    }

    /// The exit code of `sysexits.h` that fits: 65 data, 66 no such file, 73 cannot create, 74 input/output.
    package var exitCode: Int32 {
        switch self {
        case .noStore: 66
        case .notAStore, .locked: 73
        case .newerFormat, .olderFormat, .rowDamaged, .partDamaged, .partMissing, .messageUnreadable: 65
        case .tooManyProfiles, .messageTooLarge, .erasuresDamaged, .erasuresForeign: 65
        case .diskFull, .disk, .database, .unsafeDatabase, .stopped, .closed: 74
        }
    }

    /// What happened and where, in a sentence, and what to do next, in another.
    package var message: String { "\(happened) \(advice)" }

    /// What happened, to be named as the reason of something else.
    package var cause: String { String(happened.dropLast()) }

    private var happened: String {
        switch self {
        case .noStore(let directory):
            "There is no store in \(directory)."
        case .notAStore(let path):
            "\(path) is there but is no store of ours."
        case .locked(let directory, let process?):
            "The store in \(directory) is in use by process \(process)."
        case .locked(let directory, nil):
            "The store in \(directory) is in use by another process."
        case .newerFormat(let path, let found, let supported):
            "\(path) has format \(found); this program knows formats up to \(supported). Nothing was changed."
        case .olderFormat(let path, let found, let supported):
            "\(path) has format \(found); this program reads format \(supported) alone. Nothing was changed."
        case .diskFull(let error):
            "No space left: could not \(error.operation.rawValue) \(error.path): \(error.detail)."
        case .disk(let error):
            "Could not \(error.operation.rawValue) \(error.path): \(error.detail)."
        case .database(let operation, let code, let detail):
            "SQLite failed (\(code)) while trying to \(operation): \(detail)."
        case .unsafeDatabase(let setting, let expected, let found):
            "SQLite has \(setting) = \(found) where \(expected) is needed to keep data safe."
        case .rowDamaged(let table, let key):
            "Row \(key) of table \(table) in shoal.db does not match its checksum."
        case .partDamaged(let part, let block, let offset, let damage):
            "Part \(part) is damaged at byte \(offset)\(block.map { ", block \($0)" } ?? ""): \(damage.words)."
        case .partMissing(let part, let path):
            "Part \(part) is named in the manifest, but \(path) is not there."
        case .messageUnreadable(let arrival, let code):
            "The stored message \(arrival) cannot be read any more (\(code))."
        case .stopped(let cause):
            "The store stopped writing after a failure: \(cause)."
        case .closed:
            "The store was closed."
        case .tooManyProfiles:
            "The store has given out all \(UInt32.max) profile numbers."
        case .messageTooLarge(let bytes, let limit):
            "A message of \(bytes) bytes is larger than the \(limit) bytes a store keeps."
        case .erasuresDamaged(let path):
            "\(path) is not what a log of erasures, or its key, looks like."
        case .erasuresForeign:
            "The log of erasures is under another key than this store's: it is of another store."
        }
    }

    private var advice: String {
        switch self {
        case .noStore: "Import a file to make one, or name another directory with --data."
        case .notAStore: "Name another directory with --data."
        case .locked: "Wait until it is done, or stop it, and try again."
        case .newerFormat: "Use the program that wrote it, or a newer one."
        case .olderFormat: "Import the same files into a new directory, or use the program that wrote it."
        case .diskFull: "Nothing acknowledged is lost; make room and try again."
        case .disk, .database, .stopped: "Nothing acknowledged is lost; check the disk and start again."
        case .unsafeDatabase: "Use a SQLite library built with its defaults."
        case .rowDamaged: "Run 'shoal verify' to see all damage and 'shoal rebuild' to restore the manifest."
        case .partDamaged, .partMissing:
            "Run 'shoal verify' to see all damage; restore the file from a backup, the rest stays readable."
        case .messageUnreadable: "Run 'shoal verify' to see all damage."
        case .closed: "Open it again."
        case .tooManyProfiles: "Split the data over several stores."
        case .messageTooLarge: "Shorten the message."
        case .erasuresDamaged: "Restore both files from a backup."
        case .erasuresForeign: "Give the log of the store the backup is of."
        }
    }
}

extension EventStoreError: CustomStringConvertible {
    package var description: String { "\(message) [\(code)]" }
}

extension PartDamage {
    /// The damage in a few words.
    package var words: String {
        switch self {
        case .length(let expected, let found): "it should be \(expected) bytes long and is \(found)"
        case .badMagic: "it does not begin as a block does"
        case .checksum(let expected, let found): "checksum \(hex(found)) where \(hex(expected)) was written"
        case .digest: "its digest differs from the one in the manifest"
        case .misplaced(let what): "it belongs elsewhere (\(what))"
        case .contents(let error): "its contents contradict themselves (\(error))"
        case .inconsistent(let what): "its contents contradict themselves (\(what))"
        }
    }

    private func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension EventStoreError {
    /// The error for what the disk refused, told apart by what the person can do.
    init(_ error: DiskError, directory: String? = nil) {
        switch error.reason {
        case .full: self = .diskFull(error)
        case .lockHeld(let process): self = .locked(directory: directory ?? error.path, process: process)
        default: self = .disk(error)
        }
    }

    /// Whether one part is damaged or gone, and the rest may be as it should.
    var isDamageOfAPart: Bool {
        switch self {
        case .partDamaged, .partMissing: true
        default: false
        }
    }

    /// Whether what is on the disk can no longer be known without opening it again.
    package var stopsTheStore: Bool {
        switch self {
        case .disk(let error): error.operation == .sync || error.operation == .syncDirectory
        case .database(_, let code, _): code & 0xFF == 10 || code & 0xFF == 11  // SQLITE_IOERR, SQLITE_CORRUPT
        default: false
        }
    }
}
