import EventModel

/// Erasing: whoever goes keeps the number, without a text, and everything else is found anew from what is left.
extension IdentityState {
    /// The same without what an erasure takes away, as opening the store again would find it.
    ///
    /// - Complexity: O(identifiers and links of the store).
    func erasing(_ erasure: Erasure) -> IdentityState {
        let gone = erasure.tombstoneNumbers
        var fresh = IdentityState(limits: limits)
        for number in 0..<ProfileNumber(view.count) {
            fresh.add(
                Identifier(
                    number: number, role: view.role(of: number),
                    text: gone.contains(number) ? "" : view.text(of: number)))
        }
        let (links, idle) = (Set(erasure.links), Set(erasure.idleLinks))
        for (key, time) in evidence where !links.contains(key) {
            fresh.add(
                IdentityLink(
                    anonymous: key.anonymous, user: key.user, kind: key.kind,
                    time: idle.contains(key) ? .distantFuture : time))
        }
        for pair in view.unmerged where !gone.contains(pair.anonymous) && !gone.contains(pair.user) {
            fresh.add(IdentityDecision(pair: pair, isUnmerge: true, time: .distantPast))
        }
        fresh.view.goOn(from: view, erasing: erasure.identifiers)
        return fresh
    }
}
