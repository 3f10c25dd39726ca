/// What a filter or an aggregate's expression speaks of: a row of the block, one of its items, a visit.
struct Occurrence: Hashable {
    /// Row of the block; -1 outside filters.
    var row: Int32
    /// Index into the item table, `ownItem`, or -1 when no item is bound.
    var item: Int32
    /// Index among the profile's visits when the event is a visit, else -1; `row` is its first event.
    var visit: Int32

    init(row: Int, item: Int32 = -1, visit: Int = -1) {
        self.row = Int32(truncatingIfNeeded: row)
        self.item = item
        self.visit = Int32(truncatingIfNeeded: visit)
    }

    /// The event itself stands for its only item.
    static let ownItem: Int32 = -2
    static let none = Occurrence(row: -1)

    func with(item: Int32) -> Occurrence {
        var copy = self
        copy.item = item
        return copy
    }
}

/// A place in a profile's history order.
struct Position: Comparable, Hashable {
    var time: Int64
    var arrival: UInt64

    static let start = Position(time: .min, arrival: 0)
    static let end = Position(time: .max, arrival: .max)

    /// Before everything at `time`.
    init(atStartOf time: Int64) {
        self.init(time: time, arrival: 0)
    }

    /// After everything at `time`.
    init(afterAllOf time: Int64) {
        self.init(time: time.addingSaturating(1), arrival: 0)
    }

    init(time: Int64, arrival: UInt64) {
        self.time = time
        self.arrival = arrival
    }

    /// The next place; arrival numbers never reach the last one.
    var next: Position { Position(time: time, arrival: arrival &+ 1) }

    static func < (left: Position, right: Position) -> Bool {
        left.time != right.time ? left.time < right.time : left.arrival < right.arrival
    }
}
