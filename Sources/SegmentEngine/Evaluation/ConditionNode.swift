import EventStore
import SegmentLanguage

/// A condition of the plan: one class per kind, shared by all definitions that say the same.
///
/// Nodes are made once by the plan and never change; what they find out about a profile stands in `Frame`s.
// Sendable because every property of every subclass is a `let` of a Sendable type.
class ConditionNode: @unchecked Sendable {
    /// Where frames keep the answer.
    let slot: Int
    let traits: NodeTraits
    /// The condition as written, for explanations.
    let source: Condition

    init(slot: Int, traits: NodeTraits, source: Condition) {
        self.slot = slot
        self.traits = traits
        self.source = source
    }

    /// Finds the answer; a node that does not override it never holds.
    ///
    /// `until` may stay `never` when the frame wants no validity.
    func compute(_ frame: Frame, _ place: Occurrence) -> Truth { Truth(false) }

    /// Those of the candidates for whom it holds, at a sweep's instant; both ascend. See `BlockSweep`.
    ///
    /// A node that does not override it is asked profile by profile.
    func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        candidates.filter { evaluate(sweep.frame(of: $0), .none).holds }
    }

    /// Whether sifting again costs less than remembering what came of it.
    var isMadeOfOthers: Bool { false }

    /// About how much sifting costs beside other nodes; of several the cheaper ones are asked first.
    var siftingCost: Int { 50 }

    /// Leaves out candidates for whom it cannot hold in any group of their events; keeps whoever it does not know.
    func siftForGroups(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] { candidates }

    /// Until when it is sure that it holds in no group of the events that a frame sees; nil when it may in some.
    func failsInGroups(_ frame: Frame) -> Int64? { nil }

    /// What an event must satisfy to change anything for it; nil where every event may.
    var rowFilter: ConditionNode? { nil }

    /// Whether it says the same of an event whatever else there is.
    var isOfRowAlone: Bool { false }

    /// `sift`, remembered.
    final func members(among candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        if candidates.isEmpty { return [] }
        if let around = sweep.around, !traits.readsGroup {
            var holds = [Bool](repeating: false, count: around.sweep.block.profileCount)
            for owner in members(among: around.owners(of: candidates), around.sweep) { holds[Int(owner)] = true }
            return candidates.filtered { holds[Int(around.owners[Int($0)])] }
        }
        if isMadeOfOthers { return sift(candidates, sweep) }
        return sweep.remembering(slot: slot, candidates) { sift($0, sweep) }
    }

    /// What there is to tell about the condition for one profile.
    func explain(_ frame: Frame) -> Explanation {
        Explanation(self, evaluate(frame, .none))
    }

    /// Whether the condition certainly fails for a group without any event of the patterns it returns; nil when it
    /// may hold without events.
    var patternsNeeded: [Pattern]? { nil }

    /// The answer where the frame remembers it already.
    @inline(__always)
    final func known(_ frame: Frame) -> Truth? {
        if traits.readsRow { return nil }
        let home = traits.readsGroup ? frame : frame.root
        return home.truthStamps[slot] == home.epoch ? home.truths[slot] : nil
    }

    /// The answer, remembered per frame unless it speaks of a single row.
    final func evaluate(_ frame: Frame, _ place: Occurrence) -> Truth {
        if traits.readsRow { return compute(frame, place) }
        let home = traits.readsGroup ? frame : frame.root
        if home.truthStamps[slot] == home.epoch { return home.truths[slot] }
        let truth = compute(home, .none)
        home.truthStamps[slot] = home.epoch
        home.truths[slot] = truth
        return truth
    }
}
