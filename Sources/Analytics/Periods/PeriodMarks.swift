import EventModel
import EventStore
import SegmentEngine

/// Which profiles of a block did something in which calendar periods.
struct PeriodMarks {
    /// Up to so many words of bits are kept for a block; a block whose profiles lie thousands of years apart has
    /// sorted pairs instead.
    private static let mostWords = 1 << 22

    /// The period of bit 0.
    private var base = 0
    private var wordsPerProfile = 0
    /// A bit a period, profile by profile.
    private var words: [UInt64] = []
    /// Where there are no words: periods by profile, ascending, each once.
    private var lists: [Int: [Int]] = [:]

    /// Marks the periods in which profiles have rows of a query.
    ///
    /// - Parameter notBefore: rows before this time, by profile, do not count; nil: all do.
    init(_ reader: EventRows.Reader, query: Int, clock: inout PeriodClock, notBefore: [Int64]? = nil) {
        let block = reader.block
        guard let first = block.firstTimes.min(), let last = block.lastTimes.max(), first <= reader.now else { return }
        // One more at each end, for clocks that go back over midnight.
        base = clock.number(at: first) - 1
        let count = clock.number(at: min(last, reader.now)) - base + 2
        wordsPerProfile = (count + 63) / 64
        let isDense = wordsPerProfile <= Self.mostWords / max(block.profileCount, 1)
        if isDense { words = Array(repeating: 0, count: wordsPerProfile * block.profileCount) }
        block.times.withUnsafeBufferPointer { times in
            reader.forEachStretch(of: query) { profile, rows in
                var rows = rows
                if let start = notBefore?[profile] {
                    while let row = rows.first, times[row] < start { rows.removeFirst() }
                }
                clock.forEachPart(of: rows, times) { number, _ in
                    if isDense { mark(profile, number) } else { lists[profile, default: []].append(number) }
                }
            }
        }
        for (profile, numbers) in lists { lists[profile] = Set(numbers).sorted() }
    }

    @inline(__always)
    private mutating func mark(_ profile: Int, _ number: Int) {
        let bit = number - base
        words[profile * wordsPerProfile + bit >> 6] |= 1 << UInt64(bit & 63)
    }

    /// Calls `body` with the periods of a profile, ascending.
    @inline(__always)
    func forEachPeriod(of profile: Int, _ body: (Int) -> Void) {
        if words.isEmpty {
            for number in lists[profile] ?? [] { body(number) }
            return
        }
        for index in 0..<wordsPerProfile {
            var word = words[profile * wordsPerProfile + index]
            while word != 0 {
                body(base + index * 64 + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }
}
