import EventModel

/// When a message that was not taken is tried again: after growing waits, for a day at most.
///
/// The waits are those of the Standard Webhooks specification; the last ones are cut so that the day is not exceeded.
enum RetrySchedule {
    static let waits: [Int64] = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000]
    static let allMilliseconds: Int64 = 24 * 3_600_000

    /// The instant of the next try; nil when there is none, and the message is a dead letter.
    ///
    /// - Parameters:
    ///   - tries: how often it was tried, at least once.
    ///   - asked: when the receiver wants to be asked again. It may lengthen a wait, and never shortens it.
    static func next(
        afterTries tries: Int, firstTry: Timestamp, now: Timestamp, asked: Timestamp?, _ random: any RandomSource
    ) -> Timestamp? {
        let last = firstTry.adding(milliseconds: allMilliseconds)
        guard tries >= 1, tries <= waits.count, now < last else { return nil }
        let wait = waits[tries - 1]
        // Up to a fifth longer, so that what failed together does not come back together.
        let jitter = Int64(random.next() % UInt64(wait / 5))
        let due = now.adding(milliseconds: wait + jitter)
        return min(max(due, asked ?? due), last)
    }
}
