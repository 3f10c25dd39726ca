import EventModel
import Testing

@testable import Server

struct RetryScheduleTests {
    private let start = Timestamp(milliseconds: 1_790_000_000_000)

    @Test(arguments: 0..<50)
    func `waits grow, with some chance in them, and end within a day`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        var now = start
        var tries = 1
        var waits: [Int64] = []
        while let next = RetrySchedule.next(afterTries: tries, firstTry: start, now: now, asked: nil, random) {
            waits.append(next.milliseconds(since: now))
            now = next
            tries += 1
        }
        #expect(now.milliseconds(since: start) <= RetrySchedule.allMilliseconds)
        #expect(waits.count == 7)
        for (wait, usual) in zip(waits.dropLast(), RetrySchedule.waits) {
            #expect((usual...(usual + usual / 5)).contains(wait))
        }
    }

    @Test func `a receiver may ask for more time, not for less, and not for more than a day`() {
        let random = SeededRandomSource(seed: 1)
        func next(asked milliseconds: Int64) -> Int64? {
            RetrySchedule.next(
                afterTries: 1, firstTry: start, now: start, asked: start.adding(milliseconds: milliseconds), random)?
                .milliseconds(since: start)
        }
        #expect(next(asked: 120_000) == 120_000)
        #expect((5_000...6_000).contains(next(asked: 1) ?? 0))
        #expect(next(asked: .max) == RetrySchedule.allMilliseconds)
    }

    @Test func `after a day there is no other try`() {
        let late = start.adding(milliseconds: RetrySchedule.allMilliseconds)
        let random = SeededRandomSource(seed: 1)
        #expect(RetrySchedule.next(afterTries: 1, firstTry: start, now: late, asked: nil, random) == nil)
        #expect(RetrySchedule.next(afterTries: 8, firstTry: start, now: start, asked: nil, random) == nil)
    }
}
