/// The instant of things that never change by the clock alone.
let never = Int64.max

/// An answer, and the earliest instant in ms at which it could be another if no more rows became visible.
struct TimedValue {
    var value: Value
    var until: Int64

    init(_ value: Value, until: Int64 = never) {
        self.value = value
        self.until = until
    }
}

/// Whether a condition holds, and until when that is sure if no more rows became visible.
struct Truth {
    var holds: Bool
    var until: Int64

    init(_ holds: Bool, until: Int64 = never) {
        self.holds = holds
        self.until = until
    }
}
