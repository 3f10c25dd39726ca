import SegmentLanguage

/// A value of the plan: one class per kind, shared by all definitions that say the same.
// Sendable because every property of every subclass is a `let` of a Sendable type.
class ValueNode: @unchecked Sendable {
    /// Where frames keep the answer.
    let slot: Int
    let traits: NodeTraits
    /// The value as written, for explanations.
    let source: SegmentLanguage.Value

    init(slot: Int, traits: NodeTraits, source: SegmentLanguage.Value) {
        self.slot = slot
        self.traits = traits
        self.source = source
    }

    /// Finds the value; a node that does not override it is null.
    ///
    /// `until` may stay `never` when the frame wants no validity.
    func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue { TimedValue(.null) }

    /// Fills in the values of some profiles at a sweep's instant. See `BlockSweep`.
    ///
    /// A node that does not override it is asked profile by profile.
    func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        for profile in profiles { column.set(evaluate(sweep.frame(of: profile), .none).value, profile) }
    }

    /// What `fill` fills in.
    func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind { .any }

    /// The node whose values these are.
    var swept: ValueNode { self }

    /// About how much filling in costs beside other nodes.
    var fillingCost: Int { 50 }

    /// What the value can be while the clock goes from the frame's now to `horizon` ms later; see `Bounds`.
    func bounds(_ frame: Frame, _ place: Occurrence, horizon: Int64) -> Bounds {
        let timed = evaluate(frame, place)
        return timed.until > frame.now.addingSaturating(horizon) ? .exact(timed.value) : .unknown
    }

    /// The value as a function of the clock; nil when it is no number, time or duration, or not to be followed so.
    func rational(_ frame: Frame, _ place: Occurrence) -> Rational? {
        traits.clock == .flows ? nil : Rational(evaluate(frame, place).value)
    }

    /// By how many ms a time or duration grows per ms of the clock; nil when that is not constant.
    var slope: Int? { traits.clock == .flows ? nil : 0 }

    /// Until when everything in the value is sure except what moves with the clock as `slope` or `rational` say.
    func untilApartFromSlope(_ frame: Frame, _ place: Occurrence) -> Int64 { evaluate(frame, place).until }

    /// The value, remembered per frame unless it speaks of a single row.
    final func evaluate(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        if traits.readsRow { return compute(frame, place) }
        let home = traits.readsGroup ? frame : frame.root
        if home.valueStamps[slot] == home.epoch { return home.values[slot] }
        let timed = compute(home, .none)
        home.valueStamps[slot] = home.epoch
        home.values[slot] = timed
        return timed
    }
}
