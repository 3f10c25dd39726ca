import SegmentLanguage

/// `any item (F)`, and what a comparison with bare item paths means: some item of the event satisfies F.
final class AnyItemNode: ConditionNode, @unchecked Sendable {
    let filter: ConditionNode

    init(slot: Int, source: Condition, filter: ConditionNode) {
        self.filter = filter
        super.init(
            slot: slot, traits: NodeTraits(readsRow: true, readsGroup: true, clock: filter.traits.clock), source: source
        )
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        var holds = false
        var untilFails = never
        var untilHolds = Int64.min
        frame.evaluator.forEachItem(of: Int(place.row), in: frame.group) { item in
            if holds, !frame.wantsValidity { return }
            let truth = filter.evaluate(frame, place.with(item: item))
            if truth.holds {
                holds = true
                untilHolds = max(untilHolds, truth.until)
            } else {
                untilFails = min(untilFails, truth.until)
            }
        }
        // It holds as long as one item does; it fails as long as all do.
        return holds ? Truth(true, until: untilHolds) : Truth(false, until: untilFails)
    }
}

/// `every item (F)`: at least one item, and all satisfy F.
final class EveryItemNode: ConditionNode, @unchecked Sendable {
    let filter: ConditionNode

    init(slot: Int, source: Condition, filter: ConditionNode) {
        self.filter = filter
        super.init(
            slot: slot, traits: NodeTraits(readsRow: true, readsGroup: true, clock: filter.traits.clock), source: source
        )
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        var count = 0
        var failing = 0
        var until = never
        frame.evaluator.forEachItem(of: Int(place.row), in: frame.group) { item in
            let truth = filter.evaluate(frame, place.with(item: item))
            count += 1
            if !truth.holds { failing += 1 }
            until = min(until, truth.until)
        }
        return Truth(count > 0 && failing == 0, until: until)
    }
}
