import EventModel
import SegmentLanguage

/// `hour(t)`, `local_hour(t)` and so on.
final class TimeFunctionNode: ValueNode, @unchecked Sendable {
    let field: TimeField
    let local: Bool
    let argument: ValueNode

    init(slot: Int, source: SegmentLanguage.Value, field: TimeField, local: Bool, argument: ValueNode) {
        self.field = field
        self.local = local
        self.argument = argument
        super.init(slot: slot, traits: argument.traits, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        let timed = argument.evaluate(frame, place)
        guard let time = timed.value.instant(in: frame.evaluator.settings.zone) else {
            return TimedValue(.null, until: timed.until)
        }
        return TimedValue(ClockField.value(field, of: time, in: zone(frame)), until: timed.until)
    }

    override func bounds(_ frame: Frame, _ place: Occurrence, horizon: Int64) -> Bounds {
        let argument = argument.bounds(frame, place, horizon: horizon)
        switch argument {
        case .unknown: return .unknown
        case .exact: return .exact(compute(frame, place).value)
        case .range(.time, let low, let high):
            guard let first = low.asInt(), let last = high.asInt() else { return .unknown }
            let time = Timestamp(milliseconds: Int64(first))
            guard ClockField.nextChange(field, after: time, in: zone(frame)) > last else { return .unknown }
            return .exact(ClockField.value(field, of: time, in: zone(frame)))
        case .range: return .exact(.null)
        }
    }

    /// What it shows stays the same for a while, and that is all there is to follow.
    override func rational(_ frame: Frame, _ place: Occurrence) -> Rational? {
        Rational(evaluate(frame, place).value)
    }

    override var slope: Int? { traits.clock == .flows ? nil : 0 }

    override func untilApartFromSlope(_ frame: Frame, _ place: Occurrence) -> Int64 {
        guard traits.clock == .flows else { return evaluate(frame, place).until }
        return StableStretch.end(from: frame.now) { horizon in
            if case .exact = bounds(frame, place, horizon: horizon) { true } else { false }
        }
    }

    private func zone(_ frame: Frame) -> Zone {
        local ? frame.evaluator.profileZone(frame) : frame.evaluator.settings.zone
    }
}

/// In filters: `hour`, `local_hour` and so on of the event itself.
final class EventFieldNode: ValueNode, @unchecked Sendable {
    let field: TimeField
    let local: Bool

    init(slot: Int, source: SegmentLanguage.Value, field: TimeField, local: Bool) {
        self.field = field
        self.local = local
        super.init(slot: slot, traits: NodeTraits(readsRow: true), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        let evaluator = frame.evaluator
        let time = Timestamp(milliseconds: evaluator.binding.times[Int(place.row)])
        let zone = local ? evaluator.profileZone(frame) : evaluator.settings.zone
        return TimedValue(ClockField.value(field, of: time, in: zone))
    }
}

/// In filters: `time`, the event's own.
final class EventTimeNode: ValueNode, @unchecked Sendable {
    init(slot: Int, source: SegmentLanguage.Value) {
        super.init(slot: slot, traits: NodeTraits(readsRow: true), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        TimedValue(.time(Timestamp(milliseconds: frame.evaluator.binding.times[Int(place.row)])))
    }
}
