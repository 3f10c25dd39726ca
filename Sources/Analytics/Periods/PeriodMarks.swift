import EventModel
import EventStore
import SegmentEngine

/// Which profiles of a block did something in which calendar periods.
struct PeriodMarks {
    /// The period of bit 0.
    private var base = 0
    private var wordsPerProfile = 0
    /// A bit a period, profile by profile.
    private var words: [UInt64] = []
    /// Where there is no table of periods: those of each profile, ascending, each once.
    private var lists: [Int: [Int]] = [:]

    /// Marks the periods in which profiles have rows of a query.
    ///
    /// - Parameter notBefore: rows before this time, by profile, do not count; nil: all do.
    init(_ reader: EventRows.Reader, query: Int, finder: inout PeriodFinder, notBefore: [Int64]? = nil) {
        let block = reader.block
        guard let first = block.firstTimes.min(), let last = block.lastTimes.max(), first <= reader.now else { return }
        if let table = finder.table(from: first, through: min(last, reader.now)) {
            mark(reader, query, table, notBefore)
        } else {
            list(reader, query, &finder, notBefore)
        }
    }

    private mutating func mark(
        _ reader: EventRows.Reader, _ query: Int, _ table: PeriodTable, _ notBefore: [Int64]?
    ) {
        base = table.base
        let width = (table.count + 63) / 64
        wordsPerProfile = width
        let size = width * reader.block.profileCount
        words = [UInt64](unsafeUninitializedCapacity: size) { words, initialized in
            words.initialize(repeating: 0)
            initialized = size
            reader.block.times.withUnsafeBufferPointer { times in
                table.withPlaces { places in
                    reader.forEachStretch(of: query) { profile, rows in
                        precondition(rows.upperBound <= times.count, "rows past the end")
                        let rows = notBefore.map { Self.cut(rows, to: $0[profile], times) } ?? rows
                        if width == 1 {
                            var word: UInt64 = 0
                            for row in rows { word |= 1 << UInt64(places.place(of: times[row])) }
                            words[profile] |= word
                        } else {
                            for row in rows {
                                let bit = places.place(of: times[row])
                                words[profile * width + bit >> 6] |= 1 << UInt64(bit & 63)
                            }
                        }
                    }
                }
            }
        }
    }

    private mutating func list(
        _ reader: EventRows.Reader, _ query: Int, _ finder: inout PeriodFinder, _ notBefore: [Int64]?
    ) {
        let times = reader.block.times
        reader.forEachStretch(of: query) { profile, rows in
            for row in rows where times[row] >= notBefore?[profile] ?? .min {
                lists[profile, default: []].append(finder.number(at: times[row]))
            }
        }
        for (profile, numbers) in lists { lists[profile] = Set(numbers).sorted() }
    }

    /// The rows, in history order, at or after a time.
    private static func cut(_ rows: Range<Int>, to time: Int64, _ times: UnsafeBufferPointer<Int64>) -> Range<Int> {
        var start = rows.lowerBound
        while start < rows.upperBound, times[start] < time { start += 1 }
        return start..<rows.upperBound
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
