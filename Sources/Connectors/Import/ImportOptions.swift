package import EventModel

/// What a person may say about an import.
package struct ImportOptions: Sendable {
    /// `--as`; nil: the header decides.
    package var kind: ImportKind?
    /// `--map FIELD=COLUMN` and its like.
    package var mappings: [String] = []
    /// `--zone`: of times without an offset; nil: the workspace's.
    package var zone: Zone?
    /// `--currency`: of amounts without one.
    package var currency: Text?
    /// Where rejected rows go; nil: beside the file, as `FILE.rejects.jsonl`.
    package var rejectsPath: String?
    /// For temporary files; they have no name and vanish with the process.
    package var temporaryFolder = "/tmp"
    /// How much memory rows that wait for the rest of their order may take.
    package var groupingBytes = 256 * 1024 * 1024
    /// How much of a file is looked at to find out what it is.
    package var sampleBytes = 1024 * 1024
    /// Called now and then, at most a few times a second's worth of rows.
    package var progress: @Sendable (ImportProgress) -> Void = { _ in }
    /// Asked between batches; true ends the import after what was handed over.
    package var isCancelled: @Sendable () -> Bool = { false }

    package init() {}
}

/// How far an import is.
package struct ImportProgress: Hashable, Sendable {
    package enum Stage: Hashable, Sendable {
        /// Reading the file, and storing what stands by itself.
        case reading
        /// The file is read; its orders are put together and stored.
        case storing
    }

    package var stage: Stage
    /// Bytes on disk read so far, of how many.
    package var bytesDone: Int64
    package var bytesTotal: Int64
    package var rows: Int
    package var messages: Int
    /// In `storing`: how many rows are stored.
    package var rowsStored: Int
    /// Rows that became no message, and stand in the rejects file.
    package var rejected: Int

    package init(
        stage: Stage, bytesDone: Int64, bytesTotal: Int64, rows: Int, messages: Int, rowsStored: Int, rejected: Int
    ) {
        self.stage = stage
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.rows = rows
        self.messages = messages
        self.rowsStored = rowsStored
        self.rejected = rejected
    }
}

/// What an import did.
package struct ImportSummary: Sendable {
    package enum Outcome: Sendable {
        case complete
        case interrupted
        /// The file broke off; what came before was taken.
        case failed(ImportError)
    }

    package var outcome = Outcome.complete
    package var format = ""
    package var path = ""
    /// Rows read, the header not counted.
    package var rows = 0
    /// Rows that became no message, by reason code; they are in the rejects file.
    package var rejected: [Text: Int] = [:]
    /// Rows that are fine but say nothing that is stored, by reason in words.
    package var passedOver: [Text: Int] = [:]
    /// Messages stored, and those that were there already.
    package var taken = 0
    package var duplicates = 0
    /// Messages stored, by event name; traits as `$identify`, links as `$alias`.
    package var takenByEvent: [Text: Int] = [:]
    /// Products stored, changed ones included, and those that were there already.
    package var products = 0
    package var productsUnchanged = 0
    /// Different profile ids among all messages, stored or there already.
    package var profiles = 0
    /// Times and revenue of the orders among all messages, stored or there already.
    package var orders = 0
    package var revenue: Decimal128?
    /// Messages of which something was changed or left out on the way in, by code.
    package var warnings: [Text: Int] = [:]
    package var rejectsPath: String?
    package var bytes: Int64 = 0
    package var milliseconds: Int64 = 0

    package var rejectedRows: Int { rejected.values.reduce(0, +) }
    package init() {}
}
