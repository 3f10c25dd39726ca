import EventModel
import EventStore

/// Histories of profiles over one view of the store, read for many at once: the names, dictionaries and columns of a block
/// are then looked up once, and evaluation does the same.
final class StepHistories {
    /// A profile's history: its place in a block.
    struct History {
        let block: HistoryBlock
        let profile: Int
    }

    /// How many profiles are read at once, at most.
    static let together = 256
    /// From so many profiles on, those that were read before are given up.
    private static let mostKnown = 4 * together

    private let snapshot: Snapshot
    private let projection: Projection
    /// Nil for those without rows.
    private var known: [ProfileNumber: History?] = [:]

    init(_ snapshot: Snapshot, _ projection: Projection) {
        self.snapshot = snapshot
        self.projection = projection
    }

    func know(_ profile: ProfileNumber) -> Bool { known[profile] != nil }

    /// Reads the histories of profiles that are asked for next.
    ///
    /// - Parameter profiles: ascending.
    func read(_ profiles: some Collection<ProfileNumber>) throws {
        if known.count >= Self.mostKnown { known = [:] }
        let missing = profiles.filter { known[$0] == nil }
        guard !missing.isEmpty else { return }
        let block = try snapshot.histories(of: missing, projection: projection)
        for profile in missing { known[profile] = .some(nil) }
        guard let block else { return }
        for (place, profile) in block.profileNumbers.enumerated() {
            known[profile] = History(block: block, profile: place)
        }
    }

    /// A profile's history; nil when it has no rows, or leads to another profile.
    func history(of profile: ProfileNumber) throws -> History? {
        if !know(profile) { try read(CollectionOfOne(profile)) }
        return known[profile] ?? nil
    }
}

extension Array {
    /// Its elements in their order, so many at a time.
    func chunks(of size: Int) -> some Sequence<ArraySlice<Element>> {
        stride(from: 0, to: count, by: size).lazy.map { self[$0..<Swift.min($0 + size, self.count)] }
    }
}
