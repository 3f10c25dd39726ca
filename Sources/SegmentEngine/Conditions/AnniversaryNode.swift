import EventModel
import SegmentLanguage

/// `T anniversary in next D`, `in last D`, `today`: the day and month of T in a later year.
final class AnniversaryNode: ConditionNode, @unchecked Sendable {
    let value: ValueNode
    let window: AnniversaryWindow

    init(slot: Int, source: Condition, value: ValueNode, window: AnniversaryWindow) {
        self.value = value
        self.window = window
        super.init(
            slot: slot, traits: value.traits.joined(with: NodeTraits(clock: .steps)), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let timed = value.evaluate(frame, place)
        let zone = frame.evaluator.profileZone(frame)
        guard let day = day(timed.value, zone, frame) else { return Truth(false, until: timed.until) }
        let truth = truth(of: day, zone: zone, now: frame.now)
        guard frame.wantsValidity else { return truth }
        let sure = value.traits.clock == .flows ? untilNextDay(frame, place, zone, day) : timed.until
        return Truth(truth.holds, until: min(truth.until, sure))
    }

    /// Day and month count as written; a time is taken to its day in the profile's zone.
    private func day(_ value: Value, _ zone: Zone, _ frame: Frame) -> CalendarDay? {
        switch value {
        case .day(let day, _): return day
        case .time(let time):
            if let literal = self.value as? ConstantNode, case .time(let source) = literal.source.kind, source.isDate {
                return TimeText(source.text)?.day
            }
            return zone.day(of: time)
        case .string(let text):
            guard let written = TimeText(text) else { return nil }
            if written.form == .date { return written.day }
            return written.instant(in: frame.evaluator.settings.zone).map { zone.day(of: $0) }
        default: return nil
        }
    }

    private func truth(of day: CalendarDay, zone: Zone, now: Int64) -> Truth {
        let (last, lastEnd, next) = Self.around(day, now: now, zone: zone)
        switch window {
        case .today:
            let holds = last != nil && lastEnd > now
            return Truth(holds, until: holds ? lastEnd : next)
        case .inLast(let length):
            guard let last else { return Truth(false, until: next) }
            let end = last.addingSaturating(length.milliseconds)
            return end > now ? Truth(true, until: min(end, next)) : Truth(false, until: next)
        case .inNext(let length):
            if next == never { return Truth(false) }
            let start = next.subtractingSaturating(length.milliseconds)
            return start <= now ? Truth(true, until: next) : Truth(false, until: start)
        }
    }

    /// The latest anniversary at or before now with the end of its day, and the first after now (`never`: none).
    static func around(_ day: CalendarDay, now: Int64, zone: Zone) -> (last: Int64?, lastEnd: Int64, next: Int64) {
        let year = zone.day(of: Timestamp(milliseconds: now)).year
        var last: Int64?
        var lastEnd = Int64.min
        for candidate in [year - 2, year - 1, year, year + 1, year + 2] + [day.year + 1] where candidate > day.year {
            guard let anniversary = day.anniversary(inYear: candidate) else { continue }
            let start = zone.startOfDay(anniversary).milliseconds
            guard start <= now, start > last ?? .min else { continue }
            last = start
            lastEnd = zone.startOfDay(anniversary.adding(days: 1)).milliseconds
        }
        var next = never
        for candidate in [year - 1, year, year + 1, year + 2] + [day.year + 1] where candidate > day.year {
            guard let anniversary = day.anniversary(inYear: candidate) else { continue }
            let start = zone.startOfDay(anniversary).milliseconds
            if start > now { next = min(next, start) }
        }
        return (last, lastEnd, next)
    }

    /// Until when a T that moves with the clock stays on its day.
    private func untilNextDay(_ frame: Frame, _ place: Occurrence, _ zone: Zone, _ day: CalendarDay) -> Int64 {
        StableStretch.end(from: frame.now) { horizon in
            guard case .range(.time, let low, let high) = value.bounds(frame, place, horizon: horizon),
                let first = low.asInt(), let last = high.asInt()
            else { return false }
            return zone.day(of: Timestamp(milliseconds: Int64(first))) == day
                && zone.day(of: Timestamp(milliseconds: Int64(last))) == day
        }
    }

    override func explain(_ frame: Frame) -> Explanation { Explanation(value: value, self, frame) }
}
