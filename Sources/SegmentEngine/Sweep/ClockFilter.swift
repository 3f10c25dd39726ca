import EventModel
import EventStore
import SegmentLanguage

/// A condition on the hour, weekday, month or year of the event itself in the workspace zone, and on nothing else of
/// it: decided once for each of them.
final class ClockFilter: RowFilter {
    private let node: ConditionNode
    private let field: TimeField
    private let zone: Zone
    private let times: [Int64]
    private unowned let sweep: BlockSweep
    /// By the field's number: 0 unknown, 1 fails, 2 holds.
    private var verdicts = [UInt8](repeating: 0, count: 64)
    private var verdictOfYear: [Int: Bool] = [:]

    private init(_ node: ConditionNode, _ field: TimeField, _ sweep: BlockSweep) {
        self.node = node
        self.field = field
        self.sweep = sweep
        zone = sweep.evaluator.settings.zone
        times = sweep.binding.times
    }

    /// Nil when the condition is of another kind.
    static func make(_ node: ConditionNode, _ sweep: BlockSweep) -> ClockFilter? {
        guard node.traits.clock == .still, !node.traits.readsGroup else { return nil }
        let values: [ValueNode]
        switch node {
        case let node as CompareNode: values = [node.left, node.right]
        case let node as InNode: values = [node.value] + node.elements
        case let node as BetweenNode: values = [node.low.left, node.low.right, node.high.left, node.high.right]
        default: return nil
        }
        var field: TimeField?
        for value in values where !(value is ConstantNode) {
            guard let value = value as? EventFieldNode, !value.local, value.field != .date,
                field == nil || field == value.field
            else { return nil }
            field = value.field
        }
        return field.map { ClockFilter(node, $0, sweep) }
    }

    override func refine(_ mask: inout RowMask) -> Bool {
        var clock = ZoneClock(zone)
        times.withUnsafeBufferPointer { times in
            mask.filter { decide($0, clock.number(field, at: times[$0])) }
        }
        return true
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        var clock = ZoneClock(zone)
        return decide(row, clock.number(field, at: times[row]))
    }

    private func decide(_ row: Int, _ number: Int) -> Bool {
        guard verdicts.indices.contains(number) else {
            if let known = verdictOfYear[number] { return known }
            let holds = ask(row)
            verdictOfYear[number] = holds
            return holds
        }
        if verdicts[number] == 0 { verdicts[number] = ask(row) ? 2 : 1 }
        return verdicts[number] == 2
    }

    /// The condition reads nothing of the profile, so that any will do.
    private func ask(_ row: Int) -> Bool {
        let frame = sweep.evaluator.frame(at: sweep.now, wantsValidity: false)
        defer { sweep.evaluator.release(frame) }
        return node.evaluate(frame, Occurrence(row: row)).holds
    }
}

/// What clock and calendar of a zone show at one instant after another; remembers the day and the offset.
struct ZoneClock {
    private let zone: Zone
    private var span: Zone.OffsetSpan
    private var dayNumber: Int64 = .min
    private var day = CalendarDay(daysSinceEpoch: 0)

    init(_ zone: Zone) {
        self.zone = zone
        span = zone.offsetSpan(at: Timestamp(milliseconds: 0))
    }

    /// The hour, weekday, month, year, or days since 1970-01-01.
    @inline(__always)
    mutating func number(_ field: TimeField, at time: Int64) -> Int {
        if time < span.start || time >= span.end { span = zone.offsetSpan(at: Timestamp(milliseconds: time)) }
        let local = time.addingSaturating(span.offset)
        var number = local / Timestamp.millisecondsPerDay
        var rest = local % Timestamp.millisecondsPerDay
        if rest < 0 {
            number -= 1
            rest += Timestamp.millisecondsPerDay
        }
        switch field {
        case .hour: return Int(rest / 3_600_000)
        case .date: return Int(number)
        case .weekday, .month, .year: break
        }
        if number != dayNumber {
            dayNumber = number
            day = CalendarDay(daysSinceEpoch: Int32(clamping: number))
        }
        return field == .weekday ? day.weekday : field == .month ? day.month : day.year
    }
}
