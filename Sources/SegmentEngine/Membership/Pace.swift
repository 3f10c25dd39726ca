/// The steps of a walk along the clock from one instant that something may change at to the next.
///
/// Every answer names such an instant exactly or a little too early. A definition for which nothing better than the
/// next millisecond is known would make a walk endless; after very many steps it goes on by whole minutes.
struct Pace {
    private var steps = 0
    private static let mostExactSteps = 1_000_000
    private static let minute: Int64 = 60_000

    mutating func next(after instant: Int64, until: Int64) -> Int64 {
        steps += 1
        return max(until, instant.addingSaturating(steps > Self.mostExactSteps ? Self.minute : 1))
    }
}
