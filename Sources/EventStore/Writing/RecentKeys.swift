/// The keys of all messages in the journal: of those that are being sealed, and of those that came after.
struct RecentKeys: Sendable {
    private var recent = KeySet()
    private var sealing = KeySet()

    var isEmpty: Bool { recent.count == 0 && sealing.count == 0 }

    func contains(_ key: DedupKey) -> Bool { recent.contains(key) || sealing.contains(key) }

    mutating func insert(_ key: DedupKey) { _ = recent.insert(key) }

    /// All that there are belong to messages that are being sealed from here on.
    ///
    /// - Precondition: those set aside before have been dropped.
    mutating func setAside() {
        precondition(sealing.count == 0, "keys of two seals at once")
        swap(&recent, &sealing)
    }

    /// Forgets those that were set aside: a part has them.
    mutating func dropSealed() { sealing = KeySet() }
}
