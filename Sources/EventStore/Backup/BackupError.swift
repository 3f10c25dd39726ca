/// Why a backup cannot be made or restored.
package enum BackupError: Error, Hashable, Sendable {
    /// Something has the name of the backup already.
    case exists(path: String)
    /// The backup would stand in the directory it is of.
    case inside(path: String)
    case noBackup(path: String)
    case damaged(path: String, what: String)
    case newerFormat(path: String, found: Int, supported: Int)
    /// The directory to restore to is not empty.
    case targetNotEmpty(path: String)
}

extension BackupError {
    /// Stable, for programs; listed in `docs/errors.md`.
    package var code: String {
        switch self {
        case .exists: "backup-exists"
        case .inside: "backup-inside"
        case .noBackup: "backup-missing"
        case .damaged: "backup-damaged"
        case .newerFormat: "backup-newer-format"
        case .targetNotEmpty: "data-exists"
        }
    }

    /// The exit code of `sysexits.h` that fits: 65 data, 66 no such file, 73 cannot create.
    package var exitCode: Int32 {
        switch self {
        case .exists, .inside, .targetNotEmpty: 73
        case .noBackup: 66
        case .damaged, .newerFormat: 65
        }
    }

    /// What happened and where, in a sentence, and what to do next, in another.
    package var message: String {
        switch self {
        case .exists(let path): "\(path) is there already. Name another folder for the backup."
        case .inside(let path):
            "\(path) is in the data directory. Name a folder outside it, best on another disk."
        case .noBackup(let path): "There is no whole backup in \(path). Name the folder that 'shoal backup' made."
        case .damaged(let path, let what):
            "The backup is damaged: \(path), \(what). Nothing was restored; use another backup."
        case .newerFormat(let path, let found, let supported):
            "\(path) has format \(found); this program knows formats up to \(supported). Use a newer program."
        case .targetNotEmpty(let path):
            "\(path) is not empty. Restore into a new directory; nothing that is there is ever overwritten."
        }
    }
}

extension BackupError: CustomStringConvertible {
    package var description: String { "\(message) [\(code)]" }
}
