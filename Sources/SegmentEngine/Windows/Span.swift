/// The stretch of history order that a window is at one instant, and how it moves with the clock.
struct Span {
    /// The first place inside.
    var start: Position
    /// The first place after.
    var end: Position
    /// A row inside leaves this many ms after its own time; nil when it does not leave by its age.
    var leavesAfter: Int64?
    /// A row after the end enters this many ms after its own time; nil when it does not enter by its age.
    var entersAfter: Int64?
    /// The instant at which rows inside leave and rows after the end enter, whatever their age.
    var boundary = never
    /// Until when all this is sure, if no more rows became visible.
    var until = never

    init(start: Position = .start, end: Position) {
        self.start = start
        self.end = end
    }

    /// Nothing at all.
    static let empty = Span(start: .end, end: .start)

    /// When a row inside, at `time`, leaves.
    func exit(of time: Int64) -> Int64 { leavesAfter.map { time.addingSaturating($0) } ?? boundary }

    /// When a visible row after the end, at `time`, enters.
    func entry(of time: Int64) -> Int64 { entersAfter.map { time.addingSaturating($0) } ?? boundary }

    /// Whether visible rows after the end can enter by the clock.
    var hasEntries: Bool { entersAfter != nil || boundary != never }
}
