/// Puts the messages of a year in the order in which they arrive, a day at a time.
///
/// Most messages arrive when they happen; an app that was offline delivers hours or days later, and now and then
/// a message is sent twice. Memory holds the messages of the current day and the few that are on their way.
struct Delivery {
    private struct Record {
        let arrival: Int64
        let start: Int
        let count: Int
    }

    private struct DayBuffer {
        var bytes: [UInt8] = []
        var records: [Record] = []
    }

    private var days: [DayBuffer]
    /// Counts only and keeps nothing: how the activity of the shoppers is fitted to a wanted number of messages.
    private let countsOnly: Bool
    private(set) var messages = 0

    /// Bytes handed to the sink at once, about.
    static let chunkBytes = 1 << 18

    init(dayCount: Int, countsOnly: Bool) {
        days = Array(repeating: DayBuffer(), count: dayCount)
        self.countsOnly = countsOnly
    }

    /// Takes a message, a whole line, that arrives at that instant of that day.
    mutating func take(_ line: [UInt8], arrival: Int64, day: Int) {
        messages += 1
        guard !countsOnly else { return }
        days[day].records.append(Record(arrival: arrival, start: days[day].bytes.count, count: line.count))
        days[day].bytes.append(contentsOf: line)
    }

    /// Hands on the messages of a day in the order of arrival and forgets them.
    mutating func flush<Failure: Error>(
        day: Int, to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let buffer = days[day]
        days[day] = DayBuffer()
        var chunk: [UInt8] = []
        chunk.reserveCapacity(min(buffer.bytes.count, Delivery.chunkBytes + 4_096))
        // Where two arrive at once the first written comes first.
        for record in buffer.records.sorted(by: { ($0.arrival, $0.start) < ($1.arrival, $1.start) }) {
            chunk.append(contentsOf: buffer.bytes[record.start..<record.start + record.count])
            if chunk.count >= Delivery.chunkBytes {
                try sink(chunk)
                chunk.removeAll(keepingCapacity: true)
            }
        }
        if !chunk.isEmpty {
            try sink(chunk)
        }
    }
}
