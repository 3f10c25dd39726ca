import EventModel

/// One profile seen at one instant, perhaps inside a group: what its nodes have found out so far.
///
/// Frames are reused; a new epoch forgets everything at once.
final class Frame {
    unowned(unsafe) let evaluator: ProfileEvaluator
    /// The evaluation instant, ms; rows after it do not exist.
    private(set) var now: Int64 = 0
    /// Whether answers must say until when they are sure.
    private(set) var wantsValidity = false
    /// The group that restricts the events, if any.
    private(set) var group: GroupContext?
    private unowned(unsafe) var outer: Frame?

    private(set) var epoch: UInt32 = 0
    var valueStamps: [UInt32]
    var values: [TimedValue]
    var truthStamps: [UInt32]
    var truths: [Truth]
    /// The profile's zone, once somebody asked.
    var profileZone: Zone?
    /// The profile's net orders, once somebody asked.
    var netOrders: NetOrders?

    init(evaluator: ProfileEvaluator) {
        self.evaluator = evaluator
        let plan = evaluator.plan
        valueStamps = Array(repeating: 0, count: plan.valueSlots)
        values = Array(repeating: TimedValue(.null), count: plan.valueSlots)
        truthStamps = Array(repeating: 0, count: plan.conditionSlots)
        truths = Array(repeating: Truth(false), count: plan.conditionSlots)
    }

    /// The frame of the same instant outside all groups; itself, when it is in none.
    var root: Frame { outer ?? self }

    /// Turns the frame to another instant, profile or group.
    func reset(now: Int64, wantsValidity: Bool, group: GroupContext?, root: Frame?) {
        if epoch == .max {
            for index in valueStamps.indices { valueStamps[index] = 0 }
            for index in truthStamps.indices { truthStamps[index] = 0 }
            epoch = 0
        }
        epoch += 1
        self.now = now
        self.wantsValidity = wantsValidity
        self.group = group
        outer = root
        profileZone = nil
        netOrders = nil
    }

    /// Takes over what is known of some conditions already, as far as it is sure at now.
    func remember(_ known: [RememberedTruth], slots: [Int]) {
        let (now, epoch) = (now, epoch)
        truthStamps.withUnsafeMutableBufferPointer { stamps in
            truths.withUnsafeMutableBufferPointer { truths in
                for (remembered, slot) in zip(known, slots) where remembered.until > now {
                    stamps[slot] = epoch
                    truths[slot] = remembered.truth
                }
            }
        }
    }

    /// Gives back what was found out about some conditions, apart from those that were remembered; what nobody asked for
    /// stays as it was, not sure at now.
    func recall(_ known: inout [RememberedTruth], slots: [Int]) {
        let (now, epoch) = (now, epoch)
        known.withUnsafeMutableBufferPointer { known in
            truthStamps.withUnsafeBufferPointer { stamps in
                truths.withUnsafeBufferPointer { truths in
                    for (index, slot) in slots.enumerated() where known[index].until <= now && stamps[slot] == epoch {
                        known[index] = RememberedTruth(truths[slot])
                    }
                }
            }
        }
    }
}
