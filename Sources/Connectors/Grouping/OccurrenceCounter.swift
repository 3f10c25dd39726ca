import EventModel
import EventStore
import Synchronization

/// Counts how often a row has been seen in a file, exactly, in bounded memory.
///
/// Digests live in a hash table; when it is full they move, sorted, to a temporary file that is mapped into memory,
/// with a filter (Bloom 1970) in front, so that a new row is hardly ever looked up on disk.
final class OccurrenceCounter: RowOccurrences {
    private struct Seen {
        var table: Set<RowDigest> = []
        var runs: [SortedRun] = []
        /// Rows seen more than once, with their counts.
        var repeated: [RowDigest: Int] = [:]
    }

    private let folder: String
    private let tableRowsMax: Int
    private let seen = Locked(Seen())

    init(folder: String, tableRowsMax: Int = 4_000_000) {
        self.folder = folder
        self.tableRowsMax = max(1, tableRowsMax)
    }

    /// Which occurrence of this row this is: 1 for the first. Throws `ImportError`s of the temporary file.
    ///
    /// - Parameter wasTaken: whether there was one that the counter was not told of.
    func count(_ digest: RowDigest, wasTaken: Bool = false) throws -> Int {
        try seen.withLock { seen in
            if let before = seen.repeated[digest] {
                seen.repeated[digest] = before + 1
                return before + 1
            }
            let isKnown = wasTaken || seen.runs.contains { $0.contains(digest) }
            if isKnown || !seen.table.insert(digest).inserted {
                seen.repeated[digest] = 2
                return 2
            }
            if seen.table.count >= tableRowsMax {
                seen.runs.append(try SortedRun(seen.table.sorted(), folder: folder))
                seen.table.removeAll(keepingCapacity: true)
            }
            return 1
        }
    }
}

/// Digests in ascending order, on disk.
private final class SortedRun {
    private let file: SpillFile
    private let digests: UnsafeRawBufferPointer
    private let count: Int
    private var filter: [UInt64]

    init(_ sorted: [RowDigest], folder: String) throws(ImportError) {
        file = try SpillFile(folder: folder)
        count = sorted.count
        // Ten bits and three probes a digest: about one false answer in sixty.
        filter = [UInt64](repeating: 0, count: max(1, sorted.count * 10 / 64))
        for digest in sorted {
            var record: [UInt8] = []
            withUnsafeBytes(of: digest.high) { record.append(contentsOf: $0) }
            withUnsafeBytes(of: digest.low) { record.append(contentsOf: $0) }
            try file.append(record)
            for bit in Self.bits(of: digest, in: filter.count) { filter[bit >> 6] |= 1 << UInt64(bit & 63) }
        }
        digests = try file.mapped()
    }

    func contains(_ digest: RowDigest) -> Bool {
        for bit in Self.bits(of: digest, in: filter.count) where filter[bit >> 6] & (1 << UInt64(bit & 63)) == 0 {
            return false
        }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self.digest(at: middle) < digest { low = middle + 1 } else { high = middle }
        }
        return low < count && self.digest(at: low) == digest
    }

    private func digest(at index: Int) -> RowDigest {
        RowDigest(
            high: digests.loadUnaligned(fromByteOffset: index * 16, as: UInt64.self),
            low: digests.loadUnaligned(fromByteOffset: index * 16 + 8, as: UInt64.self))
    }

    private static func bits(of digest: RowDigest, in words: Int) -> [Int] {
        let size = UInt64(words) &* 64
        return [digest.high % size, digest.low % size, (digest.high ^ (digest.low >> 7)) % size].map {
            Int(truncatingIfNeeded: $0)
        }
    }

    deinit { unmap(digests) }
}
