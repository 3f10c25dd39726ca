import EventModel
import EventStore
import SegmentLanguage

/// `can receive C`: consent for C's purpose is granted, there is an address, and nothing since forbids it.
final class CanReceiveNode: ConditionNode, @unchecked Sendable {
    let channel: Text
    let lookup: ConsentLookup
    /// Top-level trait columns that may hold the address; the first with one counts.
    private let addressColumn: Int?

    init(slot: Int, source: Condition, channel: Text, lookup: ConsentLookup, addressColumn: Int?) {
        self.channel = channel
        self.lookup = lookup
        self.addressColumn = addressColumn
        super.init(slot: slot, traits: .constant, source: source)
    }

    /// The trait that holds the address of a channel.
    static func addressTrait(of channel: Text) -> Text? {
        switch channel {
        case "email": "email"
        case "sms": "phone"
        case "web_push": "push_subscription"
        default: nil
        }
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        guard let consent = lookup.last(frame), consent.state == .granted, hasAddress(frame) else {
            return Truth(false)
        }
        return Truth(!isBlocked(since: consent.position, frame))
    }

    func hasAddress(_ frame: Frame) -> Bool {
        if let addressColumn {
            switch frame.evaluator.trait(top: addressColumn, column: addressColumn, frame) {
            case .null, .string(""): break
            case .bool(false) where channel == "web_push": break
            case .list, .object: if channel == "web_push" { return true }
            default: return true
            }
        }
        return channel == "web_push" && hasPushSubscription(frame)
    }

    /// Whether a `Push Subscribed` has no later `Push Unsubscribed`.
    private func hasPushSubscription(_ frame: Frame) -> Bool {
        guard let subscribed = last(EventName.pushSubscribed, frame) else { return false }
        guard let unsubscribed = last(EventName.pushUnsubscribed, frame) else { return true }
        return unsubscribed < subscribed
    }

    private func last(_ name: Text, _ frame: Frame) -> Position? {
        let evaluator = frame.root.evaluator
        guard let code = evaluator.block.code(ofEvent: name) else { return nil }
        let run = evaluator.visibleRun(code, frame.root)
        return run.count > 0 ? evaluator.position(of: run[run.count - 1]) : nil
    }

    /// Whether an unsubscription, a hard bounce or a suppression of the channel came after a place in history.
    func isBlocked(since position: Position, _ frame: Frame) -> Bool {
        let evaluator = frame.root.evaluator
        let columns = lookup.columns
        return [EventName.unsubscribed, EventName.messageBounced, EventName.suppressed].contains { name in
            guard let code = evaluator.block.code(ofEvent: name) else { return false }
            let run = evaluator.visibleRun(code, frame.root)
            return (0..<run.count).contains { index in
                let row = run[index]
                guard evaluator.position(of: row) > position,
                    evaluator.binding.value(columns.channel, at: row) == .string(channel)
                else { return false }
                return name != EventName.messageBounced
                    || evaluator.binding.value(columns.type, at: row) == .string("hard")
            }
        }
    }
}
