import Columns
import EventModel
import EventStore
import Foundation
import SegmentEngine

/// The store that is measured, open, at an instant.
struct OpenedStore {
    let directory: String
    let snapshot: Snapshot
    let now: Timestamp
    let threads: Int
    let repetitions: Int
    let opening: Figures.Opening
    private let store: EventStore

    var zone: Zone { snapshot.settings.zone }

    init(directory: String, asOf: String, threads: Int, repetitions: Int) throws {
        let before = Usage.now
        store = try EventStore.open(directory: directory)
        snapshot = try store.snapshot()
        let after = Usage.now
        opening = Figures.Opening(
            cpuMs: Double(after.cpu - before.cpu) / 1e6, wallMs: Double(after.wall - before.wall) / 1e6)
        guard let now = Timestamp(iso8601: Text(asOf), zone: snapshot.settings.zone) else {
            throw BenchmarkError("--as-of \"\(asOf)\" is no date or time")
        }
        self.now = now
        self.directory = directory
        self.threads = threads
        self.repetitions = repetitions
    }

    func close() { try? store.close() }

    /// The count of members and, where all ids are whole numbers of 32 bits, the digest of the sorted ids.
    static func membership(_ segment: Text, in result: BatchResult) -> Figures.Membership? {
        guard let members = result.members[segment] else { return nil }
        let numbers = (result.ids(of: segment) ?? []).map { UInt32($0.string) }
        let known = numbers.compactMap(\.self).sorted()
        guard known.count == numbers.count else { return Figures.Membership(count: members.count) }
        let bytes = known.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
        return Figures.Membership(count: members.count, digest: shortDigest(Data(bytes)))
    }
}
