import EventModel
import Synchronization

extension PartFile {
    /// A staged message whose key begins as that of a stored one.
    private struct Match {
        var message: UInt32
        /// The frame of originals in which the stored one stands.
        var frame: UInt32
    }

    /// The staged messages whose keys the part has, in no particular order.
    ///
    /// Both are sorted by the prefixes of their keys, so that one walk over them finds what may be equal; looking up
    /// each key by itself takes a hundred times as long. Only the few that look up less than a walk costs are.
    ///
    /// - Parameter first: messages before this one are not asked about.
    func messages(in order: KeyOrder, of keys: StagedKeys, from first: Int) throws(EventStoreError) -> [Int] {
        order.count * Self.keysWalkedPerLookup < index.totals.messages
            ? try messagesByLookup(in: order, of: keys, from: first)
            : try messagesByWalk(in: order, of: keys, from: first)
    }

    /// The same, each key looked up by itself.
    func messagesByLookup(in order: KeyOrder, of keys: StagedKeys, from first: Int) throws(EventStoreError) -> [Int] {
        var found: [Int] = []
        for place in 0..<order.count where order.message(place) >= first {
            if try contains(keys[order.message(place)]) { found.append(order.message(place)) }
        }
        return found
    }

    /// The same in one walk over all keys.
    func messagesByWalk(in order: KeyOrder, of keys: StagedKeys, from first: Int) throws(EventStoreError) -> [Int] {
        var matches = try matches(of: order, keys, from: first)
        // Each frame is read once.
        matches.sort { $0.frame < $1.frame }
        var found: [Int] = []
        for match in matches {
            let message = Int(match.message)
            if try self.keys(ofFrame: Int(match.frame)).contains(keys[message]) { found.append(message) }
        }
        return found
    }

    /// So many keys are walked over in the time that one is looked up in.
    private static let keysWalkedPerLookup = 500

    /// The staged messages whose keys cannot be told from stored ones without reading these.
    func candidates(of order: KeyOrder, _ keys: StagedKeys, from first: Int) throws(EventStoreError) -> [Int] {
        try matches(of: order, keys, from: first).map { Int($0.message) }
    }

    private func matches(
        of order: KeyOrder, _ keys: StagedKeys, from first: Int
    ) throws(EventStoreError) -> [Match] {
        var matches: [Match] = []
        let tails = keyTails.withLock { $0 }
        var place = 0
        // The place of the block's first key among all.
        var start = 0
        for number in index.keyBlocks.indices where place < order.count {
            defer { start += index.keyBlocks[number].keys }
            // Nothing of a block counts whose prefixes are all below the next one asked for.
            let next = number + 1 < index.keyBlocks.count ? index.keyBlocks[number + 1].firstPrefix : UInt64.max
            if next < order.prefix(place) { continue }
            let entries = try keyEntries(number)
            for (own, entry) in entries.enumerated() {
                let prefix = entry.prefix
                while place < order.count, order.prefix(place) < prefix { place += 1 }
                guard place < order.count else { break }
                // Several stored and several staged keys may share a prefix.
                var equal = place
                while equal < order.count, order.prefix(equal) == prefix {
                    let message = order.message(equal)
                    let mayBe = tails?.mayBe(keys[message], at: start + own) ?? true
                    if message >= first, mayBe, index.frames.indices.contains(entry.frame) {
                        matches.append(Match(message: UInt32(message), frame: UInt32(entry.frame)))
                    }
                    equal += 1
                }
            }
        }
        return matches
    }
}
